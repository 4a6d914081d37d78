"""What is due, and its reminders: each is sent once, to whoever follows the case up and, when ignored, to the lead.

A row of the table `reminders` is the claim to send one; the event "reminded" says that it was sent. Who finds a claim
whose time ran out asks the channels whether it was sent before, and sends it only where none knows of it. Where nobody
can tell it is sent once more, marked as perhaps sent before: a reminder too many is better than none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, insert, or_, select, update

from customer_escalation.casebook import noticed, trail
from customer_escalation.casebook.clocks import Clock
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.state import state_of
from customer_escalation.casebook.store import Casebook, number_of
from customer_escalation.casebook.tables import CASES, CLOCKS, REMINDERS
from customer_escalation.casebook.updates import draft
from customer_escalation.safety import safe
from escalation_connectors.errors import EscalationError, NotOffered, PerhapsWritten
from escalation_connectors.writing import uuid_of

SOON = timedelta(hours=2)  # the shortest customer interval of SKILL.md, step 7
LEASE = timedelta(minutes=2)
REST = timedelta(seconds=30)  # after no channel took it
PATIENCE_S = 60.0  # shorter than the lease: who gives up has not lost the claim yet
OWNER, LEAD = 0, 1
AGAIN = "(perhaps again) "
CLAIMED, FAILED, SENT, DROPPED = "claimed", "failed", "sent", "dropped"  # failed: certainly not sent
OWNERS = REMINDERS.alias("owners")


class Due(Struct, frozen=True):
    """A clock that is due or will be soon; `overdue` is negative before. `level` 1: the lead's turn has come.

    `suggested` is what the last look at the sources suggests for the case, a line each with its evidence.
    """

    case_id: str
    title: str
    team: str
    status: str
    severity: str
    clock: Clock
    level: int
    overdue: timedelta
    draft: str
    suggested: tuple[str, ...] = ()


class Job(Struct, frozen=True):
    """One reminder that is to be sent; its fields are what `remind_one` wants."""

    case_id: str
    clock: str
    due_at: datetime
    level: int

    @property
    def key(self) -> str:
        """The same for the same reminder, on every machine; in the form of a UUID, which every chat and file takes."""
        return uuid_of(f"reminder {self.case_id} {self.clock} {self.due_at.astimezone(UTC).isoformat()} {self.level}")


class Reminder(Struct, frozen=True):
    """What a channel sends; `text` is plain text written by code."""

    job: Job
    team: str
    text: str


class Claim(Struct, frozen=True):
    """A reminder that is ours to send; `again`: somebody may have sent it; not `needed`: it is not due any more."""

    reminder: Reminder
    again: bool
    needed: bool


class Said(Struct):
    """What the channels said. `perhaps` got it once more, as nobody could tell; `lost` gave no answer then either."""

    reached: list[str] = field(default_factory=list[str])
    perhaps: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    unsure: bool = False


class NotSent(CasebookError):  # noqa: N818 - named by what happened, as the callers read it
    """No channel took a reminder; it is tried again."""


class Channel(Protocol):
    """Where reminders go."""

    @property
    def name(self) -> str:
        """As a person calls it."""
        ...

    async def send(self, reminder: Reminder, key: str) -> None:
        """Send it. Raises PerhapsWritten where no answer came, another EscalationError where it was not sent."""
        ...

    async def find(self, reminder: Reminder, key: str) -> bool:
        """Whether it was sent before; no, too, where sending again is no second reminder.

        Raises NotOffered where nobody can tell, then it is sent once more and says so; another EscalationError where
        it cannot be asked just now, then it is asked later.
        """
        ...


def due(
    casebook: Casebook, now: datetime, team: str | None = None, *, soon: timedelta = SOON, limit: int = 200
) -> tuple[Due, ...]:
    """What is due in the cases that this casebook shows, or in those of one team; the longest overdue first."""
    found = casebook.seen(_clocks()).where(CLOCKS.c.due_at <= now + soon)
    if team is not None:
        found = found.where(CASES.c.team == team)
    with casebook.database.reading() as db:
        rows = db.execute(found.order_by(CLOCKS.c.due_at, CASES.c.number, CLOCKS.c.name).limit(limit)).all()
        events = trail.read_several(db, {row.number for row in rows})
    return tuple(_due(row, events[row.number], now) for row in rows)


def waiting(casebook: Casebook, now: datetime, *, limit: int = 1000) -> tuple[Job, ...]:
    """The reminders that are to be sent now, among them those that somebody claimed and did not note."""
    with casebook.database.reading() as db:
        rows = db.execute(casebook.seen(_unsent(now)).order_by(CLOCKS.c.due_at).limit(limit)).all()
        late = db.execute(casebook.seen(_ignored(now)).order_by(CLOCKS.c.lead_at).limit(limit)).all()
        lost = db.execute(casebook.seen(_abandoned(now)).order_by(REMINDERS.c.due_at).limit(limit)).all()
    jobs = [_job(row, OWNER) for row in rows]
    jobs += [_job(row, LEAD) for row in late if _leads_at(row.lead_at, row.sent_at, row.due_at, now)]
    jobs += [_job(row, row.level) for row in lost]
    return tuple(dict.fromkeys(jobs))


async def remind_one(
    casebook: Casebook,
    case_id: str,
    clock: str,
    due_at: datetime,
    level: int,
    channels: Sequence[Channel],
    *,
    worker: str,
    at: datetime,
) -> bool:
    """Send this reminder, unless it was sent, somebody is sending it, or nobody needs it any more; whether it was.

    Asked again, it does nothing. Raises NotSent where no channel took it: then it may be asked again.
    """
    job = Job(case_id, clock, due_at, level)
    claim = _claim(casebook, job, worker, at)
    if claim is None:
        return False
    said = Said()
    for channel in channels:
        await _send(channel, claim, job.key, said, PATIENCE_S / len(channels))
    if said.unsure or (said.lost and not said.reached):  # the claim stays; once it has run out, the channels are asked
        return False
    if said.reached or not claim.needed:
        return _end(casebook, job, worker, at, SENT if said.reached else DROPPED, said)
    _end(casebook, job, worker, at, FAILED, said)
    what = "; ".join(said.failed)[:300] or "there is none"
    raise NotSent(f"{case_id}: no channel took the reminder ({what}); it will be tried again")


async def _send(channel: Channel, claim: Claim, key: str, said: Said, patience_s: float) -> None:
    """Send it over one channel, where that has not happened before."""
    reminder = claim.reminder
    try:
        async with asyncio.timeout(patience_s):
            if not (claim.again and await _was_sent(channel, reminder, key, said)):
                if not claim.needed:
                    return
                again = channel.name in said.perhaps
                await channel.send(replace(reminder, text=f"{AGAIN}{reminder.text}") if again else reminder, key)
        said.reached.append(channel.name)
    except (PerhapsWritten, TimeoutError):
        if channel.name in said.perhaps:  # twice without an answer: enough, where it reaches somebody elsewhere
            said.lost.append(channel.name)
            said.failed.append(f"{channel.name} gave no answer twice and cannot be asked")
        else:
            said.unsure = True
    except EscalationError as error:
        said.failed.append(str(error))


async def _was_sent(channel: Channel, reminder: Reminder, key: str, said: Said) -> bool:
    """Raises PerhapsWritten where that cannot be asked just now: then nothing is sent, and it is asked again."""
    try:
        return await channel.find(reminder, key)
    except NotOffered:
        said.perhaps.append(channel.name)
        return False
    except EscalationError as error:
        raise PerhapsWritten(channel.name, str(error)) from None


def _claim(casebook: Casebook, job: Job, worker: str, at: datetime) -> Claim | None:
    """The reminder, if it is ours to send until the lease ends."""
    mine, clock = _row_of(job), and_(CLOCKS.c.name == job.clock, CLOCKS.c.due_at == job.due_at)
    with casebook.database.writing() as db:
        if not _lock(casebook, db, job):
            return None
        known = db.execute(select(REMINDERS).where(mine)).one_or_none()
        if known is not None and (known.state in (SENT, DROPPED) or known.claimed_until > at):
            return None
        row = db.execute(_clocks().where(CASES.c.number == number_of(job.case_id), clock)).one_or_none()
        needed, again = row is not None and _stands(db, job, row, at), known is not None and known.state == CLAIMED
        if not needed and known is None:
            return None
        claimed = {"claimed_by": worker, "claimed_until": at + LEASE, "state": CLAIMED}
        if known is None:
            key = {"case_number": number_of(job.case_id), "clock": job.clock, "due_at": job.due_at, "level": job.level}
            db.execute(insert(REMINDERS).values(key | claimed))
        else:
            db.execute(update(REMINDERS).where(mine).values(claimed))
        text = _text(row, trail.read(db, row.number), job, at) if row is not None and needed else ""
        return Claim(Reminder(job, "" if row is None else row.team, text), again, needed)


def _stands(db: Connection, job: Job, row: Row[Any], at: datetime) -> bool:
    """Whether this reminder is due; the lead's only after the owner's was sent, or could not be.

    That is half an interval later, but for an SLA or a promise no later than its time.
    """
    if job.level == OWNER:
        return (row.remind_at or job.due_at) <= at
    owners = db.execute(select(REMINDERS).where(_row_of(Job(job.case_id, job.clock, job.due_at, OWNER)))).one_or_none()
    return (
        owners is not None and owners.state in (SENT, FAILED) and _leads_at(row.lead_at, owners.sent_at, job.due_at, at)
    )


def _leads_at(lead_at: datetime | None, sent_at: datetime | None, due_at: datetime, at: datetime) -> bool:
    strict = lead_at is not None and lead_at <= due_at
    late = timedelta() if sent_at is None or strict else max(sent_at - due_at, timedelta())
    return lead_at is not None and lead_at + late <= at


def _end(casebook: Casebook, job: Job, worker: str, at: datetime, state: str, said: Said) -> bool:
    """Note what became of it, with an event where it was sent; whether it was, and still ours."""
    mine = and_(_row_of(job), REMINDERS.c.claimed_by == worker, REMINDERS.c.state == CLAIMED)
    with casebook.database.writing() as db:
        _lock(casebook, db, job)
        until = at + REST if state == FAILED else at
        values = {"state": state, "claimed_until": until, "sent_at": at if state == SENT else None}
        if db.execute(update(REMINDERS).where(mine).values(values)).rowcount != 1 or state != SENT:
            return False
        data: dict[str, Value] = {"clock": job.clock, "due_at": job.due_at.isoformat(), "level": job.level,
                "to": list(said.reached), "perhaps": list(said.perhaps)}  # fmt: skip
        why = _why(said)
        number = number_of(job.case_id)
        trail.append(db, number, "reminded", actor=f"code:{worker}", at=at, why=why, data=data)
    return True


def _why(said: Said) -> str:
    again = f"perhaps sent before to {', '.join(said.perhaps)}, which cannot be asked" if said.perhaps else ""
    failed = f"not sent: {'; '.join(said.failed)}" if said.failed else ""
    return "; ".join(filter(None, (again, failed)))[:500]


def _lock(casebook: Casebook, db: Connection, job: Job) -> bool:
    """Nobody else changes this case within this transaction; whether there is such a case."""
    mine = casebook.seen(select(CASES.c.number)).where(CASES.c.number == number_of(job.case_id))
    return db.execute(mine.with_for_update()).one_or_none() is not None


def _row_of(job: Job) -> ColumnElement[bool]:
    row = REMINDERS.c
    mine = and_(row.case_number == number_of(job.case_id), row.clock == job.clock)
    return and_(mine, row.due_at == job.due_at, row.level == job.level)


def _clocks() -> Select[Any]:
    return select(CLOCKS, CASES.c.number, CASES.c.title, CASES.c.team, CASES.c.status, CASES.c.severity).join(
        CASES, CASES.c.number == CLOCKS.c.case_number
    )


def _sent_of(clock_level: int, table: FromClause = REMINDERS) -> ColumnElement[bool]:
    same = and_(table.c.case_number == CLOCKS.c.case_number, table.c.clock == CLOCKS.c.name)
    return and_(same, table.c.due_at == CLOCKS.c.due_at, table.c.level == clock_level)


def _unsent(now: datetime) -> Select[Any]:
    """Clocks that are due or to be reminded of before, without a reminder to the owner."""
    found = _clocks().outerjoin(REMINDERS, _sent_of(OWNER))
    return found.where(or_(CLOCKS.c.due_at <= now, CLOCKS.c.remind_at <= now), REMINDERS.c.case_number.is_(None))


def _ignored(now: datetime) -> Select[Any]:
    """Clocks whose owner was reminded in vain, without a reminder to the lead."""
    found = (
        _clocks()
        .add_columns(OWNERS.c.sent_at)
        .join(OWNERS, and_(_sent_of(OWNER, OWNERS), OWNERS.c.state.in_((SENT, FAILED))))
    )
    found = found.outerjoin(REMINDERS, _sent_of(LEAD))
    return found.where(CLOCKS.c.lead_at <= now, REMINDERS.c.case_number.is_(None))


def _abandoned(now: datetime) -> Select[Any]:
    """Reminders that failed, or whose sender was not heard of again."""
    found = select(REMINDERS, REMINDERS.c.clock.label("name")).join(CASES, CASES.c.number == REMINDERS.c.case_number)
    return found.where(REMINDERS.c.state.in_((CLAIMED, FAILED)), REMINDERS.c.claimed_until <= now)


def _job(row: Row[Any], level: int) -> Job:
    return Job(f"{trail.PREFIX}{row.case_number}", row.name, row.due_at, level)


def _clock(row: Row[Any]) -> Clock:
    return Clock(row.name, row.kind, row.due_at, row.since, row.customer, row.why, row.lead_at, row.remind_at)


def _due(row: Row[Any], events: Sequence[Event], now: datetime) -> Due:
    clock, case_id = _clock(row), f"{trail.PREFIX}{row.number}"
    level = LEAD if clock.lead_at is not None and clock.lead_at <= now else OWNER
    text, suggested = draft(case_id, row.title, events, clock, now), tuple(_suggested(events))
    late = now - clock.due_at
    return Due(case_id, row.title, row.team, row.status, row.severity, clock, level, late, text, suggested)


def _text(row: Row[Any], events: Sequence[Event], job: Job, at: datetime) -> str:
    clock, local = _clock(row), state_of(events).rhythm.local
    whom = f" for {clock.customer}" if clock.customer else ""
    head = f"{job.case_id}{whom} ({row.severity}): {clock.why}. Due {local(clock.due_at)}."
    strict = clock.lead_at is not None and clock.lead_at <= clock.due_at
    waits = "Its time has come, and it is not noted as done." if strict else "Nobody has reacted to this reminder yet."
    ignored = f"{waits}\n" if job.level == LEAD else ""
    about = f"It is about: {row.title}\n" if clock.kind != "internal" else ""
    what = "A question to the team" if clock.kind == "internal" else "A draft for the customer"
    suggested = "".join(f"- {each}\n" for each in _suggested(events))
    listed = f"Suggested, for a person to decide:\n{suggested}" if suggested else ""
    text = safe(f"{ignored}{head}\n{about}{listed}").text
    said = draft(job.case_id, row.title, events, clock, at)
    return f"{text}Take it, put it off, or say why it is wrong.\n\n{what}:\n{said}"


def _suggested(events: Sequence[Event]) -> Iterator[str]:
    return map(noticed.suggestion, noticed.suggested(events))
