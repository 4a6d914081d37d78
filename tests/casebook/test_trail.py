"""The trail of a case shows every tampering, and which event it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from customer_escalation.casebook import Casebook, CasebookError
from customer_escalation.casebook.events import Event, sealed
from customer_escalation.casebook.tables import CASES, EVENTS
from tests.casebook.opened import opened
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
OTHERWISE = {
    "at": AT + timedelta(seconds=1),
    "actor": "person:mallory",
    "kind": "noted",
    "why": "for another reason",
    "data": '{"to":"resolved","rhythm":{}}',
    "hash": "0" * 64,
}


@pytest.fixture
def case_id(casebook: Casebook) -> str:
    """A case with three events."""
    kept = casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT)
    casebook.record(kept, "opened", actor="code:gather", at=AT, data=opened("Acme"))
    casebook.record(kept, "moved", actor="person:anna", at=AT, why="seen", data={"to": "acknowledged"})
    casebook.record(kept, "moved", actor="person:anna", at=AT, data={"to": "in_progress"})
    return kept


def test_an_untouched_trail_is_intact(casebook: Casebook, case_id: str) -> None:
    assert casebook.broken(case_id) == ""
    assert [event.number for event in casebook.events(case_id)] == [1, 2, 3]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("field", list(OTHERWISE))
def test_a_changed_field_is_noticed(casebook: Casebook, case_id: str, number: int, field: str) -> None:
    with casebook.database.writing() as db:
        db.execute(update(EVENTS).where(EVENTS.c.number == number).values({field: OTHERWISE[field]}))

    assert casebook.broken(case_id) == f"case-1: event {number} was changed"


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(("field", "nonsense"), [("at", "yesterday"), ("data", "{"), ("data", "[]"), ("data", "1")])
def test_an_event_that_cannot_be_read_is_named(
    casebook: Casebook, case_id: str, number: int, field: str, nonsense: str
) -> None:
    with casebook.database.writing() as db:
        db.execute(text(f"UPDATE events SET {field} = '{nonsense}' WHERE number = {number}"))

    assert casebook.broken(case_id) == f"case-1: event {number} was changed"
    with pytest.raises(CasebookError, match=f"case-1: event {number} cannot be read"):
        casebook.events(case_id)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "case-1: event 1 is missing"),
        (2, "case-1: event 2 is missing"),
        (3, "case-1: the trail ends at event 2 of 3"),
    ],
)
def test_a_lost_event_is_noticed(casebook: Casebook, case_id: str, number: int, said: str) -> None:
    with casebook.database.writing() as db:
        db.execute(delete(EVENTS).where(EVENTS.c.number == number))

    assert casebook.broken(case_id) == said


def test_a_trail_that_was_emptied_is_noticed(casebook: Casebook, case_id: str) -> None:
    with casebook.database.writing() as db:
        db.execute(delete(EVENTS))

    assert casebook.broken(case_id) == "case-1: the trail ends at event 0 of 3"


def test_two_events_that_change_places_are_noticed(casebook: Casebook, case_id: str) -> None:
    with casebook.database.writing() as db:
        for before, later in ((2, 99), (3, 2), (99, 3)):
            db.execute(update(EVENTS).where(EVENTS.c.number == before).values(number=later))

    assert casebook.broken(case_id) == "case-1: event 2 was changed"


def test_an_event_that_was_slipped_in_is_noticed_however_well_it_is_sealed(casebook: Casebook, case_id: str) -> None:
    with casebook.database.writing() as db:
        head = str(db.execute(select(CASES.c.head)).scalar_one())
        forged = Event(4, AT, "person:mallory", "noted")
        row = {"case_number": 1, "number": 4, "at": AT, "actor": forged.actor, "kind": forged.kind, "why": ""}
        db.execute(insert(EVENTS).values({**row, "data": "{}", "hash": sealed(forged, case_id, head)}))

    assert casebook.broken(case_id) == "case-1: event 4 was added"


def test_events_of_another_case_are_noticed(casebook: Casebook, case_id: str) -> None:
    other = casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT)
    with casebook.database.writing() as db:
        db.execute(update(EVENTS).values(case_number=2))
        db.execute(
            update(CASES).values(events=3, head=select(CASES.c.head).where(CASES.c.number == 1).scalar_subquery())
        )

    assert casebook.broken(other) == "case-2: event 1 was changed"


def test_a_head_that_was_changed_is_noticed(casebook: Casebook, case_id: str) -> None:
    with casebook.database.writing() as db:
        db.execute(update(CASES).values(head="0" * 64))

    assert casebook.broken(case_id) != ""
