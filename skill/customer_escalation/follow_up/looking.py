"""One look at the sources of a case: what is new, and what to do about it. Acting on it stays a person's."""

from __future__ import annotations

from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line
from customer_escalation.follow_up.showing import standing
from customer_escalation.watching import watch


async def look(office: Office, case_id: str) -> Answer:
    """`{case_id, requests, news: [{kind, text, cites, customer, due_at}], suggestions: [{kind, to, condition, text,
    cites}], failed, **standing}`. Raises UnknownCase, CasebookError where somebody else changed it meanwhile.
    """
    seen = await watch(office.casebook, case_id, office.setting, actor=office.actor, now=office.now)
    news = [
        filled(
            kind=each.kind,
            text=line(each.text),
            cites=list(each.cites),
            customer=line(each.customer),
            due_at=None if each.due_at is None else office.local(each.due_at),
        )
        for each in seen.news
    ]
    suggestions = [
        filled(kind=each.kind, to=line(each.to), condition=each.condition, text=line(each.text), cites=list(each.cites))
        for each in seen.suggestions
    ]
    found = filled(news=news, suggestions=suggestions, failed=[line(each) for each in seen.failed])
    return {"case_id": seen.case_id, "requests": seen.requests, **found, **standing(office, seen.case_id)}
