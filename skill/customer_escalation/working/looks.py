"""When each case is looked at again: as often as its severity asks the receiving team, from when it was opened.

The time stands with the case, so that of several workers one looks, and another after it where that one died.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.state import OVER, State
from customer_escalation.casebook.store import number_of
from customer_escalation.casebook.tables import CASES
from customer_escalation.casebook.trail import PREFIX

LEASE = timedelta(minutes=5)  # longer than a look can take
AHEAD = timedelta(minutes=5)  # of the next reminder, so that it tells what the look found


def wanted(casebook: Casebook, now: datetime, *, limit: int = 200) -> tuple[str, ...]:
    """The cases whose sources are to be read again now. A case that is new here gets its first time."""
    columns = [CASES.c.number, CASES.c.opened_at, CASES.c.watch_at]  # not the result, which is long
    found = select(*columns).where(
        CASES.c.status.notin_(OVER), or_(CASES.c.watch_at.is_(None), CASES.c.watch_at <= now)
    )
    with casebook.database.reading() as db:
        rows = db.execute(casebook.seen(found).order_by(CASES.c.watch_at, CASES.c.number).limit(limit)).all()
    due: list[str] = []
    for row in rows:
        case_id = f"{PREFIX}{row.number}"
        if row.watch_at is None:
            first = planned(casebook.state(case_id), datetime.fromisoformat(row.opened_at))
            _set(casebook, case_id, None, first)
            if first > now:
                continue
        due.append(case_id)
    return tuple(due)


def claim(casebook: Casebook, case_id: str, now: datetime) -> bool:
    """Whether the look is ours; nobody else looks until the lease ends."""
    return _set(casebook, case_id, now, now + LEASE)


def done(casebook: Casebook, case_id: str, now: datetime) -> None:
    """It was looked at; plan the next."""
    _set(casebook, case_id, now + LEASE, planned(casebook.state(case_id), now))


def planned(state: State, last: datetime) -> datetime:
    """When it is looked at next: an interval after the last look, or some minutes before the reminder that is due."""
    rest = interval(state)
    before = (clock.due_at - AHEAD for clock in clocks(state))
    return min((at for at in before if last + rest / 2 < at < last + rest), default=last + rest)


def interval(state: State) -> timedelta:
    """How often this case is looked at; once it is settled as seldom as the calmest case."""
    severity = state.severity
    settled = state.settled_at is not None or severity is None
    cadence = state.rhythm.calmest if settled or severity is None else state.rhythm.cadence[severity]
    return timedelta(hours=cadence.internal_hours)


def _set(casebook: Casebook, case_id: str, until: datetime | None, at: datetime) -> bool:
    """Set the time, unless it lies after `until` already; with None only where there is none yet."""
    unseen = CASES.c.watch_at.is_(None)
    mine = unseen if until is None else or_(unseen, CASES.c.watch_at <= until)
    with casebook.database.writing() as db:
        this = CASES.c.number == number_of(case_id)
        return db.execute(update(CASES).where(this, mine).values(watch_at=at)).rowcount == 1
