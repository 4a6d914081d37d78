"""Who somebody is: by a token, a signed subject or the account of this machine; and what they may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from customer_escalation import settings
from customer_escalation.people import NotTheirs, People, Person, read
from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields

ANNA, BEN = "anna-has-a-long-token", "ben-has-another-token"
ENVIRONMENT = {"ANNA": ANNA, "BEN": BEN, "SHORT": "short"}


def people(**named: dict[str, object]) -> People:
    return read(Fields({"people": named}, "escalation.yaml").fields("people"), ENVIRONMENT)


def test_a_person_is_known_by_a_token_or_a_subject() -> None:
    known = people(
        anna={"teams": ["support", "billing"], "approves": True, "token": "env:ANNA"},
        ben={"teams": ["billing"], "token": "env:BEN", "subject": "auth0|123"},
    )
    anna, ben = Person("anna", ("support", "billing")), Person("ben", ("billing",), approves=False)

    assert (known.of_token(ANNA), known.of_token(BEN), known.of_subject("auth0|123")) == (anna, ben, ben)
    assert [known.of_token(wrong) for wrong in ("", "guess", ANNA[:-1], ANNA + "x", "\u00e9")] == [None] * 5
    assert [known.of_subject(wrong) for wrong in ("", "auth0|124")] == [None] * 2


def test_without_people_whoever_sits_at_the_machine_may_do_everything() -> None:
    somebody = People().at_machine("kim")

    assert (somebody, somebody.sees, somebody.actor) == (Person("kim"), None, "person:kim")
    somebody.must_approve()


def test_with_people_only_those_who_are_named_may_approve() -> None:
    known = people(anna={"teams": "all", "approves": True}, ben={"teams": []})

    known.at_machine("anna").must_approve()
    assert known.at_machine("anna").sees is None
    for name in ("ben", "kim"):
        assert known.at_machine(name).sees == ("",)
        with pytest.raises(NotTheirs, match=f"^{name} may not approve; `people` in the configuration says who may"):
            known.at_machine(name).must_approve()


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"teams": "support"}, "people.anna.teams: must be a list, not text"),
        ({"teams": ["support", " "]}, "people.anna.teams: holds an empty name"),
        ({"approves": "yes"}, "people.anna.approves: must be true or false, not 'yes'"),
        ({"token": ANNA}, "people.anna.token: must say where the secret is kept: env:NAME, file:PATH or"),
        ({"token": "env:NOT_SET"}, "people.anna.token: env:NOT_SET: this environment variable is not set"),
        ({"token": "env:SHORT"}, "people.anna.token: at least 16 characters, this one has 5"),
        ({"role": "lead"}, "people.anna.role: unknown; known are teams, approves, token, subject"),
    ],
)
def test_a_mistake_is_named_without_the_token(fields: dict[str, object], line: str) -> None:
    with pytest.raises(InputError) as caught:
        people(anna=fields)

    assert str(caught.value).startswith(f"escalation.yaml: {line}")
    assert ANNA not in str(caught.value)


def test_two_people_need_two_tokens_and_names_that_can_be_typed() -> None:
    with pytest.raises(InputError, match=r"people\.ben\.token: is anna's too; each needs one of their own"):
        people(anna={"token": "env:ANNA"}, ben={"token": "env:ANNA"})
    with pytest.raises(InputError, match=r"people\.a b: not a name of letters, digits"):
        people(**{"a b": dict[str, object]()})


def test_the_configuration_file_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "escalation.yaml"
    file.write_text("people: {anna: {teams: [support], approves: true, token: 'env:ANNA'}}\n", encoding="utf-8")
    monkeypatch.setenv("ANNA", ANNA)

    assert settings.people(file).of_token(ANNA) == Person("anna", ("support",))
    assert not settings.people(None)


def test_the_casebook_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.casebook_url() == tmp_path / "home" / "data" / "casebook.sqlite3"

    monkeypatch.setenv("CUSTOMER_ESCALATION_DATABASE", "postgresql://anna@db.test/cases")
    assert settings.casebook_url() == "postgresql://anna@db.test/cases"

    monkeypatch.setenv("CUSTOMER_ESCALATION_DATABASE", "mysql://anna:secret@db.test/cases")
    with pytest.raises(InputError, match="CUSTOMER_ESCALATION_DATABASE: not an address") as caught:
        settings.casebook_url()
    assert "secret" not in str(caught.value)


def test_the_account_of_this_machine_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "kim")
    assert settings.account() == "kim"

    def nameless() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nameless)
    assert settings.account() == "somebody"
