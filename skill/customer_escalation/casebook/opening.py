"""Opens a case for following up: its first event keeps of a result what everything later is worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from customer_escalation.brief import Result, Severity
from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.owed import owed
from customer_escalation.casebook.rhythm import dumped, rhythm_of
from customer_escalation.casebook.sla import sla_of
from customer_escalation.casebook.store import Casebook
from customer_escalation.settings import Setting


def open_case(casebook: Casebook, result: Result, setting: Setting, *, actor: str, customer: str = "") -> str:
    """Keep the result as a new case and give its id; an escalated one is followed up from now on.

    What support handles itself is kept without clocks until somebody escalates it.
    """
    case_id = casebook.add(result, customer=customer, workspace=setting.name, opened_at=result.now)
    if result.decision == "escalate":
        start(casebook, case_id, result, setting, first(result, setting), actor=actor, at=result.now)
    return case_id


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
