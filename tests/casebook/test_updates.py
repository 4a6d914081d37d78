"""The words that go with a reminder: true, no more than the reader may know, and no promise that nobody made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from customer_escalation.casebook.clocks import Clock
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.updates import NOTHING_NEW, draft
from tests.casebook.opened import opened

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SECRETS = ("Borg", "Engineering", "critical", "ORD-3310", "connection pool", "anna")
Step = tuple[Kind, str, dict[str, Value]]


def events(*steps: Step) -> tuple[Event, ...]:
    """An open case of two customers, then these steps, an hour apart."""
    whole: tuple[Step, ...] = (("opened", "", opened("Acme", "Borg")), *steps)
    return tuple(
        Event(number, AT + timedelta(hours=number - 1), "person:anna", kind, why, data)
        for number, (kind, why, data) in enumerate(whole, 1)
    )


def text(kind: str, *steps: Step, hours: float = 9) -> str:
    """The draft nine hours after the case was opened."""
    made = Clock(
        name=kind, kind="internal" if kind == "internal" else "customer", due_at=AT, since=AT,
        customer="" if kind == "internal" else "Acme",
    )  # fmt: skip
    return draft("case-1", "Orders fail with 500 for Acme", events(*steps), made, AT + timedelta(hours=hours))


def to_acme(*steps: Step, hours: float = 9) -> str:
    """What Acme would read: always addressed to them, about their ticket, without anything internal."""
    said = text("customer:Acme", *steps, hours=hours)
    opening, rest = said.split("\n\n")
    assert opening == "Hello Acme,"
    assert rest.startswith("about your ticket T-1: ")
    assert [word for word in SECRETS if word in said] == []
    return rest.removeprefix("about your ticket T-1: ")


TOLD: Step = ("told", "by mail", {"customer": "Acme"})
FURTHER = "This is a further update after that of 23 November, 15:00 UTC."
WAY: Step = ("learned", "", {"workaround": "switch ORD-3310 to the second connection pool"})
CAUSE: Step = ("learned", "", {"root_cause": "the connection pool of ORD-3310 runs dry"})


def moved(to: str) -> Step:
    return ("moved", "", {"to": to})


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "Your report is with the team that can solve it."),
        ((moved("acknowledged"),), "The team that can solve it has confirmed that it has your report."),
        ((moved("in_progress"), CAUSE), "The team is working on it. Its cause has been found."),
        ((TOLD, ("severity", "", {"to": "critical"})),
         f"{FURTHER} Your report is with the team that can solve it. We have given it a higher priority."),
        ((moved("in_progress"), TOLD),
         "Since our update of 23 November, 16:00 UTC " + f"{NOTHING_NEW} The team is working on it."),
        ((moved("in_progress"), CAUSE, TOLD),
         "Since our update of 23 November, 17:00 UTC " + f"{NOTHING_NEW} The team is working on it."
         " Its cause has been found."),
        ((WAY,), "Your report is with the team that can solve it."
         " There is a way around it until then; tell us if you want help with it."),
        ((TOLD, moved("in_progress")), f"{FURTHER} The team is working on it."),
        ((moved("fix_pending"),), "A way to solve it has been found; it has not reached you yet."),
        ((TOLD, moved("resolved")),
         "The problem has been solved on our side. Please try it again and tell us whether it works for you."),
        ((("de_escalated", "", {"condition": "workaround"}),),
         "There is a way around it. Our support team has taken it over again from the specialists."
         " Please tell us whether anything is still open for you."),
        ((moved("resolved"), TOLD),
         "We told you on 23 November, 16:00 UTC how it ended for us."
         " Is it solved for you? A short yes is enough; if not, tell us what you still see."),
    ],
)  # fmt: skip
def test_a_customer_reads_how_it_stands_and_what_is_new(steps: tuple[Step, ...], said: str) -> None:
    assert to_acme(*steps).partition(" You hear from us again by ")[0] == said


def test_a_customer_reads_when_they_hear_from_us_again_until_it_is_over() -> None:
    promise: Step = ("promised", "a first answer", {"to": "Acme", "due_at": "2026-11-24T01:00:00+00:00"})

    assert to_acme().endswith(" You hear from us again by 24 November, 07:00 UTC at the latest.")
    assert to_acme(promise).endswith(" You hear from us again by 24 November, 01:00 UTC at the latest.")
    assert "hear from us" not in to_acme(moved("resolved"))


def test_two_updates_in_a_row_are_not_the_same() -> None:
    assert to_acme() != to_acme(TOLD)
    assert to_acme(TOLD) != to_acme(TOLD, TOLD)


def test_a_lower_severity_is_no_news_for_the_customer() -> None:
    assert "priority" not in to_acme(TOLD, ("severity", "", {"to": "medium"}))


def test_a_promise_stands_until_its_time_and_is_owned_up_to_after() -> None:
    promise: Step = ("promised", "a first answer", {"to": "Acme", "due_at": "2026-11-24T11:00:00+00:00"})

    assert "What we promised you for 24 November, 11:00 UTC stands." in to_acme(promise)
    assert "promised you, 24 November, 11:00 UTC, has passed. We are sorry" in to_acme(promise, hours=30)


def test_what_was_promised_to_another_customer_is_not_said() -> None:
    promise: Step = ("promised", "a first answer", {"to": "Borg", "due_at": "2026-11-24T11:00:00+00:00"})

    assert "promised" not in to_acme(promise)


def test_the_team_is_asked_with_what_is_new_since_it_was_heard() -> None:
    said = text(
        "internal",
        ("noted", "an old remark", {}),
        ("checked", "asked in #eng", {}),
        ("severity", "", {"to": "critical"}),
        ("joined", "ticket 51871", {"customer": "Corvid", "tickets": ["T-9"]}),
        ("promised", "a first answer", {"to": "Acme", "due_at": "2026-11-24T11:00:00+00:00"}),
        CAUSE,
        ("noted", "the failure rate rises", {}),
    )

    head, ask, *news = said.split("\n")
    assert head == "case-1 (critical, open): Orders fail with 500 for Acme"
    assert (
        ask == "Where does it stand? Please say what you have found, what comes next, and when we hear from you again."
    )
    assert news == [
        "New since Mon 23 Nov 2026, 16:00 UTC:",
        "- severity critical, before high",
        "- Corvid has the same problem: ticket 51871",
        "- promised to Acme for Tue 24 Nov 2026, 11:00 UTC: a first answer",
        "- cause: the connection pool of ORD-3310 runs dry",
        "- the failure rate rises",
    ]


def test_nothing_new_is_said_as_nothing_new() -> None:
    assert text("internal").endswith("Nothing new on our side since Mon 23 Nov 2026, 14:00 UTC.")


def test_who_has_confirmed_waits_for_the_end_alone() -> None:
    done: tuple[Step, ...] = (moved("resolved"), TOLD, ("told", "", {"customer": "Borg"}))
    confirmed: tuple[Step, ...] = (("confirmed", "", {"customer": "Acme"}), ("confirmed", "", {"customer": "Borg"}))

    assert text("internal", *done, *confirmed).endswith(
        "Every customer was told and has confirmed. Please close it, with what was learned."
    )


def test_a_secret_in_what_was_learned_never_leaves() -> None:
    secret: Step = ("learned", "", {"root_cause": "password=hunter2hunter2 was wrong"})

    assert "hunter2hunter2" not in text("internal", secret)
