"""What is broken or wanted: the findings that come from what people report of the product.

A label in a source is evidence, never a finding by itself; hearsay and questions do not confirm a loss.
"""

from __future__ import annotations

import re

from customer_escalation import rows
from customer_escalation.language import heard, signatures
from customer_escalation.lexicon import marks_of
from customer_escalation.material import ANYONE, REPORT, STAFF, Finding, Material, first, of_signals
from customer_escalation.signals import Signal, cues_of

FEATURE_TAGS = ("feature", "enhancement")
ENDED = frozenset(["done", "closed", "resolved", "fixed", "released", "cancelled", "canceled", "duplicate"]) | {
    "wont fix",
    "won't fix",
}
MANY = frozenset(("customers", "users", "everyone", "everybody", "nobody", "shoppers", "buyers", "members"))
WORD = re.compile(r"[a-z]+")
HEARSAY = ("some users", "reported me", "users report", "says that", "claims")
NO_PRODUCTION = ("staging", "pre-prod", "preprod", "sandbox", "test environment", "dev environment", "local machine")


def security(m: Material) -> Finding | None:
    """Someone can see, reach or take what is not theirs, or ours call the people in charge of that."""
    return first(m.says("security", roles=ANYONE), m.says("for_security", roles=STAFF))


def production_down(m: Material) -> Finding | None:
    """A whole production system, or a core function for everyone, does not work."""
    whole = m.says("down", roles=REPORT)
    if whole is not None and not _only_test(m):
        return whole
    core = [s for s in m.case.signals.of("core_function", roles=REPORT) if "intermittent" not in cues_of(s.sentence)]
    hard = m.says("blocked", "server_fault", roles=REPORT)
    everyone = [s for s in core if _many(s.sentence)]
    return of_signals(everyone) if hard is not None else None


def _many(sentence: str) -> bool:
    return not MANY.isdisjoint(WORD.findall(sentence.lower()))


def _only_test(m: Material) -> bool:
    texts = [heard(row.text).lower() for row in m.case.thread_rows() if row.origin == "stated_by_customer"]
    return bool(texts) and all(any(mark in text for mark in NO_PRODUCTION) for text in texts)


def data_loss(m: Material) -> Finding | None:
    """Data is said to be lost or corrupted, first hand, and none of ours says it is safe."""
    unanswered = not m.ending.answered_by or m.ending.failed_by
    if m.states("data_safe", roles=(*STAFF, "customer")) is not None or not unanswered or feature_gap(m) is not None:
        return None
    told = m.case.signals.sure("data_loss", roles=(*REPORT, "engineer"))
    return of_signals(signal for signal in told if not _second_hand(signal))


def _second_hand(signal: Signal) -> bool:
    """Vague hearsay ("some users reported") does not confirm a loss."""
    return signal.role == "typed" or any(word in signal.sentence.lower() for word in HEARSAY)


def data_at_risk(m: Material) -> Finding | None:
    """Data is lost, missing or wrong somewhere, confirmed or not."""
    if feature_gap(m) is not None:
        return None
    return first(
        m.says("data_loss", roles=REPORT),
        m.says("data_incomplete", roles=ANYONE),
    )


def defect_reported(m: Material) -> Finding | None:
    """Something is reported as not working; what one customer is billed is a request, what many are is a defect."""
    hard = m.says(
        "error", "server_fault", "down", "data_loss", "data_incomplete", "core_function", "regression", roles=REPORT
    )
    hard = hard or _bug_form(m)
    soft = m.says("blocked", "slow", roles=REPORT)
    billed = m.says("billing", "refund", roles=REPORT)
    if hard is None and feature_gap(m) is not None:
        return None
    if hard is None and billed is not None:
        return billed if m.impact.recent >= m.case.policy.thresholds["pattern_customers"] else None
    return hard or soft


def _bug_form(m: Material) -> Finding | None:
    """A report that tells what happened instead of what was expected."""
    forms = (row for row in m.case.thread_rows() if "actual" in (low := heard(row.text).lower()) and "expected" in low)
    return next((Finding((row.id,)) for row in forms), None)


def bug_confirmed(m: Material) -> Finding | None:
    """Someone reproduced it, or ours call it a bug."""
    if not _has_defect(m):
        return None
    return first(m.states("confirmed", roles=("agent", "engineer", "customer")), _label(m, "confirmed"))


def _label(m: Material, word: str) -> Finding | None:
    return m.rows(t for t in m.case.tickets if any(word in tag.lower() for tag in t.tags))


def _has_defect(m: Material) -> bool:
    return defect_reported(m) is not None


def tracked_defect(m: Material) -> Finding | None:
    """An open bug or incident in the tracker that is linked with the case."""
    ids = {ticket.id for ticket in m.case.tickets}
    links = {link.rstrip("/").rsplit("/", 1)[-1] for ticket in m.case.tickets for link in ticket.links}
    keys = [
        issue.key
        for issue in m.case.issues
        if issue.kind.lower() in {"bug", "incident"}
        and issue.status.lower() not in ENDED
        and issue.resolved_at is None
        and (issue.key in links or ids & set(issue.links))
    ]
    return Finding(tuple(rows.evidence_id("issue", key) for key in keys)) if keys else None


def proven_defect(m: Material) -> Finding | None:
    """A defect beyond doubt: confirmed, tracked, or plain from what the server or the data shows."""
    served = m.says("server_fault", roles=REPORT)
    return first(bug_confirmed(m), tracked_defect(m), production_down(m), data_loss(m), served)


def infrastructure(m: Material) -> Finding | None:
    """Servers, clusters, networks or the like are at fault, or the server answers with errors."""
    return first(
        m.says("infrastructure", roles=(*REPORT, "engineer")), m.says("server_fault", roles=(*REPORT, "engineer"))
    )


def undiagnosed(m: Material) -> Finding | None:
    """A defect that nobody has confirmed or settled."""
    if not _has_defect(m) or bug_confirmed(m) is not None or m.ending.settled_by:
        return None
    return first(m.says("cannot_reproduce", roles=STAFF), defect_reported(m))


def with_evidence(m: Material) -> Finding | None:
    """A defect that comes with something to work on: error text, request ids, steps, a version it began with."""
    marked: list[str] = []
    for row in m.case.thread_rows():
        cues = {signal.cue for signal in m.case.signals.in_rows([row.id]).all}
        said = heard(row.text)
        steps = "```" in said or any("steps_heading" in marks_of(line) for line in said.split("\n"))
        if signatures(said) or steps or cues & {"server_fault", "regression", "data_incomplete", "core_function"}:
            marked.append(row.id)
    return Finding(tuple(marked)) if marked and _has_defect(m) else None


def server_fault(m: Material) -> Finding | None:
    """The server fails, or a core function does."""
    return m.says("server_fault", "core_function", roles=REPORT)


def blocked(m: Material) -> Finding | None:
    """Someone cannot do their work."""
    return m.says("blocked", "core_function", "server_fault", roles=REPORT)


def feature_gap(m: Material) -> Finding | None:
    """A missing feature is asked for, and nothing is broken."""
    asked = first(m.says("feature", roles=REPORT), m.says("for_product", roles=STAFF))
    tagged = m.rows(t for t in m.case.tickets if any(mark in tag.lower() for tag in t.tags for mark in FEATURE_TAGS))
    wished = m.rows(t for t in m.case.tickets if "wish" in marks_of(heard(t.subject)))
    tracked = [i for i in m.case.issues if i.kind.lower() == "feature"]
    linked = Finding(tuple(rows.evidence_id("issue", issue.key) for issue in tracked)) if tracked else None
    hard = m.says("error", "server_fault", "down", "data_loss", "data_incomplete", roles=REPORT)
    if hard is not None and tagged is None and linked is None:
        return None
    if asked is None and wished is None and m.says("down", "data_loss", "data_incomplete", roles=REPORT) is not None:
        return None  # a label alone does not turn an outage or a loss into a wish
    return first(asked, wished, tagged, linked)
