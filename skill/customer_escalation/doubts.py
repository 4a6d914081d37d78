"""What later rows of the same thread say against a finding: an alarm that was taken back, an answer that did not help.

A finding that the records refute is shown as refuted, with the row that does so, and not as holding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from customer_escalation.brief import Reason
from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import heard
from customer_escalation.material import Finding, Found
from customer_escalation.rows import evidence_id
from customer_escalation.signals import cues_of, spoken
from customer_escalation.troubleshooting import PLAIN, reply_to

ALARMS = (
    "defect_reported", "undiagnosed_defect", "defect_with_evidence", "data_loss", "data_at_risk", "production_down",
    "infrastructure_fault", "production_affected", "blocked", "high_value_at_risk",
)  # fmt: skip
REOPENS = {"solution_failed", "recurring", "no_answer"}
REFUTES = {"solution_failed", "refuses"}
AGREES = {"solved", "accepts", "well"}


class Doubts(Struct, frozen=True):
    """By finding, the row that takes it back; by criterion, what stands in place of "not found"."""

    taken_back: Mapping[str, Evidence]
    instead: Mapping[str, Reason]


def doubts(case: Case, impact: Assessment, found: Found) -> Doubts:
    """Everything that speaks against what was found, or explains what was not."""
    back = retractions(case)
    taken = {name: row for name in ALARMS if name in found and (row := _taken_back(case, found[name], back))}
    instead = (*_answers_refuted(case, found), *_outside_the_window(case, impact, found))
    return Doubts(taken, {reason.criterion: reason for reason in instead})


def believed(found: Found, against: Doubts) -> Found:
    """The findings that nobody took back."""
    return {name: finding for name, finding in found.items() if name not in against.taken_back}


def retractions(case: Case) -> Mapping[str, Evidence]:
    """By thread, the row in which the customers take their alarm back, unless they raise it again later."""
    found: dict[str, Evidence] = {}
    for row in case.thread_rows():
        thread = row.id.rsplit("/", 1)[0]
        if row.origin != "stated_by_customer" or row.id.endswith("/1"):
            continue
        cues = [cues_of(sentence) for sentence in spoken(row.text)]
        if any("takes_back" in each for each in cues):
            found[thread] = row
        elif any(each & REOPENS for each in cues):
            found.pop(thread, None)
    return found


def is_taken_back(row: Evidence, back: Mapping[str, Evidence]) -> bool:
    """Whether a row of a thread came before the row that takes its alarm back, or is that row."""
    by = back.get(row.id.rsplit("/", 1)[0] if "/" in row.id else row.id)
    return by is not None and (row.at is None or by.at is None or row.at <= by.at)


def _taken_back(case: Case, finding: Finding, back: Mapping[str, Evidence]) -> Evidence | None:
    """The retraction of all that shows a finding. Where every thread is taken back, so is what was said around them."""
    threads = [case.ticket_row(ticket) for ticket in case.tickets]
    last = max(back.values(), key=lambda row: row.at or case.now, default=None)
    if last is None:
        return None
    everything = all(thread in back for thread in threads)
    for cite in finding.cites:
        row = case.ledger[cite]
        if is_taken_back(row, back) or row.category in {"crm", "computed"}:
            continue
        around = "/" not in row.id or row.category != "support_platform"
        if everything and around and (row.origin == "typed" or row.at is None or row.at <= (last.at or case.now)):
            continue
        return None
    return last


def refutation(case: Case, row: Evidence) -> Evidence | None:
    """The customer's reply that says that what this row of ours advises does not help, or is not what is needed."""
    if row.origin != "stated_by_staff" or "/" not in row.id:
        return None
    reply, told = reply_to(case, row, heard(row.text))
    if reply is None or any(cues_of(s) & AGREES and not cues_of(s) & REFUTES for s in told):
        return None
    against = any(cues_of(s) & REFUTES for s in spoken(reply.text)) or any(_denies(s) for s in told[:1])
    return reply if against else None


def _denies(sentence: str) -> bool:
    said = PLAIN.match(sentence)
    return said is not None and said[0].lower() in {"no", "nope", "none", "neither", "both"}


def article_refuted(case: Case, title: str) -> Evidence | None:
    """The customer's reply to our pointing at this article, where it says that the article does not help."""
    for row in case.thread_rows():
        if title and heard(title).lower().strip(" ?.") in heard(row.text).lower():
            reply = refutation(case, row)
            if reply is not None:
                return reply
    return None


def _answers_refuted(case: Case, found: Found) -> Iterator[Reason]:
    """An answer of ours that did not help is no documented solution."""
    if "documented_solution" in found or "known_workaround" in found:
        return
    criterion = next((c for c in case.policy.support if c.id == "support.documented_solution"), None)
    for row in case.thread_rows():
        given = any(cues_of(s) & {"answer", "advice", "workaround"} for s in spoken(row.text))
        reply = refutation(case, row) if given and row.public else None
        if criterion is not None and reply is not None:
            text = f"{criterion.text}: what we answered in {row.id} did not help, see {reply.id}"
            named = (a.id for a in case.articles if heard(a.title).lower().strip(" ?.") in heard(row.text).lower())
            articles = tuple(evidence_id("article", article) for article in named)
            yield Reason(criterion.id, False, text, (row.id, reply.id, *articles))
            return


def _outside_the_window(case: Case, impact: Assessment, found: Found) -> Iterator[Reason]:
    """Enough customers in all, too few of them lately: the pattern counts those of the policy's window."""
    count = impact.customers
    criterion = next((c for c in case.policy.escalate if c.id == "pattern.same_issue"), None)
    enough = count.count >= case.policy.thresholds["pattern_customers"]
    if criterion is None or "pattern" in found or not enough or impact.recent >= count.count:
        return
    lately = "none" if not impact.recent else "not enough"
    text = f"{criterion.text}: {count.count} customers in all, {lately} of them within the policy's window"
    yield Reason(criterion.id, False, text, count.cites)
