"""The cases, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from customer_escalation.casebook.state import STATUSES, NotAllowed
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line

if TYPE_CHECKING:
    from customer_escalation.casebook.store import Summary

LIVE = "live"
LONGEST = 200


def cases(office: Office, status: str = LIVE, limit: int = 50) -> Answer:
    """`{"cases": [{case_id, title, customer, status, severity, team, opened_at, next_due}], "read": "2 of 7 cases"}`.

    `status` is one of them, "live" for those that are not over, "all" or empty for all. `overdue` marks a case whose
    next clock is past. Raises NotAllowed for another word.
    """
    status = status.strip().lower().replace(" ", "_")
    if status not in ("", "all", LIVE, *STATUSES):
        raise NotAllowed(f"no status {status[:40]!r}; there are all, {LIVE}, {', '.join(STATUSES)}")
    found = office.casebook.summaries(status="" if status == "all" else status, limit=min(limit, LONGEST))
    read = f"{len(found)} of {office.casebook.count()} cases"
    more = {"more": "the list was cut; ask for one status or a higher limit"} if len(found) >= limit else {}
    return {"cases": [_case(office, each) for each in found], "read": read, **more}


def _case(office: Office, each: Summary) -> Answer:
    due = each.due_at
    return filled(
        case_id=each.id,
        title=line(each.title),
        customer=line(each.customer),
        status=each.status,
        severity=each.severity,
        team=each.team,
        opened_at=office.local(each.opened_at),
        next_due=None if due is None else office.local(due),
        overdue=True if due is not None and due <= office.now else None,
    )
