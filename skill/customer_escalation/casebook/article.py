"""The draft of a knowledge-base article from a case: what happened, why, how it was ended, how to know it again.

Written by code in Markdown from events and evidence, without the names of customers and people. A section of which
nobody recorded anything says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from customer_escalation.brief import Ref, Result, Statement
from customer_escalation.casebook.events import Event, is_a_person
from customer_escalation.casebook.learnings import Learning, learned
from customer_escalation.casebook.nameless import CUSTOMER, Nameless
from customer_escalation.casebook.proposal import Draft
from customer_escalation.casebook.signs import signs_of
from customer_escalation.casebook.state import State, is_end, state_of
from customer_escalation.casebook.store import Case
from customer_escalation.claims import claims
from customer_escalation.evidence import Evidence
from customer_escalation.quoting import quote
from customer_escalation.render.escape import destination, inline, line
from customer_escalation.watching.look import AROUND, issues_of, thread_of, tickets_of
from customer_escalation.watching.news import fix_version
from customer_escalation.watching.words import Word, is_staff, word_of

if TYPE_CHECKING:
    from customer_escalation.delivery.connected import ConnectedSinks

KNOWLEDGE = "knowledge"
TOLD = ("brief.impact.workflow_impact", "brief.description")
SHOWN = ("T-", "I-", "M-", "K-")
MOST = 4
NOBODY = re.compile(rf"\s*\((?:{re.escape(CUSTOMER)}(?:, |(?=\))))+\)")
UNKNOWN = "Unknown: nobody has recorded it, and no source that was read tells."
STEPS = {
    "done": "stated as done",
    "undone": "taken back",
    "coming": "announced, not yet confirmed as in effect",
}


class _Facts(Struct, frozen=True):
    case: Case
    result: Result
    events: Sequence[Event]
    state: State
    learned: dict[str, Learning]
    nameless: Callable[[str], str]
    ours: Sequence[tuple[Evidence, Word]]


def draft(case: Case, events: Sequence[Event], sinks: ConnectedSinks) -> Draft:
    """The article as a write that can be proposed. Raises NotAllowed where no knowledge base or folder takes it."""
    where = sinks.destination("draft_article", KNOWLEDGE, case.result.evidence)
    return Draft("draft_article", f"Draft a knowledge article from {case.id}", where, article(case, events))


def article(case: Case, events: Sequence[Event]) -> str:
    """The article in Markdown."""
    state, result = state_of(events), case.result
    ours = [(row, word_of(row)) for row in thread_of(result) if is_staff(row)]
    facts = _Facts(case, result, events, state, dict(learned(events)), Nameless(result, state), ours)
    parts = [
        f"# {line(NOBODY.sub('', facts.nameless(result.brief.title.text)))}",
        f"Draft from {case.id}, written by code; a person checks it before it is published. Marks in square brackets"
        " name the evidence of the case.",
    ]
    for heading, lines in (
        ("Problem", _problem(facts)),
        ("Who was affected", _affected(facts)),
        ("How to recognise it", _signs(facts)),
        ("Cause", _cause(facts)),
        ("Fix", _fix(facts)),
        ("Workaround", _around(facts)),
        ("How it ended", _end(facts)),
        ("Links", _links(facts)),
    ):
        said = tuple(dict.fromkeys(lines)) or (UNKNOWN,)
        parts.append("\n".join((f"## {heading}", "", *(f"- {each}" for each in said))))
    return "\n\n".join(parts)


def _problem(facts: _Facts) -> Iterator[str]:
    said = [claim.statement for claim in claims(facts.result) if claim.path.startswith(TOLD)]
    for each in [each for each in said if each.cites and all(cite.startswith(SHOWN) for cite in each.cites)][:MOST]:
        if each.kind != "stated_by_staff":
            yield _stated(facts, each)


def _affected(facts: _Facts) -> Iterator[str]:
    customers = facts.state.customers.values()
    tickets = {ticket for each in customers for ticket in each.tickets}
    if customers:
        yield f"{_count(len(customers), 'customer')} in {_count(len(tickets), 'ticket')}."
    first = min(
        (row.at for row in map(facts.result.evidence.get, tickets_of(facts.result)) if row and row.at), default=None
    )
    if first is not None:
        yield f"First reported {facts.state.rhythm.local(first)}."
    if facts.state.severity is not None:
        yield f"Severity: {facts.state.severity}."


def _signs(facts: _Facts) -> Iterator[str]:
    if (known := _recorded(facts, "recognise")) is not None:
        yield known
    yield from _errors(facts)
    found = facts.result.brief.reproduction
    if found is None:
        return
    for label, each in (("Expected", found.expected), ("Actual", found.actual), ("How often", found.frequency)):
        if each is not None:
            yield f"{label}: {_stated(facts, each)}"
    for number, each in enumerate(found.steps, 1):
        yield f"Step {number}: {_stated(facts, each)}"
    if found.environment:
        told = "; ".join(f"{name}: {value}" for name, value in found.environment.items())
        yield f"Environment: {inline(facts.nameless(told))}{_marks(found.cites)}"


def _errors(facts: _Facts) -> Iterator[str]:
    for sign, row in list(signs_of(facts.result).items())[: 2 * MOST]:
        yield f"Error or path: {inline(facts.nameless(sign))} [{row}]"


def _cause(facts: _Facts) -> Iterator[str]:
    if (known := _recorded(facts, "root_cause")) is not None:
        yield known
        return
    told = [(row, word.told["cause_told"]) for row, word in facts.ours if word.says("cause_told")]
    for row, sentence in told[-2:]:
        yield f"Stated, not recorded as the cause: {_quoted(facts, row, sentence)}"


def _fix(facts: _Facts) -> Iterator[str]:
    if (known := _recorded(facts, "fix")) is not None:
        yield known
    else:
        steps = [(row, word) for row, word in facts.ours if word.step in STEPS]
        for row, word in steps[-1:]:
            yield f"Fix {STEPS[word.step]}: {_quoted(facts, row, word.sentence)}"
    version = _recorded(facts, "fix_version")
    named = [(row, fix_version(row)) for row in _held(facts, issues_of(facts.result))]
    if version is not None:
        yield f"Fix version: {version}"
    elif any(text for _, text in named):
        for row, text in named:
            if text:
                told = inline(facts.nameless(text))
                yield f"Fix version: {told}, as the tracker says of {inline(row.record)} [{row.id}]"
    else:
        yield "Fix version: unknown."


def _around(facts: _Facts) -> Iterator[str]:
    if (known := _recorded(facts, "workaround")) is not None:
        yield known
        return
    cited = dict.fromkeys(cite for claim in claims(facts.result) for cite in claim.statement.cites)
    for row in _held(facts, cited):
        if row.id.startswith("K-") and AROUND.search(row.text):
            yield f"Known article: {inline(facts.nameless(row.title))} [{row.id}]"
    told = [(row, word.told["workaround"]) for row, word in facts.ours if word.says("workaround")]
    for row, sentence in told[-2:]:
        yield _quoted(facts, row, sentence)


def _end(facts: _Facts) -> Iterator[str]:
    state = facts.state
    ends = [each for each in facts.events if is_end(each)]
    if state.settled_at is None or not ends:
        yield "It has not ended yet."
        return
    last = ends[-1]
    how = "De-escalated" if last.kind == "de_escalated" else "Resolved"
    why = f": {inline(facts.nameless(last.why))}" if last.why.strip() else ""
    yield f"{how} {state.rhythm.local(state.settled_at)}{why}"
    said = len(state.customers) - len(state.unconfirmed)
    yield f"{said} of {_count(len(state.customers), 'customer')} confirmed that it is solved for them."


def _links(facts: _Facts) -> Iterator[str]:
    known = [row for row in _held(facts, tickets_of(facts.result)) if row.record]
    records = {row.record for row in known}
    for row in known:
        yield f"Ticket {_linked(row.record, row.url)} [{row.id}]"
    for customer in facts.state.customers.values():
        for ticket in customer.tickets:
            if ticket not in records:
                yield f"Ticket {inline(ticket)}"
    for ref in facts.result.brief.supporting.issues:
        yield _issue(facts, ref)
    article_link = facts.learned.get("article")
    if article_link is not None:
        yield f"Article: {inline(facts.nameless(article_link.text))}"
    yield f"Case {facts.case.id}"


def _issue(facts: _Facts, ref: Ref) -> str:
    row = facts.result.evidence.get(ref.id)
    status = str(row.fields.get("status") or "") if row is not None else ""
    told = f", {inline(status)}" if status else ""
    key = row.record if row is not None else ref.id.removeprefix("I-")
    return f"Issue {_linked(key, ref.url or '')}: {inline(facts.nameless(ref.title))}{told} [{ref.id}]"


def _linked(text: str, url: str) -> str:
    return f"[{inline(text)}]({destination(url)})" if url.startswith(("https://", "http://")) else inline(text)


def _recorded(facts: _Facts, about: str) -> str | None:
    """What was recorded about this, with its marks or the day."""
    known = facts.learned.get(about)
    if known is None:
        return None
    by = "by a person " if is_a_person(known.actor) else ""
    day = facts.state.rhythm.local(known.at).partition(",")[0]
    return f"{inline(facts.nameless(known.text))}{_marks(known.cites)} (recorded {by}on {day})"


def _quoted(facts: _Facts, row: Evidence, sentence: str) -> str:
    return _stated(facts, quote(row, sentence))


def _stated(facts: _Facts, said: Statement) -> str:
    return f"{inline(facts.nameless(said.text))}{_marks(said.cites)}"


def _marks(cites: Iterable[str]) -> str:
    return "".join(f" [{cite}]" for cite in cites)


def _held(facts: _Facts, ids: Iterable[str]) -> list[Evidence]:
    return [row for row in map(facts.result.evidence.get, ids) if row is not None]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
