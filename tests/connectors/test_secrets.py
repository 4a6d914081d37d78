"""Secrets by reference, and tokens that outlive a run."""

from __future__ import annotations

import stat
from collections.abc import Generator
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.errors import KeyringLocked

from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields
from escalation_connectors.secret import needed, secret
from escalation_connectors.tokens import FileTokens, KeyringTokens, Tokens


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1.0  # pyright: ignore[reportIncompatibleVariableOverride,reportAssignmentType]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring has it so
        self.kept = {("crm", "key"): "s3cret"}

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringLocked("theirs")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Generator[Ring]:
    ring = Ring()
    before = keyring.get_keyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def of(reference: str) -> str:
    return secret(Fields({"token": reference}, "c.yaml: crm"), "token", {"KEY": "from the environment", "ODD": "a\nb"})


def test_a_secret_is_where_the_reference_says(tmp_path: Path, ring: Ring) -> None:
    kept = tmp_path / "token"
    kept.write_text("from a file \nsecond line\n")

    assert (of("env:KEY"), of(f"file:{kept}"), of("keyring:crm/key")) == (
        "from the environment",
        "from a file",
        "s3cret",
    )
    assert of("") == ""


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ("hunter2", "must say where the secret is kept"),
        ("env:NONE", "env:NONE: this environment variable is not set"),
        ("env:ODD", "holds characters that no secret has"),
        ("file:/no/such/file", "this file cannot be read, or is empty"),
        ("file:/", "this file cannot be read, or is empty"),
        ("keyring:crm/none", "the keyring holds no such entry"),
        ("keyring:crm", "the keyring holds no such entry"),
    ],
)
def test_what_is_missing_is_named_and_no_secret_shown(reference: str, line: str, ring: Ring) -> None:
    with pytest.raises(InputError) as caught:
        of(reference)
    assert str(caught.value).startswith("c.yaml: crm.token: ")
    assert line in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_locked_keyring_is_told(ring: Ring) -> None:
    with pytest.raises(InputError, match="keyring:locked/x: the keyring cannot be read"):
        of("keyring:locked/x")


def test_a_secret_that_must_be_there() -> None:
    with pytest.raises(InputError, match=r"crm\.token: missing"):
        needed(Fields({}, "c.yaml: crm"), "token", {})


def test_tokens_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    store = FileTokens(tmp_path / "tokens")
    assert store.load("../zendesk") is None
    store.save("../zendesk", Tokens("a", "r", 5.0))
    store.save("../zendesk", Tokens("b", "r", 6.0))

    (file,) = (tmp_path / "tokens").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("---zendesk.json", 0o600)
    assert store.load("../zendesk") == Tokens("b", "r", 6.0)
    assert "b" not in repr(Tokens("b"))
    file.write_text("{")
    assert store.load("../zendesk") is None


def test_tokens_can_be_kept_in_the_keyring(ring: Ring) -> None:
    assert KeyringTokens().load("zendesk") is None
    KeyringTokens().save("zendesk", Tokens("a"))
    assert KeyringTokens().load("zendesk") == Tokens("a")


def test_a_relative_file_is_seen_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")

    assert secret(Fields({"token": "file:token"}, "c.yaml: crm"), "token", {}, tmp_path) == "s3cret"


@pytest.mark.parametrize("pasted", ["xoxb-12-ab", "sk_live_9aX", "9f86d081884c7d65", "AbCdEf"])
def test_a_secret_that_stands_where_a_name_belongs_is_not_shown(pasted: str) -> None:
    with pytest.raises(InputError) as caught:
        of(f"env:{pasted}")
    assert pasted not in str(caught.value)
    assert "c.yaml: crm.token: env: must be followed by the name of a variable" in str(caught.value)


def test_a_locked_keyring_names_the_key(ring: Ring) -> None:
    with pytest.raises(InputError, match=r"c\.yaml: crm\.token: keyring:locked/x: the keyring cannot be read"):
        of("keyring:locked/x")
