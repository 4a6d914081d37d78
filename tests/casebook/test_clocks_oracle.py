"""The clocks against a slower way to tell them, over ten years of days off, both changes of the clocks and answers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.rhythm import dumped
from customer_escalation.casebook.state import MOVES, NotAllowed, State, after
from customer_escalation.profile import WEEKDAYS, BusinessHours
from tests.casebook.cases import rhythm
from tests.casebook.slow_clocks import Falls, Happened, Place, Slow

OFFICE = ("09:00", "17:00")
PLACES = (
    Place("Europe/Stockholm", WEEKDAYS[:5], *OFFICE, ("SE",)),
    Place("Europe/Stockholm", WEEKDAYS, "00:00", "12:00", ()),  # the clocks change within the hours of work
    Place("America/New_York", WEEKDAYS[:5], "08:30", "12:00", ("US",)),
    Place("America/New_York", ("sun", "mon"), "01:00", "03:00", ("2027-03-14", "2028-11-05")),
    Place("Australia/Lord_Howe", WEEKDAYS, "01:30", "02:30", ()),  # changes by half an hour
    Place("Australia/Lord_Howe", WEEKDAYS[:5], *OFFICE, ("AU",)),
    Place("Asia/Kathmandu", ("sun", "mon", "tue", "wed", "thu"), "10:00", "17:00", ()),
)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
TEN_YEARS = timedelta(days=3653)
CUSTOMERS = ("Acme", "Globex")
SEVERITIES = ("critical", "high", "medium")
KINDS = (
    *("told",) * 5, *("checked",) * 4, *("snoozed",) * 4, *("promised",) * 3, *("severity",) * 3, *("moved",) * 4,
    *("attended",) * 2, *("sla",) * 2, "disagreed", "kept", "joined", "confirmed", "confirmed", "de_escalated",
    "re_escalated", "closed",
)  # fmt: skip


def texts(slas: tuple[datetime, ...]) -> list[Value]:
    return [at.isoformat() for at in slas]


class Run:
    """One case, told to the skill and to the oracle alike."""

    def __init__(self, place: Place, at: datetime, severity: str, slas: Mapping[str, tuple[datetime, ...]]) -> None:
        self.place, self.slas = place, slas
        hours = BusinessHours(place.days, place.start, place.end, place.holidays)
        data: dict[str, Value] = {
            "severity": severity,
            "customers": [{"name": name, "sla": texts(slas.get(name, ()))} for name in CUSTOMERS],
            "rhythm": dumped(rhythm(place.zone, hours)),
        }
        self.state = after(State(), Event(1, at, "person:anna", "opened", "", data))
        self.past = [Happened(at, "opened", severity)]

    def add(self, happened: Happened, kind: Kind, data: dict[str, Value]) -> bool:
        """Let it happen, if it may."""
        event = Event(len(self.past) + 1, happened.at, "person:anna", kind, "because", data)
        try:
            self.state = after(self.state, event)
        except NotAllowed:
            return False
        self.past.append(happened)
        return True

    def happen(self, at: datetime, kind: Kind, pick: random.Random) -> bool:
        """Something of this kind, with values picked at random."""
        name, until, number = "", None, 0
        step = int(self.place.step.total_seconds()) // 60
        if kind in ("told", "confirmed", "promised", "joined", "sla"):
            name = "Initech" if kind == "joined" else pick.choice(list(self.state.customers))
        elif kind in ("snoozed", "attended", "disagreed"):
            name = pick.choice([clock.name for clock in clocks(self.state)] or ["internal"])
        elif kind == "moved":
            name = pick.choice(sorted(MOVES[self.state.status]) or ["open"])
        elif kind == "severity":
            name = pick.choice(SEVERITIES)
        elif kind == "kept":
            number = pick.choice([promise.number for promise in self.state.promises] or [1])
        if kind in ("snoozed", "promised"):
            until = at + timedelta(minutes=step * pick.randrange(1, 5 * 1440 // step))
        slas: tuple[datetime, ...] = ()
        deed = kind == "promised" and pick.random() < 0.5
        if kind in ("joined", "sla"):
            slas = tuple(at + timedelta(minutes=step * pick.randrange(-2880 // step, 5 * 1440 // step))
                         for _ in range(pick.randrange(3)))  # fmt: skip
        data: dict[str, Value] = {
            "customer": name, "clock": name, "to": name, "promise": number, "sla": texts(slas),
            "of": "deed" if deed else "update",
        }  # fmt: skip
        data |= {"until": until.isoformat(), "due_at": until.isoformat()} if until else {}
        if kind == "joined" and any(event.kind == "joined" for event in self.past):
            return False
        return self.add(Happened(at, kind, name, until, number, slas, deed), kind, data)

    def same(self) -> None:
        """The skill's clocks are the oracle's."""
        found = {clock.name: Falls(clock.due_at, clock.lead_at, clock.remind_at) for clock in clocks(self.state)}
        assert found == Slow(self.place, CUSTOMERS, self.slas, self.past).clocks(), self.past


def changes_of(zone: str) -> list[datetime]:
    """The hours in these years at which the clocks of a zone change."""
    hours = [FIRST + timedelta(hours=n) for n in range(0, 24 * 3653, 24)]
    local = ZoneInfo(zone)
    return [
        at for at in hours if at.astimezone(local).utcoffset() != (at + timedelta(days=1)).astimezone(local).utcoffset()
    ]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.zone} {place.start}-{place.end}")
def test_ten_years_of_cases_fall_due_when_the_oracle_says(place: Place) -> None:
    pick = random.Random(f"ten years in {place}")
    changes, at, compared = changes_of(place.zone), FIRST, 0
    run = Run(place, at, "medium", {})
    while at < FIRST + TEN_YEARS:
        ahead = next((change for change in changes if change > at), None)
        if ahead and ahead - at < timedelta(days=7) and pick.random() < 0.3:  # to the day on which the clocks change
            at = ahead
        at += timedelta(
            minutes=15
            * pick.choice(
                (pick.choice((0, 1, 4)), pick.randrange(1, 16), pick.randrange(1, 160), pick.randrange(1, 480))
            )
        )
        if len(run.past) > 25:
            slas = {name: (at + timedelta(minutes=15 * pick.randrange(-100, 400)),) for name in CUSTOMERS}
            run = Run(place, at, pick.choice(SEVERITIES), {n: sla for n, sla in slas.items() if pick.random() < 0.5})
        elif run.happen(at, pick.choice(KINDS), pick):  # type: ignore[arg-type]  # mypy reads the picks as str
            run.same()
            compared += 1

    assert compared > 1500


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PLACES),
    st.integers(0, 3650 * 1440),
    st.sampled_from(SEVERITIES),
    st.one_of(st.none(), st.integers(-1440, 3 * 1440)),
    st.lists(st.tuples(st.integers(0, 1500), st.sampled_from(KINDS)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_any_history_falls_due_to_the_minute_when_the_oracle_says(
    place: Place, start: int, severity: str, sla: int | None, happenings: list[tuple[int, Kind]], pick: random.Random
) -> None:
    at = FIRST + timedelta(minutes=start)
    slas = {} if sla is None else {CUSTOMERS[0]: (at + timedelta(minutes=sla),)}
    run = Run(place._replace(step=timedelta(minutes=1)), at, severity, slas)
    for minutes, kind in happenings:
        at += timedelta(minutes=minutes)
        run.happen(at, kind, pick)

    run.same()


def test_the_oracle_itself_says_what_a_person_would() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    place, friday = PLACES[0], datetime(2026, 3, 27, 15, 0, tzinfo=stockholm)  # the clocks change on Sunday
    slow = Slow(place, ("Acme",), {}, [Happened(friday.astimezone(UTC), "opened", "medium")])

    monday, tuesday = datetime(2026, 3, 30, 15, 0, tzinfo=stockholm), datetime(2026, 3, 31, 15, 0, tzinfo=stockholm)
    assert {name: falls.due for name, falls in slow.clocks().items()} == {"internal": monday, "customer:Acme": tuesday}
