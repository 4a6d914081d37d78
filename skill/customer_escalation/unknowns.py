"""What a reader would look for and no source holds, and what a reader has to know about how the result was made."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.brief import EscalationBrief
from customer_escalation.case import Case
from customer_escalation.decision import Verdict
from customer_escalation.impact import Assessment
from customer_escalation.language import heard, sentences
from customer_escalation.meaning import reservations
from customer_escalation.rows import evidence_id, hidden_in
from customer_escalation.safety import safe
from customer_escalation.settings import Setting
from customer_escalation.signals import cues_of

NAMED = 12
NAMES = {
    "support_platform": "support platform",
    "crm": "CRM",
    "chat": "chat",
    "project_tracker": "project tracker",
    "knowledge_base": "knowledge base",
}


def unknowns(case: Case, impact: Assessment, brief: EscalationBrief, verdict: Verdict) -> tuple[str, ...]:
    """One line each; unknown stays unknown."""
    return tuple(dict.fromkeys((*_undecided(verdict), *_unknowns(case, impact, brief))))


def _undecided(verdict: Verdict) -> Iterator[str]:
    """Words that nobody foresaw meet no criterion, which is no reason to leave a matter where it is."""
    if not any(reason.holds for reason in verdict.reasons):
        yield "Decision: the words of the records meet no criterion of either list; read them and decide whom they need"


def _unknowns(case: Case, impact: Assessment, brief: EscalationBrief) -> Iterator[str]:
    if case.gathered.match.said:
        yield f"Customer: {case.gathered.match.said}"
    if case.understood.customer and case.gathered.match.account is None and not case.gathered.match.said:
        yield f"Customer: no CRM record is called {case.understood.customer!r}"
    read = case.gathered.reader.outcomes["support_platform"]
    if case.primary is None and read is not None and read.answered:
        yield "Ticket: nothing in the support platform matched the words clearly enough"
    yield from impact.unknown
    if not any(ticket.sla for ticket in case.tickets):
        yield "SLA: no ticket of this problem carries an SLA clock"
    yield from _unread_links(case)
    if any("identity" in cues_of(s) for row in case.thread_rows() for s in sentences(heard(row.text))):
        yield "Identity: the reporter cannot be reached at the address on file, so who they are has not been verified"
    if brief.impact.customers_affected.growing is None:
        yield "Growth: the records cannot tell whether more customers are being affected"
    if brief.reproduction is not None:
        for what in brief.reproduction.missing:
            yield f"Reproduction: {what}"
    yield from _unread_sources(case)


def _unread_sources(case: Case) -> Iterator[str]:
    for report in case.gathered.reader.reports():
        name = NAMES[report.category]
        if report.status == "not_connected":
            yield f"{name[0].upper()}{name[1:]}: not connected, so nothing is known from there"
        elif report.status == "failed":
            yield f"{name[0].upper()}{name[1:]}: could not be read ({report.error})"
        elif report.note:
            yield f"{name[0].upper()}{name[1:]}: {report.note}"


def _unread_links(case: Case) -> Iterator[str]:
    """Links on the case's tickets that no connected source could open."""
    found = case.gathered.found
    for ticket in case.tickets:
        for link in ticket.links:
            name = link.rstrip("/").rsplit("/", 1)[-1]
            if not {name, link} & (found.tickets.keys() | found.issues.keys() | found.articles.keys()):
                yield f"Link: {safe(link).text} on ticket {ticket.id} was not found in any connected source"


def notes(case: Case, setting: Setting) -> tuple[str, ...]:
    """Remarks on the run: which company was read, what was left out, what was removed from the texts."""
    return tuple(_notes(case, setting))


def _notes(case: Case, setting: Setting) -> Iterator[str]:
    yield from reservations(case)
    if setting.is_sample:
        yield f"This is the bundled sample company ({setting.name}); use --workspace DIR for your own records"
    for name, count in sorted(setting.left_out.items()):
        if count:
            yield f"{count} invalid line{'s' if count != 1 else ''} of {name} left out"
    for words in hidden_in(_raw_texts(case)):
        yield f"Removed from the records' text: {words}"
    ours = set(_own_rows(case))
    orders = [row.id for row in case.ledger if row.id.split("/")[0] in ours and heard(row.text) != row.text]
    if orders:
        more = f" and {len(orders) - NAMED} more" if len(orders) > NAMED else ""
        yield f"Text that gives orders to an automated reader was treated as data: {', '.join(orders[:NAMED])}{more}"


def _raw_texts(case: Case) -> Iterator[str]:
    read = case.gathered.read
    for ticket in (read.tickets[ticket.id] for ticket in case.tickets):
        yield ticket.subject
        yield from (comment.body for comment in ticket.comments.items)
    yield from (message.text for message in read.messages.values())


def _own_rows(case: Case) -> Iterator[str]:
    """The records of the case itself, without what a search only came across."""
    yield from (case.ticket_row(ticket) for ticket in case.tickets)
    yield from (evidence_id("issue", issue.key) for issue in case.issues)
    yield from (evidence_id("message", message.id) for message in case.messages)
    yield from (evidence_id("article", article.id) for article in case.articles)
    for account in (customer.account for customer in case.customers if customer.account is not None):
        yield evidence_id("account", account.id)
        yield from (evidence_id("deal", deal.id) for deal in case.deals(account))
