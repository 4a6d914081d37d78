"""Reads and extends the trail of a case within a transaction, and keeps what can be searched in step with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from msgspec.structs import asdict, replace
from sqlalchemy import Connection, Row, Text, bindparam, delete, insert, select, type_coerce, update

from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.errors import UnreadableEvent
from customer_escalation.casebook.events import GENESIS, Event, Kind, Value, canonical, sealed
from customer_escalation.casebook.state import State, after, state_of
from customer_escalation.casebook.tables import CASES, CLOCKS, EVENTS

PREFIX = "case-"
# Built once, as making a statement costs more than running it.
_EVENTS = select(
    *(column if column is not EVENTS.c.at else type_coerce(column, Text).label("at") for column in EVENTS.c)
).order_by(EVENTS.c.case_number, EVENTS.c.number)
_OF_ONE = _EVENTS.where(EVENTS.c.case_number == bindparam("of"))
_OF_SEVERAL = _EVENTS.where(EVENTS.c.case_number.in_(bindparam("of", expanding=True)))
_HEAD = select(CASES.c.events, CASES.c.head).where(CASES.c.number == bindparam("of")).with_for_update()


def read(db: Connection, number: int) -> tuple[Event, ...]:
    """The events of a case, oldest first. Raises UnreadableEvent."""
    return tuple(_event(row) for row in db.execute(_OF_ONE, {"of": number}))


def read_several(db: Connection, numbers: Iterable[int]) -> Mapping[int, Sequence[Event]]:
    """The events of each of these cases, oldest first. Raises UnreadableEvent."""
    found: dict[int, list[Event]] = {number: [] for number in numbers}
    for row in db.execute(_OF_SEVERAL, {"of": list(found)}):
        found[row.case_number].append(_event(row))
    return found


def _event(row: Row[tuple[object, ...]]) -> Event:
    try:
        at, data = datetime.fromisoformat(row.at), json.loads(row.data)
    except ValueError:
        at, data = None, None
    if at is None or at.tzinfo is None or not isinstance(data, dict):
        raise UnreadableEvent(f"{PREFIX}{row.case_number}", row.number)
    return Event(row.number, at, row.actor, row.kind, row.why, cast("dict[str, Value]", data), row.hash)


def append(
    db: Connection, number: int, kind: Kind, *, actor: str, at: datetime, why: str = "", data: Mapping[str, Value]
) -> Event:
    """Add one event. Raises NotAllowed, and then nothing was added."""
    mine = CASES.c.number == number
    row = db.execute(_HEAD, {"of": number}).one()
    state = state_of(read(db, number))
    event = Event(row.events + 1, at, actor, kind, why, cast("Mapping[str, Value]", json.loads(canonical(dict(data)))))
    event = replace(event, hash=sealed(event, f"{PREFIX}{number}", row.head or GENESIS))
    now = after(state, event)
    values = {**asdict(event), "case_number": number, "data": canonical(dict(event.data))}
    db.execute(insert(EVENTS), values)
    changed: dict[str, object] = {"events": event.number, "head": event.hash, "status": now.status}
    if (now.severity, now.live) != (state.severity, state.live):
        changed |= {"severity": now.severity or "", "watch_at": None}  # it is looked at in another rhythm now
    db.execute(update(CASES).where(mine).values(changed))
    _plan(db, number, state, now)
    return event


def _plan(db: Connection, number: int, before: State, now: State) -> None:
    """Write the clocks down where they changed."""
    planned = clocks(now)
    if planned == clocks(before):
        return
    db.execute(delete(CLOCKS).where(CLOCKS.c.case_number == number))
    if planned:
        db.execute(insert(CLOCKS), [{**asdict(clock), "case_number": number} for clock in planned])
