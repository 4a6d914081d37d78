"""The SLAs of a customer's tickets, as the sources tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from customer_escalation.brief import Result
from customer_escalation.casebook.events import Value
from customer_escalation.evidence import Evidence
from customer_escalation.rows import evidence_id
from customer_escalation.symptoms import ENDED

MET = re.compile(r"; SLA breached: no\b")


def sla_of(result: Result, tickets: Iterable[str]) -> list[Value]:
    """When the SLAs of these tickets fall due by this result, the next first; also what has passed and was not met."""
    found = (result.evidence.get(evidence_id("ticket", ticket)) for ticket in tickets)
    due = {at for row in found if row is not None and (at := _sla_due(row, result.now)) is not None}
    return [at.isoformat() for at in sorted(due)]


def is_over(ticket: Evidence) -> bool:
    """Whether the support platform holds the ticket for ended."""
    return str(ticket.fields.get("status") or "").lower() in ENDED


def _sla_due(ticket: Evidence, now: datetime) -> datetime | None:
    """None where it has none, where it was met, or where nobody waits for it any more."""
    at = ticket.fields.get("due_at")
    if not isinstance(at, datetime) or is_over(ticket):
        return None
    return None if at <= now and MET.search(ticket.text) else at
