"""A slower way to tell what a case waits for: it steps through time, and looks through the whole history each time.

Shares nothing with the clocks, the state or the business days of the skill. Histories are lists of `Happened`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The table of step 7 in hours of the clock, or of business days: internal, earliest and latest update of the customer.
TABLE = {"critical": (2, 2, 4), "high": (4, 4, 8)}
BUSINESS_DAYS = (1, 1, 2)
FOREVER = datetime.max.replace(tzinfo=UTC)


class Place(NamedTuple):
    """Where a company works, and when; `step` divides every time that occurs."""

    zone: str
    days: tuple[str, ...]
    start: str
    end: str
    holidays: tuple[str, ...]
    step: timedelta = timedelta(minutes=15)


class Happened(NamedTuple):
    """One event: when, what, and the values that matter to clocks."""

    at: datetime
    kind: str
    name: str = ""  # a customer, a clock, a status or a severity
    until: datetime | None = None
    number: int = 0  # of a promise, counted in events from 1
    slas: tuple[datetime, ...] = ()  # of a customer, from then on
    deed: bool = False  # promised: more than to be heard again


class Falls(NamedTuple):
    """When a clock is due, when the lead hears of it, and when its reminder goes out if that is before."""

    due: datetime
    lead: datetime | None
    remind: datetime | None = None


@cache
def closed_days(named: tuple[str, ...], year: int) -> frozenset[date]:
    if not named or named[0][0].isdigit():
        return frozenset(map(date.fromisoformat, named))
    return frozenset(holidays.country_holidays(named[0], years=year))


def works(place: Place, day: date) -> bool:
    return DAYS[day.weekday()] in place.days and day not in closed_days(place.holidays, day.year)


def utc_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks there show this; one that no clock shows is as long after the last that did."""
    missing = timedelta()
    while True:
        moment = (wall - missing).replace(tzinfo=UTC) - timedelta(hours=15)
        for _ in range(121):
            if moment.astimezone(zone).replace(tzinfo=None) == wall - missing:
                return moment + missing
            moment += timedelta(minutes=15)
        missing += timedelta(minutes=15)


def stepped(at: datetime, minutes: float, place: Place) -> datetime:
    """So many minutes later, step by step."""
    left = timedelta(minutes=minutes)
    while left > timedelta():
        at, left = at + place.step, left - place.step
    assert not left
    return at


def worked(at: datetime, days: float, place: Place) -> datetime:
    """The moment by which so many days of work have passed, as the clocks on the wall show it."""
    zone, start, end = ZoneInfo(place.zone), time.fromisoformat(place.start), time.fromisoformat(place.end)
    length = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    wall, left = at.astimezone(zone).replace(tzinfo=None), days * length
    day = wall.date()
    is_open = works(place, day)
    while left:
        if is_open and start <= wall.time() < end:
            left -= place.step
        wall += place.step
        if wall.date() != day:
            day = wall.date()
            is_open = works(place, day)
    return utc_of(wall, zone)


class Slow:
    """What a case with this history waits for. The first event opens it: `name` is its severity."""

    def __init__(
        self, place: Place, customers: tuple[str, ...], slas: Mapping[str, tuple[datetime, ...]], past: list[Happened]
    ) -> None:
        self.place, self.slas, self.past = place, slas, past
        joined = {event.name: event.at for event in reversed(past) if event.kind == "joined"}
        self.joined = {**joined, **dict.fromkeys(customers, past[0].at)}

    def clocks(self) -> dict[str, Falls]:
        """Every clock by its name."""
        if self.past[self.turns()[-1]].kind == "closed":
            return {}
        named = dict(self.promises())
        owed = bool(named)
        ended = self.ended()
        for customer, joined in self.joined.items():
            told, began = self.told(customer), self.past[self.begun()].at
            if ended is None:
                named[f"customer:{customer}"] = self.update(customer, max(told or joined, joined, began))
            elif not self.knows(customer):
                named[f"customer:{customer}"] = self.update(customer, max(told or joined, joined, began, ended))
            elif self.confirmed(customer) is None and told is not None:
                since = self.planned(worked(told, 2, self.place))
                named[f"customer:{customer}"] = self.answered(f"customer:{customer}", since, 2, "medium", None)
        if ended is None:
            heard = max(e.at for e in self.past if e.kind in ("opened", "checked", "moved", "re_escalated"))
            due = self.planned(self.later(heard, 0))
            named["internal"] = self.answered("internal", due, self.amount(0), self.severity(), None)
        elif all(self.confirmed(customer) and self.knows(customer) for customer in self.joined) and not owed:
            named["internal"] = self.closing(ended)
        return named

    def closing(self, ended: datetime) -> Falls:
        confirmed = [at for customer in self.joined if (at := self.confirmed(customer)) is not None]
        heard = max(e.at for e in self.past if e.kind in ("opened", "checked", "moved", "re_escalated"))
        due = self.planned(worked(max(ended, heard, *confirmed), 1, self.place))
        return self.answered("internal", due, 1, "medium", None)

    def update(self, customer: str, since: datetime) -> Falls:
        due = self.planned(self.later(since, 2))
        bound = self.bound(customer, since)
        due = due if bound is None else min(bound, due)
        return self.answered(f"customer:{customer}", due, self.amount(2), self.severity(), bound, since)

    def bound(self, customer: str, since: datetime) -> datetime | None:
        """The first SLA of theirs that no update followed; what passed before it could be due binds at once."""
        said = [event.slas for event in self.past if event.kind in ("sla", "joined") and event.name == customer]
        told = self.told(customer)
        open_ones = [at for at in (said[-1] if said else self.slas.get(customer, ())) if told is None or told < at]
        return max(since, min(open_ones)) if open_ones else None

    def promises(self) -> Iterator[tuple[str, Falls]]:
        for number, made in enumerate(self.past, 1):
            if made.kind != "promised" or made.until is None:
                continue
            kept = any(event.kind == "kept" and event.number == number for event in self.past[number:])
            for index in range(number, len(self.past)):
                event, early = self.past[index], self.amount(1, index)
                hours = 24 * early if self.severity(index) == "medium" else early
                answers = event.kind == "told" and event.name == made.name and event.at > made.at and not made.deed
                kept = kept or (answers and event.at + timedelta(hours=hours) >= made.until)
            if not kept:
                name = f"promise:{number}"
                yield name, self.answered(name, made.until, self.amount(1), self.severity(), made.until, made.at)

    def answered(
        self, name: str, due: datetime, amount: float, severity: str, bound: datetime | None, since: datetime = FOREVER
    ) -> Falls:
        put_off = [e.until for e in self.answers(name, "snoozed") if e.until is not None]
        if put_off and put_off[-1] > due:
            due = put_off[-1] if bound is None else min(put_off[-1], bound)
        remind = None
        if bound is not None and due == bound and since < bound:
            remind = max(due - timedelta(minutes=60), due - (due - since) * 0.25)
        if list(self.answers(name, "disagreed")):
            return Falls(due, None, remind)
        lead = self.after(due, amount / 2, severity)
        taken = [event.at for event in self.answers(name, "attended")]
        lead = max(lead, self.after(taken[0], amount, severity)) if taken else lead
        return Falls(due, lead if bound is None else min(lead, bound), remind)

    def answers(self, name: str, kind: str) -> Iterator[Happened]:
        """Those that nothing has made void."""
        for index, event in enumerate(self.past):
            if event.kind == kind and event.name == name and not any(
                self.voids(later, name) for later in range(index + 1, len(self.past))
            ):  # fmt: skip
                yield event

    def voids(self, index: int, name: str) -> bool:
        event = self.past[index]
        if event.kind in ("severity", "re_escalated", "de_escalated"):
            return True
        if event.kind == "moved" and (event.name == "resolved" or self.ended(index) is not None):
            return True
        if event.kind in ("moved", "checked"):
            return name == "internal"
        return event.kind == "told" and name == f"customer:{event.name}"

    def turns(self) -> list[int]:
        """Where the case was opened, closed, or escalated again."""
        return self.where(lambda event: event.kind in ("opened", "closed", "re_escalated"))

    def begun(self) -> int:
        """Where following up began, or began again."""
        began = self.where(lambda event: event.kind in ("opened", "re_escalated"))
        back = self.where(lambda event: event.kind == "moved" and event.name != "resolved")
        return max([*began, *(index for index in back if self.ended(index) is not None)])

    def ended(self, before: int | None = None) -> datetime | None:
        """When it was settled, seen before that event; None where it is not, or not any more."""
        end: datetime | None = None
        for event in self.past[:before]:
            if event.kind == "de_escalated" or (event.kind, event.name) == ("moved", "resolved"):
                end = event.at
            elif event.kind in ("moved", "re_escalated"):
                end = None
        return end

    def knows(self, customer: str) -> bool:
        """Whether they were told later in the history than it ended, whatever the clock showed."""
        ends = self.where(lambda e: e.kind == "de_escalated" or (e.kind, e.name) == ("moved", "resolved"))
        return any(event.kind == "told" and event.name == customer for event in self.past[max(ends) :])

    def told(self, customer: str) -> datetime | None:
        return next((e.at for e in reversed(self.past) if e.kind == "told" and e.name == customer), None)

    def confirmed(self, customer: str) -> datetime | None:
        again = self.past[self.begun() :]
        return next((e.at for e in reversed(again) if e.kind == "confirmed" and e.name == customer), None)

    def severity(self, before: int | None = None) -> str:
        return next(e.name for e in reversed(self.past[:before]) if e.kind in ("severity", "opened"))

    def planned(self, due: datetime) -> datetime:
        changed = (e.at for e in reversed(self.past) if e.kind in ("severity", "opened", "re_escalated"))
        return max(due, next(changed))

    def where(self, holds: Callable[[Happened], bool]) -> list[int]:
        return [index for index, event in enumerate(self.past) if holds(event)]

    def amount(self, which: int, before: int | None = None) -> float:
        return (*TABLE.get(self.severity(before), BUSINESS_DAYS),)[which]

    def later(self, at: datetime, which: int) -> datetime:
        return self.after(at, self.amount(which), self.severity())

    def after(self, at: datetime, amount: float, severity: str) -> datetime:
        """Hours, or days of work where the table counts those."""
        if severity == "medium" and self.place.days:
            return worked(at, amount, self.place)
        return stepped(at, amount * 60 * (24 if severity == "medium" else 1), self.place)
