"""Opens a case for following up: its first event keeps of a result what everything later is worked out from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from customer_escalation.brief import Result
from customer_escalation.casebook.events import Value
from customer_escalation.casebook.rhythm import dumped, rhythm_of
from customer_escalation.casebook.store import Casebook
from customer_escalation.evidence import Evidence
from customer_escalation.rows import evidence_id
from customer_escalation.settings import Setting
from customer_escalation.symptoms import ENDED

MET = re.compile(r"; SLA breached: no\b")


def open_case(casebook: Casebook, result: Result, setting: Setting, *, actor: str, customer: str = "") -> str:
    """Keep the result as a new case and give its id; an escalated one is followed up from now on.

    What support handles itself is kept without clocks until somebody escalates it.
    """
    case_id = casebook.add(result, customer=customer, workspace=setting.name, opened_at=result.now)
    if result.decision == "escalate":
        casebook.record(case_id, "opened", actor=actor, at=result.now, data=first(result, setting))
    return case_id


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


def sla_of(result: Result, tickets: Iterable[str]) -> list[Value]:
    """When the SLAs of these tickets fall due by this result, the next first; also what has passed and was not met."""
    found = (result.evidence.get(evidence_id("ticket", ticket)) for ticket in tickets)
    due = {at for row in found if row is not None and (at := _sla_due(row, result.now)) is not None}
    return [at.isoformat() for at in sorted(due)]


def _sla_due(ticket: Evidence, now: datetime) -> datetime | None:
    """None where it has none, where it was met, or where nobody waits for it any more."""
    at = ticket.fields.get("due_at")
    if not isinstance(at, datetime) or str(ticket.fields.get("status") or "").lower() in ENDED:
        return None
    return None if at <= now and MET.search(ticket.text) else at
