"""Opens a case for following up: its first event keeps of a result what everything later is worked out from."""

from __future__ import annotations

from datetime import datetime

from customer_escalation.brief import Result
from customer_escalation.casebook.events import Value
from customer_escalation.casebook.rhythm import dumped, rhythm_of
from customer_escalation.casebook.store import Casebook
from customer_escalation.settings import Setting


def open_case(casebook: Casebook, result: Result, setting: Setting, *, actor: str, customer: str = "") -> str:
    """Keep the result as a new case and give its id; an escalated one is followed up from now on.

    What support handles itself is kept without clocks until somebody escalates it.
    """
    case_id = casebook.add(result, customer=customer, workspace=setting.name, opened_at=result.now)
    if result.decision == "escalate":
        casebook.record(case_id, "opened", actor=actor, at=result.now, data=first(result, setting))
    return case_id


def first(result: Result, setting: Setting) -> dict[str, Value]:
    """What the first event says: how severe, whose work, which customers with which tickets, how often, by when."""
    due = _sla_due(result)
    return {
        "severity": result.severity,
        "target": result.target,
        "reporter": result.brief.reported_by,
        "customers": [{"name": each.name, "tickets": list(each.tickets)} for each in result.reporters],
        "rhythm": dumped(rhythm_of(setting.policy, setting.profile)),
        "sla_due_at": None if due is None else due.isoformat(),
    }


def _sla_due(result: Result) -> datetime | None:
    """The first SLA of the tickets that is still to come."""
    names = {f"T-{ticket}" for reporter in result.reporters for ticket in reporter.tickets}
    named = (row.fields.get("due_at") for row in result.evidence if row.id in names)
    coming = [at for at in named if isinstance(at, datetime) and at > result.now]
    return min(coming, default=None)
