"""Opens a case for following up: its first event keeps of a result what everything later is worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from msgspec import Struct
from sqlalchemy import select

from customer_escalation.brief import Result, Severity
from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.owed import owed
from customer_escalation.casebook.rhythm import dumped, rhythm_of
from customer_escalation.casebook.sla import sla_of
from customer_escalation.casebook.state import OVER, Status
from customer_escalation.casebook.store import Casebook
from customer_escalation.casebook.tables import CASES, EVIDENCE
from customer_escalation.casebook.trail import PREFIX
from customer_escalation.settings import Setting
from customer_escalation.watching.look import tickets_of

MOST = 50  # cases that hold the ticket and are looked into


class Followed(Struct, frozen=True):
    """A case that is followed up already, and the ticket that it has."""

    case_id: str
    status: Status
    ticket: str

    @property
    def says(self) -> str:
        """In words."""
        return f"ticket {self.ticket} is followed up already as {self.case_id} ({self.status.replace('_', ' ')})"


def open_case(
    casebook: Casebook, result: Result, setting: Setting, *, actor: str, customer: str = "", follow: bool = True
) -> str:
    """Keep the result as a new case and give its id; an escalated one is followed up from now on.

    What support handles itself, or what is not to be followed up, is kept without clocks until somebody escalates it.
    """
    case_id = casebook.add(result, customer=customer, workspace=setting.name, opened_at=result.now)
    if follow and result.decision == "escalate":
        start(casebook, case_id, result, setting, first(result, setting), actor=actor, at=result.now)
    return case_id


def followed_as(casebook: Casebook, result: Result) -> Followed | None:
    """The case, of those seen here, that follows up the very ticket that an escalated result is about; the newest."""
    base = next(iter(tickets_of(result)), "") if result.decision == "escalate" else ""
    if not base:
        return None
    ticket = result.evidence[base].record
    holding = select(EVIDENCE.c.case_number).where(EVIDENCE.c.id == base)
    found = select(CASES.c.number).where(CASES.c.status.notin_(OVER), CASES.c.number.in_(holding))
    with casebook.database.reading() as db:
        numbers = db.execute(casebook.seen(found).order_by(CASES.c.number.desc()).limit(MOST)).scalars().all()
    for case_id in (f"{PREFIX}{number}" for number in numbers):
        state = casebook.state(case_id)
        if any(ticket in each.tickets for each in state.customers.values()):
            return Followed(case_id, state.status, ticket)
    return None


def start(
    casebook: Casebook,
    case_id: str,
    result: Result,
    setting: Setting,
    data: Mapping[str, Value],
    *,
    actor: str,
    at: datetime,
    why: str = "",
) -> Event:
    """Open the case with this first event, and note what its customers were promised before. Raises NotAllowed."""
    with casebook.database.together():
        opened = casebook.record(case_id, "opened", actor=actor, at=at, why=why, data=data)
        for text, promise in owed(result, setting, cast("Severity", data["severity"])):
            casebook.record(case_id, "promised", actor=actor, at=at, why=text, data=promise)
    return opened


def first(result: Result, setting: Setting) -> dict[str, Value]:
    """What the first event says: how severe, whose work, which customers with which tickets and SLAs, how often."""
    return {
        "severity": result.severity,
        "target": result.target,
        "reporter": result.brief.reported_by,
        "customers": [
            {"name": each.name, "tickets": list(each.tickets), "sla": sla_of(result, each.tickets)}
            for each in result.reporters
        ],
        "rhythm": dumped(rhythm_of(setting.policy, setting.profile)),
    }
