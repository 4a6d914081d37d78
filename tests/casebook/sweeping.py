"""A worker's round, one thing after the other: as `customer_escalation.working` does it, without a loop or a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.outbox import deliver, ready
from customer_escalation.casebook.proposals import expire
from customer_escalation.casebook.reminders import Channel, NotSent, remind_one, waiting
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.delivery import Sinks


async def sweep(casebook: Casebook, sinks: Sinks, *, worker: str, clock: Callable[[], datetime]) -> int:
    """Deliver everything that is approved and find out about what was left behind; says how many were acted on."""
    acted = expire(casebook, actor=f"code:{worker}", at=clock())
    for proposal_id in ready(casebook, clock()):
        try:
            await deliver(casebook, proposal_id, sinks, worker=worker, now=clock())
            acted += 1
        except NotAllowed:  # another worker was first, or a person changed their mind
            continue
    return acted


async def remind(casebook: Casebook, channels: Sequence[Channel], *, worker: str, clock: Callable[[], datetime]) -> int:
    """Send every reminder that is to be sent now; gives how many were. Raises CasebookError once all were tried."""
    sent, failed = 0, ""
    for job in waiting(casebook, clock()) if channels else ():
        name = (job.case_id, job.clock, job.due_at, job.level)
        try:
            sent += await remind_one(casebook, *name, channels, worker=worker, at=clock())
        except NotSent as error:
            failed = failed or str(error)
    if failed:
        raise NotSent(failed)
    return sent
