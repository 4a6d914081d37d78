"""Findings: yes-or-no facts about a case that the policy's rules name, each with the rows that show it.

A finding is made from records and signals and from nothing else; `symptoms.py` makes those about the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from customer_escalation import rows, symptoms
from customer_escalation.case import Case
from customer_escalation.doubts import article_refuted, refutation
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import heard, one_line, terms
from customer_escalation.material import (
    ANYONE,
    CUSTOMER,
    REPORT,
    STAFF,
    Finding,
    Found,
    Material,
    both,
    first,
    of_signals,
)
from customer_escalation.related import is_done, problem_text
from customer_escalation.signals import cues_of, spoken
from escalation_connectors.records import Ticket

ASKED_TROUBLE = re.compile(
    r"\b(?:problem|issue|urgent|hurry|block(?:s|ed|ing)?|still (?:see|happen|occur|need)\w*|anything else|questions?)\b"
    r"[^.!?]*\?",
    re.I,
)
VALUED = re.compile(r"^(?:tier: \w[\w -]{0,30}|ARR: [A-Z]{0,3} ?[\d,.]+)\)*$")
NO = re.compile(r"^(?:hi|hello|dear)?\W*(?:\w+,\s*)?(?:no|nope|not really|none)\b", re.I)


def _workaround(m: Material) -> Finding | None:
    if m.says("no_workaround") is not None:
        return None
    said = m.case.signals.of("workaround", roles=("customer", "agent", "engineer", ""))
    return first(of_signals(s for s in said if _helps(m, s.row)), _article_of(m, {"workaround"}))


def _helps(m: Material, row_id: str) -> bool:
    """Whether nobody said that what this row advises did not help."""
    return refutation(m.case, m.case.ledger[row_id]) is None


def _article_of(m: Material, kinds: set[str]) -> Finding | None:
    """An article of this kind that is about the problem: its title shares the problem's words."""
    primary = m.case.primary
    about = terms(m.case.understood.text) | (terms(problem_text(primary)) if primary else frozenset[str]())
    for article in m.case.articles:
        title = terms(article.title)
        meant = article.kind.lower() in kinds and len(title & about) >= max(2, 0.5 * len(title))
        if meant and article_refuted(m.case, article.title) is None:
            return Finding((rows.evidence_id("article", article.id),), article.title)
    return None


def _documented(m: Material) -> Finding | None:
    answered = tuple(row for row in m.ending.answered_by if _helps(m, row))
    if answered:
        return Finding(answered, m.ending.answer if answered[0] == m.ending.answered_by[0] else "")
    if m.says("no_workaround", roles=STAFF) is not None:  # ours know the articles, and say that none helps here
        return None
    return _article_of(m, {"guide", "faq", "workaround"})


def _configuration(m: Material) -> Finding | None:
    return first(
        m.states("configuration", roles=("customer", "agent", "engineer")),
        m.states("own_side", roles=CUSTOMER),
        m.states("your_side", roles=STAFF),
    )


def _limitation(m: Material) -> Finding | None:
    return m.states("limitation", roles=STAFF)


def _solved_earlier(m: Material) -> Finding | None:
    family = m.case.gathered.family
    done = [t for t in (*family.earlier, *family.other_cause) if is_done(t) and not _went_up(t)]
    return m.rows(done[:3])


def _went_up(ticket: Ticket) -> bool:
    return any(comment.author.role == "engineer" for comment in ticket.comments.items) or bool(ticket.links)


def _several(m: Material, least: int) -> Finding | None:
    customers = m.impact.customers
    return Finding(customers.cites, customers.text) if customers.count >= least else None


def _pattern(m: Material) -> Finding | None:
    enough = m.impact.recent >= m.case.policy.thresholds["pattern_customers"]
    return (
        _several(m, 1)
        if enough and (symptoms.defect_reported(m) is not None or symptoms.feature_gap(m) is not None)
        else None
    )


def _high_value(m: Material) -> Finding | None:
    cites = tuple(rows.evidence_id("account", c.account.id) for c in m.impact.high_value if c.account is not None)
    if cites:
        return Finding(cites, "", ", ".join(_valued(m.case.ledger[cite]) for cite in cites[:4]))
    return m.says("high_value", roles=("agent", "engineer")) if m.case.gathered.match.account is None else None


def _valued(row: Evidence) -> str:
    """The account with what makes it one of high value: its tier and its ARR, as far as they are known."""
    known = [part for part in heard(row.text).partition(" (")[2].split("; ") if VALUED.match(part)]
    return f"{heard(row.title)} ({'; '.join(known).rstrip(')')})" if known else heard(row.title)


def _several_high_value(m: Material) -> Finding | None:
    return _high_value(m) if len(m.impact.high_value) >= 2 else None


def _at_risk(m: Material) -> Finding | None:
    pressed = first(
        symptoms.blocked(m) if symptoms.defect_reported(m) is not None else None,
        symptoms.server_fault(m),
        symptoms.production_down(m),
        _churn(m),
        m.rows(m.impact.breached),
        m.says("executive", roles=("customer", "agent")),
    )
    return both(_high_value(m), pressed)


def _churn(m: Material) -> Finding | None:
    said = m.case.signals.of("churn", roles=("customer", "agent", "typed", ""))
    return of_signals(s for s in said if not ({"billing"} <= cues_of(s.sentence) and "cancel" in s.sentence.lower()))


def _legal(m: Material) -> Finding | None:
    return m.says("legal", "public", roles=("customer", "agent", "typed"))


def _billing(m: Material) -> Finding | None:
    return m.says("billing", "refund", roles=REPORT)


def _question(m: Material) -> Finding | None:
    return m.says("question", roles=("customer", "typed"))


def _complaint(m: Material) -> Finding | None:
    return m.says("no_answer", roles=("customer", "agent", "typed"))


def _silence(m: Material) -> Finding | None:
    """The customer complains of silence, or spoke last and was left alone for longer than the policy allows."""
    left = _left_alone(m.case, m.case.policy.thresholds["silence_hours"])
    return first(_complaint(m), _alone(left) if left is not None and not m.ending.settled_by else None)


def _alone(row: Evidence) -> Finding:
    """Since when the customer's last words have stood without a public answer, and what they ask or tell."""
    said = spoken(row.text) or (heard(row.text),)
    telling = [s for s in said if len(s) > 15]
    asked = next((s for s in telling if s.endswith("?")), telling[0] if telling else said[0])
    return Finding((row.id,), asked, f"no public answer since {rows.stamp(row.at)} to “{one_line(asked, 200)}”")


def _left_alone(case: Case, hours: float) -> Evidence | None:
    """The customer's last words, where nobody of ours answered in public for longer than this."""
    for ticket in case.tickets:
        public = [row for row in case.comments(ticket) if row.public and row.at is not None]
        if not public or is_done(ticket) or public[-1].origin != "stated_by_customer":
            continue
        last = public[-1]
        if last.at is not None and case.now - last.at > timedelta(hours=hours) and not _no_trouble(public):
            return last
    return None


def _no_trouble(public: Sequence[Evidence]) -> bool:
    """Whether the last words answer "is it a problem for you?" with no: nothing waits for an answer then."""
    if len(public) < 2 or public[-2].origin != "stated_by_staff":
        return False
    asked, answer = heard(public[-2].text), heard(public[-1].text)
    return bool(ASKED_TROUBLE.search(asked)) and bool(NO.match(answer)) and "?" not in answer


def _waiting(m: Material) -> Finding | None:
    queue = m.impact.queue
    if queue is None or m.ending.settled_by or queue.hours <= m.case.policy.thresholds["waiting_hours"]:
        return None
    return Finding(queue.cites, queue.text)


def _growing(m: Material) -> Finding | None:
    """More customers came, the latest lately; with the first and the latest report."""
    if not m.impact.customers.growing:
        return None
    reports = sorted((t.created_at, m.case.ticket_row(t), t.id) for t in m.case.tickets)
    (began, first_row, first_id), (came, last_row, last_id) = reports[0], reports[-1]
    told = f"ticket {first_id} came at {rows.stamp(began)}, ticket {last_id} at {rows.stamp(came)}"
    return Finding((first_row, last_row), "", told)


def _resolved(m: Material) -> Finding | None:
    return Finding(m.ending.settled_by, m.ending.settled) if m.ending.settled_by else None


def _failed(m: Material) -> Finding | None:
    return Finding(m.ending.failed_by) if m.ending.failed_by else None


def _sla(m: Material, tickets: tuple[Ticket, ...]) -> Finding | None:
    """The tickets whose clocks ran out or soon will, with the moments."""
    found = m.rows(tickets)
    if found is None:
        return None
    return Finding(found.cites, "", "; ".join(_due(ticket, m.case.now) for ticket in tickets[:6]))


def _due(ticket: Ticket, now: datetime) -> str:
    due = ticket.sla.due_at if ticket.sla else None
    if due is None:
        return f"ticket {ticket.id}, by the support platform's own mark"
    return f"ticket {ticket.id} {'was due at' if due < now else 'is due at'} {rows.stamp(due)}"


def _typed_or(cue: str) -> Callable[[Material], Finding | None]:
    return lambda m: m.says(cue, roles=ANYONE)


MAKERS: Mapping[str, Callable[[Material], Finding | None]] = {
    "documented_solution": _documented,
    "known_workaround": _workaround,
    "blocked_despite_workaround": lambda m: m.says("no_workaround"),
    "configuration_cause": _configuration,
    "guidance_question": _question,
    "defect_reported": symptoms.defect_reported,
    "billing_request": _billing,
    "known_limitation": _limitation,
    "resolved_here": _resolved,
    "solved_earlier_in_support": _solved_earlier,
    "solution_failed": _failed,
    "bug_confirmed": symptoms.bug_confirmed,
    "proven_defect": symptoms.proven_defect,
    "tracked_defect": symptoms.tracked_defect,
    "infrastructure_fault": symptoms.infrastructure,
    "data_loss": symptoms.data_loss,
    "data_at_risk": symptoms.data_at_risk,
    "undiagnosed_defect": symptoms.undiagnosed,
    "defect_with_evidence": symptoms.with_evidence,
    "access_needed": _typed_or("access"),
    "custom_implementation": _typed_or("custom"),
    "support_exhausted": lambda m: m.says("handover", roles=(*STAFF, "typed")),
    "sent_to_engineering": lambda m: m.states("for_engineering", roles=STAFF),
    "sent_to_management": lambda m: m.says("for_management", roles=STAFF),
    "exception_requested": lambda m: m.says("exception", roles=(*REPORT, "agent")),
    "feature_gap": symptoms.feature_gap,
    "several_customers": lambda m: _several(m, 2),
    "pattern": _pattern,
    "production_down": symptoms.production_down,
    "security_concern": symptoms.security,
    "security_limited": lambda m: m.says("security_limited", roles=STAFF),
    "production_affected": lambda m: m.says("production", roles=REPORT),
    "blocked": symptoms.blocked,
    "high_value_customer": _high_value,
    "several_high_value": _several_high_value,
    "high_value_at_risk": _at_risk,
    "churn_threat": _churn,
    "executive_request": _typed_or("executive"),
    "legal_or_public": _legal,
    "sla_breached": lambda m: _sla(m, m.impact.breached),
    "sla_imminent": lambda m: _sla(m, m.impact.imminent),
    "waiting_long": _waiting,
    "not_progressing": _silence,
    "unanswered_complaint": _complaint,
    "recurring": lambda m: m.states("recurring", roles=("customer", "agent", "engineer", "typed")),
    "growing": _growing,
}
NAMES = frozenset(MAKERS)


def find(case: Case, impact: Assessment, ending: Ending) -> Found:
    """Every finding that holds for this case."""
    material = Material(case, impact, ending)
    made = ((name, make(material)) for name, make in MAKERS.items())
    return {name: finding for name, finding in made if finding is not None}
