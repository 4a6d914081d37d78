"""Findings: yes-or-no facts about a case that the policy's rules name, each with the rows that show it.

A finding is made here from records and signals and from nothing else. Labels and priorities in a source are evidence,
never a finding by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from customer_escalation import rows
from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import heard, signatures, terms
from customer_escalation.related import is_done, problem_text
from customer_escalation.signals import Signal, cues_of
from escalation_connectors.records import Ticket

CUSTOMER, TYPED, REPORT = ("customer",), ("typed",), ("customer", "agent", "typed", "")
STAFF = ("agent", "engineer", "system")
FEATURE_TAGS = ("feature", "enhancement")
OPEN_ENDED = {
    "done",
    "closed",
    "resolved",
    "fixed",
    "released",
    "wont fix",
    "won't fix",
    "cancelled",
    "canceled",
    "duplicate",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the rows that show it, and the sentence of the first."""

    cites: tuple[str, ...]
    said: str = ""


Found = Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class Material:
    """What the makers of findings work on."""

    case: Case
    impact: Assessment
    ending: Ending

    def says(self, *cues: str, roles: tuple[str, ...] = ()) -> Finding | None:
        """The rows in which anyone of these roles says so."""
        return of_signals(self.case.signals.of(*cues, roles=roles))

    def states(self, *cues: str, roles: tuple[str, ...] = ()) -> Finding | None:
        """Like `says`, without questions and guesses."""
        return of_signals(self.case.signals.sure(*cues, roles=roles))

    def rows(self, tickets: Iterable[Ticket]) -> Finding | None:
        """The tickets' own rows."""
        cites = tuple(self.case.ticket_row(ticket) for ticket in tickets)
        return Finding(cites) if cites else None


def of_signals(signals: Iterable[Signal]) -> Finding | None:
    """The rows of these signals, what the records say before what was typed."""
    known = sorted(signals, key=lambda s: s.role == "typed")
    if not known:
        return None
    return Finding(tuple(dict.fromkeys(signal.row for signal in known))[:6], known[0].sentence)


def _first(*findings: Finding | None) -> Finding | None:
    return next((finding for finding in findings if finding is not None), None)


def _both(one: Finding | None, other: Finding | None) -> Finding | None:
    if one is None or other is None:
        return None
    return Finding(tuple(dict.fromkeys((*one.cites, *other.cites))), one.said)


def _security(m: Material) -> Finding | None:
    return _first(m.says("security", roles=("customer", "agent", "engineer", "typed", "")))


def _production_down(m: Material) -> Finding | None:
    whole = m.says("down", roles=REPORT)
    if whole is not None and not _only_test(m):
        return whole
    core = [s for s in m.case.signals.of("core_function", roles=REPORT) if "intermittent" not in cues_of(s.sentence)]
    hard = m.says("blocked", "server_fault", roles=REPORT)
    everyone = [s for s in core if _many(s.sentence)]
    return of_signals(everyone) if hard is not None else None


def _many(sentence: str) -> bool:
    words = set(sentence.lower().replace(",", " ").split())
    plural = {
        "customers",
        "users",
        "everyone",
        "everybody",
        "all",
        "nobody",
        "shoppers",
        "buyers",
        "employees",
        "members",
    }
    return bool(words & plural)


def _only_test(m: Material) -> bool:
    texts = [heard(row.text).lower() for row in m.case.thread_rows() if row.origin == "stated_by_customer"]
    marks = ("staging", "pre-prod", "preprod", "sandbox", "test environment", "dev environment", "local machine")
    return bool(texts) and all(any(mark in text for mark in marks) for text in texts)


def _data_loss(m: Material) -> Finding | None:
    if m.states("data_safe", roles=STAFF) is not None:
        return None
    return of_signals(s for s in m.case.signals.sure("data_loss", roles=REPORT) if not _second_hand(s))


def _second_hand(signal: Signal) -> bool:
    """Vague hearsay ("some users reported") does not confirm a loss."""
    low = signal.sentence.lower()
    return signal.role == "typed" or any(
        word in low for word in ("some users", "reported me", "users report", "says that", "claims")
    )


def _data_at_risk(m: Material) -> Finding | None:
    return _first(
        m.says("data_loss", roles=REPORT),
        m.says("data_incomplete", roles=("customer", "agent", "engineer", "typed", "")),
    )


def _defect_reported(m: Material) -> Finding | None:
    hard = m.says(
        "error", "server_fault", "down", "data_loss", "data_incomplete", "core_function", "regression", roles=REPORT
    )
    hard = hard or _bug_form(m)
    soft = m.says("blocked", "slow", roles=REPORT)
    if hard is None and (_feature(m) is not None or _billing(m) is not None):
        return None
    return hard or soft


def _bug_form(m: Material) -> Finding | None:
    """A report that tells what happened instead of what was expected."""
    forms = (row for row in m.case.thread_rows() if "actual" in (low := row.text.lower()) and "expected" in low)
    return next((Finding((row.id,)) for row in forms), None)


def _bug_confirmed(m: Material) -> Finding | None:
    if not _has_defect(m):
        return None
    return _first(m.states("confirmed", roles=("agent", "engineer", "customer")), _label(m, "confirmed"))


def _label(m: Material, word: str) -> Finding | None:
    return m.rows(t for t in m.case.tickets if any(word in tag.lower() for tag in t.tags))


def _has_defect(m: Material) -> bool:
    return _defect_reported(m) is not None


def _tracked_defect(m: Material) -> Finding | None:
    """An open bug or incident in the tracker that is linked with the case."""
    ids = {ticket.id for ticket in m.case.tickets}
    links = {link.rstrip("/").rsplit("/", 1)[-1] for ticket in m.case.tickets for link in ticket.links}
    keys = [
        issue.key
        for issue in m.case.issues
        if issue.kind.lower() in {"bug", "incident"}
        and issue.status.lower() not in OPEN_ENDED
        and issue.resolved_at is None
        and (issue.key in links or ids & set(issue.links))
    ]
    return Finding(tuple(rows.evidence_id("issue", key) for key in keys)) if keys else None


def _infrastructure(m: Material) -> Finding | None:
    return _first(
        m.says("infrastructure", roles=(*REPORT, "engineer")), m.says("server_fault", roles=(*REPORT, "engineer"))
    )


def _feature(m: Material) -> Finding | None:
    asked = m.says("feature", roles=REPORT)
    tagged = m.rows(t for t in m.case.tickets if any(mark in tag.lower() for tag in t.tags for mark in FEATURE_TAGS))
    tracked = [i for i in m.case.issues if i.kind.lower() == "feature"]
    linked = Finding(tuple(rows.evidence_id("issue", issue.key) for issue in tracked)) if tracked else None
    hard = m.says("error", "server_fault", "down", "data_loss", "data_incomplete", roles=REPORT)
    if hard is not None and tagged is None and linked is None:
        return None
    return _first(asked, tagged, linked)


def _feature_gap(m: Material) -> Finding | None:
    return _feature(m)


def _workaround(m: Material) -> Finding | None:
    if m.says("no_workaround") is not None:
        return None
    return _first(m.says("workaround", roles=("customer", "agent", "engineer", "")), _article_of(m, {"workaround"}))


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
    return _first(
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


def _undiagnosed(m: Material) -> Finding | None:
    if not _has_defect(m) or _bug_confirmed(m) is not None or m.ending.settled_by:
        return None
    return _first(m.says("cannot_reproduce", roles=STAFF), _defect_reported(m))


def _with_evidence(m: Material) -> Finding | None:
    """A defect that comes with something to work on: error text, request ids, steps, a version it began with."""
    marked: list[str] = []
    for row in m.case.thread_rows():
        cues = {cue for s in m.case.signals.in_rows([row.id]).all for cue in (s.cue,)}
        steps = "steps to reproduce" in row.text.lower() or "```" in row.text
        if (
            signatures(heard(row.text))
            or steps
            or cues & {"server_fault", "regression", "data_incomplete", "core_function"}
        ):
            marked.append(row.id)
    return Finding(tuple(marked)) if marked and _has_defect(m) else None


def _several(m: Material, least: int) -> Finding | None:
    customers = m.impact.customers
    return Finding(customers.cites, customers.text) if customers.count >= least else None


def _pattern(m: Material) -> Finding | None:
    enough = m.impact.recent >= m.case.policy.thresholds["pattern_customers"]
    return _several(m, 1) if enough and (_has_defect(m) or _feature(m) is not None) else None


def _high_value(m: Material) -> Finding | None:
    cites = tuple(rows.evidence_id("account", c.account.id) for c in m.impact.high_value if c.account is not None)
    if cites:
        return Finding(cites)
    return m.says("high_value", roles=("agent", "engineer")) if m.case.gathered.match.account is None else None


def _several_high_value(m: Material) -> Finding | None:
    return _high_value(m) if len(m.impact.high_value) >= 2 else None


def _at_risk(m: Material) -> Finding | None:
    pressed = _first(
        _blocked(m) if _has_defect(m) else None,
        _server_fault(m),
        _production_down(m),
        _churn(m),
        m.rows(m.impact.breached),
        m.says("executive", roles=("customer", "agent")),
    )
    return _both(_high_value(m), pressed)


def _server_fault(m: Material) -> Finding | None:
    return m.says("server_fault", "core_function", roles=REPORT)


def _blocked(m: Material) -> Finding | None:
    return m.says("blocked", "core_function", "server_fault", roles=REPORT)


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
    return _first(_complaint(m), Finding((left.id,), "") if left is not None and not m.ending.settled_by else None)


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
    return lambda m: m.says(cue, roles=("customer", "agent", "engineer", "typed", ""))


MAKERS: Mapping[str, Callable[[Material], Finding | None]] = {
    "documented_solution": _documented,
    "known_workaround": _workaround,
    "blocked_despite_workaround": lambda m: m.says("no_workaround"),
    "configuration_cause": _configuration,
    "guidance_question": _question,
    "defect_reported": _defect_reported,
    "billing_request": _billing,
    "known_limitation": _limitation,
    "resolved_here": _resolved,
    "solved_earlier_in_support": _solved_earlier,
    "solution_failed": _failed,
    "bug_confirmed": _bug_confirmed,
    "tracked_defect": _tracked_defect,
    "infrastructure_fault": _infrastructure,
    "data_loss": _data_loss,
    "data_at_risk": _data_at_risk,
    "undiagnosed_defect": _undiagnosed,
    "defect_with_evidence": _with_evidence,
    "access_needed": _typed_or("access"),
    "custom_implementation": _typed_or("custom"),
    "feature_gap": _feature_gap,
    "several_customers": lambda m: _several(m, 2),
    "pattern": _pattern,
    "production_down": _production_down,
    "security_concern": _security,
    "blocked": _blocked,
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
