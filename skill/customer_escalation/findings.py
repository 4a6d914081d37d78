"""Findings: yes-or-no facts about a case that the policy's rules name, each with the rows that show it.

A finding is made from records and signals and from nothing else; `symptoms.py` makes those about the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from customer_escalation import rows, symptoms
from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import terms
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
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket


def _workaround(m: Material) -> Finding | None:
    if m.says("no_workaround") is not None:
        return None
    return first(m.says("workaround", roles=("customer", "agent", "engineer", "")), _article_of(m, {"workaround"}))


def _article_of(m: Material, kinds: set[str]) -> Finding | None:
    """An article of this kind that is about the problem: its title shares the problem's words."""
    primary = m.case.primary
    about = terms(m.case.understood.text) | (terms(problem_text(primary)) if primary else frozenset[str]())
    for article in m.case.articles:
        title = terms(article.title)
        if article.kind.lower() in kinds and len(title & about) >= max(2, 0.5 * len(title)):
            return Finding((rows.evidence_id("article", article.id),), article.title)
    return None


def _documented(m: Material) -> Finding | None:
    if m.ending.answered_by:
        return Finding(m.ending.answered_by, m.ending.answer)
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
        return Finding(cites)
    return m.says("high_value", roles=("agent", "engineer")) if m.case.gathered.match.account is None else None


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
    return first(_complaint(m), Finding((left.id,), "") if left is not None and not m.ending.settled_by else None)


def _left_alone(case: Case, hours: float) -> Evidence | None:
    """The customer's last words, where nobody of ours answered in public for longer than this."""
    for ticket in case.tickets:
        public = [row for row in case.comments(ticket) if row.public and row.at is not None]
        if not public or is_done(ticket) or public[-1].origin != "stated_by_customer":
            continue
        last = public[-1]
        if last.at is not None and case.now - last.at > timedelta(hours=hours):
            return last
    return None


def _waiting(m: Material) -> Finding | None:
    queue = m.impact.queue
    if queue is None or m.ending.settled_by or queue.hours <= m.case.policy.thresholds["waiting_hours"]:
        return None
    return Finding(queue.cites, queue.text)


def _resolved(m: Material) -> Finding | None:
    return Finding(m.ending.settled_by, m.ending.settled) if m.ending.settled_by else None


def _failed(m: Material) -> Finding | None:
    return Finding(m.ending.failed_by) if m.ending.failed_by else None


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
    "sla_breached": lambda m: m.rows(m.impact.breached),
    "sla_imminent": lambda m: m.rows(m.impact.imminent),
    "waiting_long": _waiting,
    "not_progressing": _silence,
    "unanswered_complaint": _complaint,
    "recurring": lambda m: m.states("recurring", roles=("customer", "agent", "engineer", "typed")),
    "growing": lambda m: Finding(m.impact.customers.cites) if m.impact.customers.growing else None,
}
NAMES = frozenset(MAKERS)


def find(case: Case, impact: Assessment, ending: Ending) -> Found:
    """Every finding that holds for this case."""
    material = Material(case, impact, ending)
    made = ((name, make(material)) for name, make in MAKERS.items())
    return {name: finding for name, finding in made if finding is not None}
