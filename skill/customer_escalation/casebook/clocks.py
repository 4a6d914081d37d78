"""What is due when: the internal and the customer's clock of each severity, the SLA first, and promises of their own.

Worked out from the state of a case alone. A clock runs from the last time it was served, or from when following up
began. Where the cadence counts business days a day keeps its local hour, whatever the clocks of the country do; where
it counts hours, they are real ones, day and night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.casebook.follow_ups import FollowUp, untimed
from customer_escalation.casebook.promise import Promise
from customer_escalation.casebook.state import INTERNAL, OVER, Affected, State, unfinished
from customer_escalation.language import one_line
from customer_escalation.policy import Cadence
from customer_escalation.workdays import after_business_days

AHEAD, SHARE = timedelta(hours=1), 4  # an SLA or a promise is reminded of an hour before, or a quarter of its time
LONGEST_WHY = 300
ClockKind = Literal["internal", "customer", "promise"]


class Clock(Struct, frozen=True):
    """One thing that falls due; `name` tells it from the other clocks of its case ("customer:Acme Corp").

    `lead_at` is when the lead hears of it if nobody reacts: half an interval after it fell due, a whole one after
    somebody took it, and never after an SLA or a promise; None where a person holds the reminder for wrong.
    `remind_at` is when its reminder goes out where that is before it falls due: then there is still time to keep it.
    """

    name: str
    kind: ClockKind
    due_at: datetime
    since: datetime
    customer: str = ""
    why: str = ""
    lead_at: datetime | None = None
    remind_at: datetime | None = None


class Pace(Struct, frozen=True):
    """How a clock runs: its interval in hours of its cadence, and the moment that no snooze moves it past."""

    cadence: Cadence
    hours: float
    latest: datetime | None = None
    what: str = ""


def clocks(state: State) -> tuple[Clock, ...]:
    """What a case waits for, the next first; nothing where it is over or has no severity."""
    if state.severity is None or state.resumed_at is None or state.status in OVER:
        return ()
    cadence = state.rhythm.cadence[state.severity]
    found = [_answered(state, clock, pace) for clock, pace in _all(state, cadence)]
    return tuple(sorted(found, key=lambda clock: (clock.due_at, clock.name)))


def _all(state: State, cadence: Cadence) -> Iterator[tuple[Clock, Pace]]:
    if state.settled_at is None:
        yield _internal(state, cadence)
    elif not unfinished(state):
        yield _ending(state)
    for customer in state.customers.values():
        if state.settled_at is None or not state.knows(customer):
            yield _update(state, cadence, customer)
        elif customer.confirmed_at is None:
            yield _confirmation(state, customer)
    for promise in state.owed:
        yield _promise(cadence, promise)
    for each in state.follow_ups:
        if not each.done:
            yield _follow_up(cadence, each)


def _internal(state: State, cadence: Cadence) -> tuple[Clock, Pace]:
    """The receiving team is asked while it works."""
    since = _last(state.checked_at, state.resumed_at)
    due = _replanned(state, _later(state, cadence, since, cadence.internal_hours))
    clock = Clock(INTERNAL, "internal", due, since, "", f"internal follow-up: {cadence.internal}")
    return clock, Pace(cadence, cadence.internal_hours)


def _ending(state: State) -> tuple[Clock, Pace]:
    """Everybody was told and has confirmed: it waits for its end alone."""
    since = _last(state.checked_at, state.settled_at, *(c.confirmed_at for c in state.customers.values()))
    cadence = state.rhythm.calmest
    due = _replanned(state, _later(state, cadence, since, cadence.internal_hours))
    return Clock(INTERNAL, "internal", due, since, "", "close it"), Pace(cadence, cadence.internal_hours)


def _update(state: State, cadence: Cadence, customer: Affected) -> tuple[Clock, Pace]:
    """The latest moment of the next update; that of the customer's own SLA where it is earlier.

    Where their SLA has passed before anything could be due, and they were not told since, it is due at once.
    """
    since = _last(customer.told_at, customer.joined_at, state.resumed_at, state.settled_at)
    due = _replanned(state, _later(state, cadence, since, cadence.longest_customer_hours))
    why = f"customer update: {cadence.customer}" if state.settled_at is None else "tell how it ended"
    waiting = customer.waiting_sla
    sla = None if waiting is None else _last(waiting, since)
    if waiting is not None and sla is not None and sla < due:
        breached = f"the SLA was breached at {state.rhythm.local(waiting)}"
        due, why = sla, "the SLA falls due" if waiting > since else breached
    pace = Pace(cadence, cadence.longest_customer_hours, sla, "the SLA")
    return Clock(f"customer:{customer.name}", "customer", due, since, customer.name, why), pace


def _confirmation(state: State, customer: Affected) -> tuple[Clock, Pace]:
    """Who knows that it is over is asked whether it is, at the calmest rhythm."""
    since, cadence = _last(customer.told_at), state.rhythm.calmest
    due = _replanned(state, _later(state, cadence, since, cadence.longest_customer_hours))
    clock = Clock(f"customer:{customer.name}", "customer", due, since, customer.name, "ask whether it is solved")
    return clock, Pace(cadence, cadence.longest_customer_hours)


def _promise(cadence: Cadence, promise: Promise) -> tuple[Clock, Pace]:
    due = promise.due_at.astimezone(UTC)
    why = f"promised: {promise.text}" if promise.text else "promised"
    clock = Clock(f"promise:{promise.number}", "promise", due, _last(promise.made_at), promise.to, why)
    return clock, Pace(cadence, cadence.shortest_customer_hours, due, "what was promised")


def _follow_up(cadence: Cadence, each: FollowUp) -> tuple[Clock, Pace]:
    why = f"follow-up: {one_line(untimed(each.text), LONGEST_WHY)}"
    clock = Clock(each.clock, "internal", each.due_at.astimezone(UTC), _last(each.made_at), "", why)
    return clock, Pace(cadence, cadence.internal_hours)


def _later(state: State, cadence: Cadence, since: datetime, hours: float) -> datetime:
    """So many hours on, round the clock; where the cadence counts business days, so many of those (24 h are one)."""
    if not cadence.customer_business_days:
        return since + timedelta(hours=hours)
    return after_business_days(since, hours / 24, state.rhythm.hours, state.rhythm.timezone)


def _last(*times: datetime | None) -> datetime:
    """The last of these times, in UTC, where an hour has an hour."""
    return max(at.astimezone(UTC) for at in times if at is not None)


def _replanned(state: State, due: datetime) -> datetime:
    """A change of severity plans anew; what its shorter rhythm finds overdue is due at the change."""
    return due if state.severity_at is None else max(due, state.severity_at.astimezone(UTC))


def _answered(state: State, clock: Clock, pace: Pace) -> Clock:
    """The clock after what people answered to its reminder."""
    clock = _snoozed(state, clock, pace)
    if clock.due_at == pace.latest:
        clock = replace(clock, remind_at=_ahead(clock))
    if clock.name in state.disagreed:
        return clock
    lead, taken = _later(state, pace.cadence, clock.due_at, pace.hours / 2), state.attended.get(clock.name)
    if taken is not None:
        lead = max(lead, _later(state, pace.cadence, taken.astimezone(UTC), pace.hours))
    return replace(clock, lead_at=lead if pace.latest is None else min(lead, pace.latest))


def _ahead(clock: Clock) -> datetime | None:
    """When to remind of what cannot be put off; None where it is due at once."""
    early = min(AHEAD, (clock.due_at - clock.since) / SHARE)
    return clock.due_at - early if early > timedelta() else None


def _snoozed(state: State, clock: Clock, pace: Pace) -> Clock:
    """Moved to the end of the snooze, but never past the SLA or a promise: silence does not change those."""
    until = state.snoozed.get(clock.name)
    if until is None or until <= clock.due_at:
        return clock
    due = until.astimezone(UTC) if pace.latest is None else min(until.astimezone(UTC), pace.latest)
    why = f"{clock.why}; snoozed until {state.rhythm.local(due)}" if due > clock.due_at else clock.why
    if due < until:
        why += f"; no snooze moves it past {pace.what}"
    return replace(clock, due_at=due, why=why)
