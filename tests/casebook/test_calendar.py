"""The calendar of what is due: a strict reader takes it, and a clock that moves stays the same event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.calendar import LONGEST_SUMMARY, calendar, entries, feed, folded, text
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.events import Kind, Value
from tests.casebook.ical import Part, read
from tests.casebook.opened import opened
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)


def open_case(casebook: Casebook, *customers: str, severity: str = "high", workspace: str = "Northwind") -> str:
    case_id = casebook.add(samples.unknown(), customer="Acme", workspace=workspace, opened_at=AT)
    casebook.record(case_id, "opened", actor="person:anna", at=AT, data=opened(*customers, severity=severity))
    return case_id


def happens(casebook: Casebook, kind: Kind, at: datetime = LATER, **data: Value) -> None:
    casebook.record("case-1", kind, actor="person:anna", at=at, data=data)


def events(casebook: Casebook) -> Mapping[str, Part]:
    """The events by what they ask for."""
    found = read(feed(casebook, "Northwind", LATER).encode()).parts
    return {event.values["SUMMARY"].partition(": ")[2]: event for event in found}


def test_each_running_clock_is_an_event_at_its_time(casebook: Casebook) -> None:
    open_case(casebook, "Acme", "Borg AB")
    happens(casebook, "promised", to="Acme", due_at="2026-11-24T09:30:00+01:00")

    found = events(casebook)

    assert sorted(found) == ["ask the team", "keep the promise to Acme", "update Acme", "update Borg AB"]
    assert sorted(each.moment("DTSTART") for each in found.values()) == [
        clock.due_at for clock in clocks(casebook.state("case-1"))
    ]
    assert found["keep the promise to Acme"].moment("DTSTART") == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_an_event_says_what_to_do_how_urgent_it_is_and_rings_before(casebook: Casebook) -> None:
    open_case(casebook, "Acme")

    values = events(casebook)["update Acme"].values

    assert values["SUMMARY"] == "case-1 (high): update Acme"
    assert (values["PRIORITY"], values["TRANSP"], values["CLASS"]) == ("3", "TRANSPARENT", "PRIVATE")
    assert "Hello Acme," in values["DESCRIPTION"]
    assert values["DESCRIPTION"].endswith("customer-escalation show case-1")
    (alarm,) = events(casebook)["update Acme"].parts
    assert alarm.values == {"ACTION": "DISPLAY", "TRIGGER": "-PT15M", "DESCRIPTION": values["SUMMARY"]}


def test_a_clock_that_moves_stays_the_same_event_with_a_higher_sequence(casebook: Casebook) -> None:
    open_case(casebook, "Acme")
    before = events(casebook)["update Acme"]
    happens(casebook, "noted")
    noted = events(casebook)["update Acme"]
    happens(casebook, "told", customer="Acme")
    told = events(casebook)["update Acme"]

    assert before.values["UID"] == noted.values["UID"] == told.values["UID"]
    assert [each.values["SEQUENCE"] for each in (before, noted, told)] == ["0", "0", "1"]
    assert before.moment("DTSTART") == noted.moment("DTSTART") < told.moment("DTSTART")
    assert (before.moment("DTSTAMP"), told.moment("DTSTAMP")) == (AT, LATER)


def test_the_clocks_of_other_cases_and_workspaces_are_other_events(casebook: Casebook, tmp_path: Path) -> None:
    open_case(casebook, "Acme")
    open_case(casebook, "Acme")
    other = Casebook(tmp_path / "other.sqlite3")
    open_case(other, "Acme", workspace="Southwind")

    uids = [entry.uid for book in (casebook, other) for entry in entries(book, LATER)]

    assert len(uids) == len(set(uids)) == 6
    other.close()


def test_a_case_that_is_over_leaves_the_calendar(casebook: Casebook) -> None:
    open_case(casebook, "Acme")
    happens(casebook, "moved", to="resolved")
    happens(casebook, "told", customer="Acme")
    happens(casebook, "confirmed", customer="Acme")
    assert list(events(casebook)) == ["ask the team"]
    happens(casebook, "closed")

    whole = read(feed(casebook, "Northwind", LATER).encode())

    assert (whole.parts, whole.values["NAME"], whole.values["VERSION"]) == ([], "Follow-up: Northwind", "2.0")


def test_only_the_cases_that_a_person_sees_are_in_their_calendar(casebook: Casebook) -> None:
    open_case(casebook.of_team("red"), "Acme")
    open_case(casebook.of_team("blue"), "Borg AB")

    assert sorted(events(casebook.of_team("blue"))) == ["ask the team", "update Borg AB"]


def test_the_same_casebook_gives_the_same_bytes(casebook: Casebook) -> None:
    open_case(casebook, "Acme", "Borg AB")

    assert feed(casebook, "Northwind", LATER) == feed(casebook, "Northwind", LATER + timedelta(minutes=5))


HOSTILE = (
    'Acme;VALUE=URI:x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:https://x.example\u2028\u202e\x07\\, "end" 😀' + "é" * 90
)


def test_a_name_that_would_be_mark_up_is_text(casebook: Casebook) -> None:
    open_case(casebook, HOSTILE, severity="critical")

    found = read(feed(casebook, HOSTILE, LATER).encode())

    assert len(found.parts) == 2
    (told,) = [each for each in found.parts if "update Acme;VALUE=URI:x END:VEVENT" in each.values["SUMMARY"]]
    assert "ATTACH" not in told.values
    assert "\u202e" not in told.values["DESCRIPTION"]
    assert '\\, "end" 😀é' in found.values["NAME"]


@given(st.text(max_size=300))
def test_any_text_is_one_line_that_a_reader_gets_back(said: str) -> None:
    whole = read(calendar(said, ()).encode())

    assert text(whole.values["NAME"], LONGEST_SUMMARY + 2) == text(said, LONGEST_SUMMARY)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=400))
def test_a_folded_line_is_short_and_comes_back_whole(line: str) -> None:
    pieces = folded(line).split("\r\n")

    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert "".join((pieces[0], *(piece.removeprefix(" ") for piece in pieces[1:]))) == line


def test_a_part_of_a_second_makes_no_alarm_early(casebook: Casebook) -> None:
    case_id = open_case(casebook, "Acme")
    casebook.record(case_id, "checked", actor="person:anna", at=AT + timedelta(microseconds=1))

    assert events(casebook)["ask the team"].moment("DTSTART") == AT + timedelta(hours=4, seconds=1)


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no end"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "without"),
        (b"BEGIN:VCALENDAR\r\nNAME:a,b\r\n", "not escaped"),
        (b"BEGIN:VCALENDAR\r\nNAME:" + b"a" * 71 + b"\r\n", "octets"),
    ],
)
def test_the_reader_is_strict(raw: bytes, wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        read(raw)
