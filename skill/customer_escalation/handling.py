"""How support can settle a case itself: from which article, or as which earlier ticket was settled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customer_escalation import rows
from customer_escalation.brief import Handling, Statement
from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, one_line, sentences, terms, without_marks
from customer_escalation.material import Found
from customer_escalation.quoting import QUOTE, quote
from customer_escalation.related import is_done, problem_text
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket

CONDITION = re.compile(
    r"\b(?:cannot|can ?not|must|need\w*|only|at most|up to|exceeds?|require\w*|first|not available|limit\w*)\b", re.I
)
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
                how += _from_article(case, row) if _fits(case, row) else ()
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


def _fits(case: Case, row: Evidence) -> bool:
    """Whether the title shares more with the question than the name of a product, which all its articles share."""
    areas = (area.name for each in case.profile.areas.values() for area in each)
    products = terms(" ".join((*case.profile.products, *areas, case.profile.company)).replace("-", " "))
    title = terms(heard(row.title)) - products
    return len(title & _asked(case)) >= max(1, 0.5 * len(title))


def _asked(case: Case) -> frozenset[str]:
    return terms(case.understood.text) | (terms(problem_text(case.primary)) if case.primary else frozenset[str]())


def _from_article(case: Case, row: Evidence) -> Iterator[Statement]:
    """The article, its own steps or else how it begins, and the condition in it that concerns who asks."""
    yield Statement(f"Follow the article “{heard(row.title)}”", (row.id,))
    lines = [line for line in heard(row.text).split("\n")[1:] if line.strip() and line.lstrip()[0] not in "|#"]
    steps = [STEP.sub("", line) for line in lines if STEP.match(line)]
    prose = [s for line in lines if not STEP.match(line) for s in sentences(line)]
    said = steps[:6] or prose[:3]
    rest = (s for s in prose if s not in said and CONDITION.search(s))
    asked = _asked(case) - terms(heard(row.title))
    for line in (*said, *[s for s in rest if asked & terms(s)][:2]):
        yield Statement(f"It says: “{one_line(without_marks(line), QUOTE)}”", (row.id,))


def _from_ticket(case: Case, ticket: Ticket) -> Iterator[Statement]:
    """How an earlier ticket was settled, in the words of whoever answered it."""
    row_id = case.ticket_row(ticket)
    yield Statement(f"Ticket {ticket.id} was settled before: “{heard(case.ledger[row_id].title)}”", (row_id,))
    for row in case.comments(ticket):
        said = [s for s in sentences(heard(row.text)) if cues_of(s) & {"answer", "fix_available", "your_side"}]
        if row.origin == "stated_by_staff" and said:
            yield quote(row, said[0])
            return
