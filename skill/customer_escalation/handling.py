"""How support can settle a case itself: from which article, or as which earlier ticket was settled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customer_escalation import rows
from customer_escalation.brief import Handling, Statement
from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, one_line, sentences
from customer_escalation.material import Found
from customer_escalation.quoting import QUOTE, quote
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket

STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*])\s+")


def handling(case: Case, found: Found, ending: Ending) -> Handling:
    """What support can do, and from which article or earlier ticket."""
    how: list[Statement] = []
    for row_id in dict.fromkeys((*ending.settled_by, *ending.answered_by)):
        row = case.ledger[row_id]
        wanted = {"solved", "closed_by_staff", "answer", "fix_available", "configuration"}
        said = [s for s in sentences(heard(row.text)) if cues_of(s) & wanted] or list(sentences(heard(row.text)))[:1]
        how += [quote(row, sentence) for sentence in said[:4] if "/" in row_id]
    for name in ("configuration_cause", "known_workaround", "documented_solution", "known_limitation"):
        for cite in found[name].cites[:2] if name in found else ():
            row = case.ledger[cite]
            if row.category == "knowledge_base":
                how += _from_article(row)
            elif "/" in cite and not how:
                shown = found[name].said
                how.append(quote(row, shown if shown and shown in row.text else one_line(heard(row.text), QUOTE)))
    for ticket in (*case.gathered.family.earlier, *case.gathered.family.other_cause)[:3]:
        if is_done(ticket):
            how += _from_ticket(case, ticket)
    if not how:
        row_id = case.ticket_row(case.primary) if case.primary else "R-0"
        how.append(Statement(f"Answer what was asked: “{case.about}”", (row_id,)))
    articles = tuple(case.reference(rows.evidence_id("article", article.id)) for article in case.articles[:5])
    return Handling(tuple(dict.fromkeys(how)), articles)


def _from_article(row: Evidence) -> Iterator[Statement]:
    """The article, and its own steps where it lists any."""
    yield Statement(f"Follow the article “{heard(row.title)}”", (row.id,))
    steps = [line for line in heard(row.text).split("\n") if STEP.match(line)]
    for line in steps[:6]:
        yield Statement(f"It says: “{one_line(STEP.sub('', line), QUOTE)}”", (row.id,))


def _from_ticket(case: Case, ticket: Ticket) -> Iterator[Statement]:
    """How an earlier ticket was settled, in the words of whoever answered it."""
    row_id = case.ticket_row(ticket)
    yield Statement(f"Ticket {ticket.id} was settled before: “{heard(case.ledger[row_id].title)}”", (row_id,))
    for row in case.comments(ticket):
        said = [s for s in sentences(heard(row.text)) if cues_of(s) & {"answer", "fix_available", "your_side"}]
        if row.origin == "stated_by_staff" and said:
            yield quote(row, said[0])
            return
