"""What is to be done now, as values that a queue can carry, and how each is done, once however often it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from customer_escalation.casebook import outbox
from customer_escalation.casebook.proposals import expire
from customer_escalation.casebook.reminders import Job, remind_one, waiting
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.watching import Seen, watch
from customer_escalation.working import looks
from customer_escalation.working.worker import Worker
from escalation_connectors.errors import EscalationError

Kind = Literal["deliver", "remind", "look"]
Argument = str | int
AT_ONCE = 4_000


class Task(Struct, frozen=True):
    """One thing to be done. The same thing has the same key on every machine; the arguments are plain values."""

    kind: Kind
    key: str
    arguments: Mapping[str, Argument]


def ready(worker: Worker, kinds: Iterable[Kind] = ("deliver", "remind", "look")) -> tuple[Task, ...]:
    """What is to be done now, in this order. Raises CasebookError."""
    found: list[Task] = []
    for kind in kinds:
        found += READY[kind](worker)
    return tuple(found)


def _writes(worker: Worker) -> Iterable[Task]:
    expire(worker.casebook, actor=f"code:{worker.name}", at=worker.clock())
    for proposal in outbox.ready(worker.casebook, worker.clock()):
        yield Task("deliver", f"deliver {proposal}", {"proposal": proposal})


def _reminders(worker: Worker) -> Iterable[Task]:
    if not worker.channels:
        return
    for job in waiting(worker.casebook, worker.clock(), limit=AT_ONCE):
        due_at = job.due_at.isoformat()
        yield Task("remind", job.key, {"case": job.case_id, "clock": job.clock, "due_at": due_at, "level": job.level})


def _looks(worker: Worker) -> Iterable[Task]:
    for case_id in looks.wanted(worker.casebook, worker.clock()):
        yield Task("look", f"look {case_id}", {"case": case_id})


READY = {"deliver": _writes, "remind": _reminders, "look": _looks}


async def carry(worker: Worker, task: Task) -> bool:
    """Do it, unless somebody does it or did; whether it was done. What went wrong is said, and tried again later."""
    try:
        line = await DO[task.kind](worker, task.arguments)
    except EscalationError as error:
        worker.say(str(error))
        return False
    except Exception as error:  # noqa: BLE001 - one task must not end the worker
        worker.say(f"{task.kind} {' '.join(map(str, task.arguments.values()))}: unexpected {type(error).__name__}")
        return False
    if line:
        worker.say(line)
    return bool(line)


async def _deliver(worker: Worker, arguments: Mapping[str, Argument]) -> str:
    proposal_id = str(arguments["proposal"])
    try:
        done = await outbox.deliver(worker.casebook, proposal_id, worker.sinks, worker=worker.name, now=worker.clock())
    except NotAllowed:  # another worker was first, or a person changed their mind
        return ""
    why = f" ({done.error})" if done.error else ""
    return f"{done.case_id}: {done.kind} to {done.destination.to or done.destination.sink}: {done.state}{why}"


async def _remind(worker: Worker, arguments: Mapping[str, Argument]) -> str:
    job = Job(
        str(arguments["case"]),
        str(arguments["clock"]),
        datetime.fromisoformat(str(arguments["due_at"])),
        int(arguments["level"]),
    )
    name = (job.case_id, job.clock, job.due_at, job.level)
    sent = await remind_one(worker.casebook, *name, worker.channels, worker=worker.name, at=worker.clock())
    return f"{job.case_id}: reminded of {job.clock}{' (the lead)' if job.level else ''}" if sent else ""


async def _look(worker: Worker, arguments: Mapping[str, Argument]) -> str:
    case_id, now = str(arguments["case"]), worker.clock()
    if not looks.claim(worker.casebook, case_id, now):
        return ""
    seen = await watch(worker.casebook, case_id, worker.setting, actor=f"code:{worker.name}", now=now)
    looks.done(worker.casebook, case_id, now)
    return _said(seen)


def _said(seen: Seen) -> str:
    new = "; ".join(each.text for each in seen.news) or "nothing new"
    suggested = "".join(f"; suggested: {each.text}" for each in seen.suggestions)
    failed = f" (not read: {'; '.join(seen.failed)})" if seen.failed else ""
    return f"{seen.case_id}: looked at again: {new}{suggested}{failed}"


DO = {"deliver": _deliver, "remind": _remind, "look": _look}
