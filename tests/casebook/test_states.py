"""Where a case may go from where it stands: every status against every other, on both databases for what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.state import LIVE, STATUSES, NotAllowed, State, Status, after, state_of, unfinished
from tests.casebook.opened import opened
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
OPENED: tuple[Kind, dict[str, Value]] = ("opened", opened("Acme"))
ENDED: tuple[Kind, dict[str, Value]] = ("closed", {})
# What happens to a case until it stands there.
WAY: Mapping[Status, tuple[tuple[Kind, dict[str, Value]], ...]] = {
    "kept": (),
    "open": (OPENED,),
    "acknowledged": (OPENED, ("moved", {"to": "acknowledged"})),
    "in_progress": (OPENED, ("moved", {"to": "in_progress"})),
    "fix_pending": (OPENED, ("moved", {"to": "fix_pending"})),
    "resolved": (OPENED, ("moved", {"to": "resolved"})),
    "confirmed": (OPENED, ("moved", {"to": "resolved"}), ("confirmed", {"customer": "Acme"})),
    "de_escalated": (OPENED, ("de_escalated", {"condition": "workaround"})),
    "closed": (OPENED, ENDED),
}
# One row per status: where somebody may move it ("moved"), and which of the other events it stands for.
ALLOWED = """
kept          open                                               | opened
open          acknowledged in_progress fix_pending resolved      | severity de_escalated closed
acknowledged  in_progress fix_pending resolved                   | severity de_escalated closed
in_progress   acknowledged fix_pending resolved                  | severity de_escalated closed
fix_pending   in_progress resolved                               | severity de_escalated closed
resolved      in_progress fix_pending                            | severity confirmed de_escalated closed
confirmed     in_progress                                        | confirmed re_escalated closed
de_escalated                                                     | confirmed re_escalated closed
closed                                                           | re_escalated
"""
OTHERS: Mapping[Kind, dict[str, Value]] = {
    "opened": OPENED[1],
    "severity": {"to": "critical"},
    "confirmed": {"customer": "Acme"},
    "de_escalated": {"condition": "workaround"},
    "re_escalated": {},
    "closed": {},
}


def way(status: Status) -> tuple[Event, ...]:
    """The events that lead there, an hour apart."""
    return tuple(
        Event(number, AT + timedelta(hours=number), "person:anna", kind, "as agreed", data)
        for number, (kind, data) in enumerate(WAY[status], 1)
    )


def follows(state: State, kind: Kind, data: Mapping[str, Value]) -> bool:
    event = Event(state.count + 1, AT + timedelta(hours=9), "person:anna", kind, "as agreed", data)
    try:
        after(state, event)
    except NotAllowed:
        return False
    return True


def rows() -> Iterator[tuple[Status, set[str], set[str]]]:
    for line in ALLOWED.strip().splitlines():
        left, right = line.split("|")
        status, *moves = left.split()
        yield status, set(moves), set(right.split())  # type: ignore[misc]  # a status, as the next test shows


def test_the_table_names_every_status() -> None:
    assert tuple(status for status, _, _ in rows()) == STATUSES


@pytest.mark.parametrize("status", STATUSES)
def test_the_way_to_a_status_leads_there(status: Status) -> None:
    assert state_of(way(status)).status == status


@pytest.mark.parametrize(("status", "moves", "others"), list(rows()), ids=STATUSES)
def test_a_case_moves_where_the_table_says_and_nowhere_else(status: Status, moves: set[str], others: set[str]) -> None:
    state = state_of(way(status))

    assert {to for to in (*STATUSES, "", "lost") if follows(state, "moved", {"to": to})} == moves
    assert {kind for kind, data in OTHERS.items() if follows(state, kind, data)} == others


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_over_is_not_live(status: Status) -> None:
    assert state_of(way(status)).live == (status in LIVE)
    assert {"open", "acknowledged", "in_progress", "fix_pending", "resolved"} == LIVE


def test_what_is_refused_leaves_no_trace(casebook: Casebook) -> None:
    case_id = casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT)
    for kind, data in WAY["de_escalated"]:
        casebook.record(case_id, kind, actor="person:anna", at=AT, data=data)
    before = casebook.events(case_id)

    with pytest.raises(NotAllowed, match="de_escalated does not become open; it may become nothing: escalate it again"):
        casebook.record(case_id, "moved", actor="person:anna", at=AT, data={"to": "open"})

    assert casebook.events(case_id) == before
    assert casebook.broken(case_id) == ""


@pytest.mark.parametrize(
    ("status", "missing"),
    [
        ("open", "it is neither resolved nor de-escalated; no confirmation from Acme"),
        ("resolved", "Acme not told of the end; no confirmation from Acme"),
        ("confirmed", "Acme not told of the end"),
        ("de_escalated", "Acme not told of the end; no confirmation from Acme"),
    ],
)
def test_closing_without_a_reason_says_what_is_missing(status: Status, missing: str) -> None:
    state = state_of(way(status))

    assert unfinished(state) == missing
    with pytest.raises(NotAllowed, match=f"not yet: {missing}; close it with a reason"):
        after(state, Event(9, AT + timedelta(hours=9), "person:anna", "closed", " "))


def test_a_case_that_comes_back_asks_everybody_again() -> None:
    back = Event(9, AT + timedelta(hours=9), "person:anna", "moved", "", {"to": "in_progress"})
    state = after(state_of(way("confirmed")), back)

    assert (state.status, state.settled_at, state.unconfirmed) == ("in_progress", None, ("Acme",))


def test_a_customer_who_is_not_in_the_case_cannot_confirm_it() -> None:
    with pytest.raises(NotAllowed, match="no customer 'Globex' in this case; it holds Acme"):
        after(state_of(way("resolved")), Event(9, AT, "person:anna", "confirmed", "", {"customer": "Globex"}))


def test_an_update_before_the_end_tells_nobody_of_it_even_while_the_clock_stands() -> None:
    happened: tuple[tuple[Kind, dict[str, Value]], ...] = (
        OPENED,
        ("told", {"customer": "Acme"}),
        ("moved", {"to": "resolved"}),
        ("confirmed", {"customer": "Acme"}),
    )
    state = state_of(Event(n, AT, "person:anna", kind, "", data) for n, (kind, data) in enumerate(happened, 1))

    assert unfinished(state) == "Acme not told of the end"
    with pytest.raises(NotAllowed, match="not yet: Acme not told of the end"):
        after(state, Event(5, AT, "person:anna", "closed"))
    told = after(state, Event(5, AT, "person:anna", "told", "", {"customer": "Acme"}))
    assert after(told, Event(6, AT, "person:anna", "closed")).status == "closed"
