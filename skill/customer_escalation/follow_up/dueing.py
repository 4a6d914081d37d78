"""What is due now or soon in all cases, each with the drafted text, and what waits for a person's yes."""

from __future__ import annotations

from datetime import timedelta

from customer_escalation.casebook import reminders
from customer_escalation.follow_up import approving
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line

HOURS = 2.0
LONGEST = 200
LONGEST_LINE = 400


def due(office: Office, hours: float = HOURS, limit: int = 20) -> Answer:
    """`{"due": [{case_id, title, severity, status, clock, customer, why, due_at, overdue, lead, draft, suggested}],
    "now", "waiting": [{id, case_id, kind, to}], "more"}`, the longest overdue first.

    `hours` is how far ahead; `overdue` says by how much ("3 h 20 min"), `lead` that the lead's turn has come, `draft`
    is the text that serves the clock, to be proposed. `suggested` is what the last look at the sources suggests, with
    its evidence, once for each case: a person decides. `waiting` are the proposals that nobody has answered.
    """
    limit = max(1, min(limit, LONGEST))
    found = reminders.due(office.casebook, office.now, soon=timedelta(hours=hours), limit=limit + 1)
    waiting, listed = approving.pending(office), found[:limit]
    firsts = {each.case_id: number for number, each in reversed(list(enumerate(listed)))}
    return {
        "now": office.local(office.now),
        "due": [_due(office, each, firsts[each.case_id] == number) for number, each in enumerate(listed)],
        **filled(
            waiting=[{key: each[key] for key in ("id", "case_id", "kind", "to") if key in each} for each in waiting],
            more="the list was cut; ask for a higher limit" if len(found) > limit else "",
        ),
    }


def _due(office: Office, each: reminders.Due, is_first: bool) -> Answer:
    return filled(
        case_id=each.case_id,
        title=line(each.title, 120),
        severity=each.severity,
        status=each.status,
        clock=line(each.clock.name),
        customer=line(each.clock.customer),
        why=line(each.clock.why),
        due_at=office.local(each.clock.due_at),
        overdue=_long(each.overdue),
        lead=True if each.level == reminders.LEAD else None,
        draft=each.draft,
        suggested=[line(suggested, LONGEST_LINE) for suggested in each.suggested] if is_first else [],
    )


def _long(overdue: timedelta) -> str:
    minutes = int(overdue.total_seconds() // 60)
    if minutes < 0:
        return ""
    days, hours = divmod(minutes // 60, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"
