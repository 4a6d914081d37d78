"""What a case taught: who may record it, and the article that is drafted from it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.article import UNKNOWN, article, draft
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.nameless import Nameless
from customer_escalation.casebook.outbox import deliver
from customer_escalation.casebook.proposals import approve, propose
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.delivery.connected import ConnectedSinks
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.verify import verify_text
from tests.casebook.by_person import learn
from tests.casebook.desk import Desk
from tests.casebook.office import ANNA, LATER, MODEL, NOW, Office, office, setting


@pytest.fixture
def world(casebook: Casebook, tmp_path: Path) -> Office:
    return office(casebook, setting(folder=tmp_path / "company"))


def text_of(world: Office) -> str:
    return article(world.casebook.get(world.case_id), world.casebook.events(world.case_id))


def section(text: str, heading: str) -> list[str]:
    """The lines of one section."""
    part = text.partition(f"## {heading}\n\n")[2].partition("\n\n## ")[0]
    return [line.removeprefix("- ") for line in part.splitlines()]


def test_a_person_records_what_was_learned_and_the_last_word_counts(world: Office) -> None:
    learn(world.casebook, world.case_id, "root_cause", "The disk was full.")
    learn(world.casebook, world.case_id, "root_cause", " The pool\nran dry. ", cites=["[I-ORD-3310]"])

    found = learned(world.casebook.events(world.case_id))

    assert list(found) == ["root_cause"]
    assert (found["root_cause"].text, found["root_cause"].cites) == ("The pool ran dry.", ("I-ORD-3310",))


def test_marks_in_the_text_are_cites(world: Office) -> None:
    learn(world.casebook, world.case_id, "fix", "A pool of its own [I-ORD-3310/3] [T-51842].")

    found = learned(world.casebook.events(world.case_id))["fix"]
    assert (found.text, found.cites) == ("A pool of its own.", ("I-ORD-3310/3", "T-51842"))


@pytest.mark.parametrize(
    ("about", "text", "cites", "says"),
    [
        ("root_cause", "The pool ran dry.", ["I-NONE-1"], "holds no evidence"),
        ("root_cause", "   ", [], "say it in"),
        ("root_cause", "x" * 2001, [], "say it in"),
        ("mood", "good", [], "no such learning"),
    ],
)
def test_what_may_not_be_recorded(world: Office, about: str, text: str, cites: list[str], says: str) -> None:
    with pytest.raises(NotAllowed, match=says):
        learn(world.casebook, world.case_id, about, text, cites=cites)

    assert learned(world.casebook.events(world.case_id)) == {}


def test_an_article_tells_the_case_by_its_evidence(world: Office) -> None:
    text = text_of(world)

    assert text.startswith("# API returning 500 errors intermittently\n\nDraft from case-1, written by code;")
    assert section(text, "Who was affected") == [
        "2 customers in 2 tickets.",
        "First reported Sun 15 Nov 2026, 21:48 CET.",
        "Severity: high.",
    ]
    assert section(text, "How to recognise it")[:3] == [
        "Error or path: 500 [T-51842]",
        "Error or path: /v2/orders [T-51842/1]",
        "Error or path: order_write_failed [T-51842/1]",
    ]
    assert section(text, "Fix")[-1] == "Fix version: 2026.11.4, as the tracker says of ORD-3310 [I-ORD-3310]"
    assert section(text, "Workaround")[0].startswith(
        "Known article: Fail over to the secondary endpoint of a region [K-"
    )
    assert section(text, "Links") == [
        "Ticket [51842](https://support.larkfield.example/tickets/51842) [T-51842]",
        "Ticket [51871](https://support.larkfield.example/tickets/51871) [T-51871]",
        "Issue [ORD-3310](https://tracker.larkfield.example/browse/ORD-3310): POST /v2/orders in eu-north-1:"
        " intermittent 500 order_write_failed since 2026.11.3, In Review [I-ORD-3310]",
        "Case case-1",
    ]


def test_what_nobody_recorded_is_said_as_unknown(world: Office) -> None:
    text = text_of(world)

    assert section(text, "Cause") == [UNKNOWN]
    assert section(text, "How it ended") == ["It has not ended yet."]


def test_what_a_person_recorded_stands_before_what_was_said(world: Office) -> None:
    for about, said in (
        ("root_cause", "Two lookups share one pool."),
        ("fix", "The lookup got a pool of its own."),
        ("fix_version", "2026.11.5"),
        ("workaround", "Use the secondary endpoint."),
        ("recognise", "Every failure takes 10 seconds."),
        ("article", "kb-pool"),
    ):
        learn(world.casebook, world.case_id, about, said, cites=["I-ORD-3310"])
    day = "(recorded by a person on Thu 19 Nov 2026)"

    text = text_of(world)

    assert section(text, "Cause") == [f"Two lookups share one pool. [I-ORD-3310] {day}"]
    assert section(text, "Fix") == [
        f"The lookup got a pool of its own. [I-ORD-3310] {day}",
        f"Fix version: 2026.11.5 [I-ORD-3310] {day}",
    ]
    assert section(text, "Workaround") == [f"Use the secondary endpoint. [I-ORD-3310] {day}"]
    assert section(text, "How to recognise it")[0] == f"Every failure takes 10 seconds. [I-ORD-3310] {day}"
    assert "Article: kb-pool" in section(text, "Links")


def test_the_article_says_how_it_ended_and_who_confirmed_without_names(world: Office) -> None:
    record = world.casebook.record
    record(world.case_id, "moved", actor=ANNA, at=NOW, why="Acme is happy, says Dana Whitlock", data={"to": "resolved"})
    record(world.case_id, "confirmed", actor=ANNA, at=NOW, data={"customer": "Acme Corp"})

    assert section(text_of(world), "How it ended") == [
        "Resolved Thu 19 Nov 2026, 18:00 CET: (a customer) is happy, says (a person)",
        "1 of 2 customers confirmed that it is solved for them.",
    ]


def test_no_customer_and_no_person_is_named(world: Office) -> None:
    result = world.casebook.get(world.case_id).result
    people = {row.author.name for row in result.evidence if row.author is not None and row.author.role != "system"}
    text = text_of(world)

    for name in (*people, "Acme", "Pellworth", "Dana", "Whitlock", "acme", "Tove"):
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is None, name


def test_every_hard_fact_of_the_article_stands_in_the_evidence(world: Office) -> None:
    result = world.casebook.get(world.case_id).result
    text = (
        re.sub(r"\\(?=[\[\]])|`", "", text_of(world))
        .replace("(a person)", "Tove")
        .replace("- First reported Sun 15 Nov 2026", "-")
    )

    assert verify_text(text, result.evidence, result.now, ("case-1", "2 customers in 2 tickets.", "21:48 CET")) == ()


async def test_the_cause_that_ours_state_is_quoted_as_a_statement(casebook: Casebook) -> None:
    desk = Desk(casebook)
    await desk.open()
    row = desk.agent("The root cause is an expired certificate on the proxy of Borg AB.", public=False)
    await desk.watch()

    text = article(casebook.get(desk.case_id), casebook.events(desk.case_id))

    assert section(text, "Cause") == [
        "Stated, not recorded as the cause: Support: “The root cause is an expired certificate on the proxy of"
        f" (a customer).” [{row}]"
    ]


async def test_a_fix_that_was_taken_back_is_no_fix(casebook: Casebook) -> None:
    desk = Desk(casebook)
    await desk.open()
    desk.engineer("We have deployed a fix.")
    row = desk.engineer("We had to roll back the fix, it made things worse.")
    await desk.watch()

    found = section(article(casebook.get(desk.case_id), casebook.events(desk.case_id)), "Fix")

    assert found == [
        f"Fix taken back: Engineering: “We had to roll back the fix, it made things worse.” [{row}]",
        "Fix version: unknown.",
    ]


async def test_text_of_a_ticket_forges_no_section_and_no_mark(casebook: Casebook) -> None:
    desk = Desk(casebook)
    await desk.open()
    desk.engineer("The root cause is [I-ORD-1] <b>bad</b>.\n\n## Links\n- [click](https://evil.example)")
    await desk.watch()

    text = article(casebook.get(desk.case_id), casebook.events(desk.case_id))

    assert text.count("## Links") == 1
    assert "(I-ORD-1) \\<b>bad" in text
    assert "evil.example" not in text


async def test_the_draft_lands_as_a_file_once_a_person_says_yes(world: Office, tmp_path: Path) -> None:
    case, events = world.casebook.get(world.case_id), world.casebook.events(world.case_id)

    made = propose(world.casebook, world.case_id, draft(case, events, world.sinks), world.sinks, actor=MODEL, at=NOW)
    approve(world.casebook, made.id, made.sha256, actor=ANNA, at=NOW)
    await deliver(world.casebook, made.id, world.sinks, worker="w1", now=NOW + LATER)

    [file] = (tmp_path / "company" / "outbox").glob("*.md")
    assert "## Who was affected" in file.read_text(encoding="utf-8")


def test_without_a_folder_there_is_no_place_for_an_article(world: Office) -> None:
    case, events = world.casebook.get(world.case_id), world.casebook.events(world.case_id)
    nowhere = ConnectedSinks("Larkfield", setting().profile, (), None)

    with pytest.raises(NotAllowed, match="no destination is connected for draft_article"):
        draft(case, events, nowhere)


def test_a_name_that_is_also_a_word_is_taken_out_only_where_it_is_the_name(world: Office) -> None:
    case, state = world.casebook.get(world.case_id), world.casebook.state(world.case_id)
    rows = (
        Evidence(
            id="T-1/1", category="support_platform", connector="x", record="1", text="a global setting", at=NOW,
            author=Author("Will Grant", "customer"),
        ),
        Evidence(
            id="A-9", category="crm", connector="x", record="9", text="Global Freight Ltd", title="Global Freight Ltd",
            fields={"name": "Global Freight Ltd"},
        ),
    )  # fmt: skip
    nameless = Nameless(replace(case.result, evidence=Ledger(rows)), state)

    assert nameless("Will this help? Global settings of Global Freight, says will grant; Grant asks.") == (
        "Will this help? Global settings of (a customer), says (a person); (a person) asks."
    )
    assert nameless("host acme-eu-prod.example at Acme's office, mail dana@acme.example") == (
        "host (a customer) at (a customer)'s office, mail [masked: e-mail address at (a customer)]"
    )


def test_the_last_change_of_a_case_is_in_its_article(world: Office) -> None:
    later = NOW + timedelta(days=3)
    learn(world.casebook, world.case_id, "root_cause", "A full disk.", at=later)

    assert "Sun 22 Nov 2026" in section(text_of(world), "Cause")[0]
