"""Claims that something is not there: only over a search that was complete, and only where nothing in the case speaks against."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.verify import meaning
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.compute import later_rows
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.sources import Source, Sources
from customer_escalation.verify.words import stem

_NONE = frozenset(
    map(
        stem,
        "no not none nobody nothing never neither nor without unanswered untried missing cannot absent lacks lack unassigned yet "
        "unconfirmed unknown unrecorded undocumented".split(),
    )
)
_ANSWERED = frozenset(
    map(stem, "answer answered reply replied response respond responded unanswered heard hear update updated".split())
)
_CATEGORIES = {
    "crm": ("crm", "account record", "revenue"),
    "project_tracker": ("tracker", "tracker issue"),
    "knowledge_base": ("article", "knowledge base"),
    "chat": ("chat message", "chat thread", "in chat"),
}
ENOUGH = 0.8


def refused(
    text: str, reading: Reading, clauses: Sequence[Clause], rows: Sequence[Source], sources: Sources
) -> list[str]:
    """The reasons why an absence does not hold."""
    searched = [row for row in rows if row.row.origin == "coverage"]
    if not searched:
        return ["an absence must cite the coverage (S-…) of what was searched"]
    partial = [row.row.id for row in searched if not row.row.complete]
    if partial:
        return [f"the search of [{partial[0]}] was partial, so it proves no absence: put it under unknown"]
    words = {stem(token.text.lower()) for token in reading.tokens if token.kind == "word"}
    denies = any(clause.denies for clause in clauses) or bool(words & _NONE)
    if not denies:
        return ["an absence must read as one: “no record says …”, “nobody has …”"]
    return _wrong_place(text.lower(), searched) + _answered(words, rows, sources) + _against(clauses, sources)


def _wrong_place(text: str, searched: Sequence[Source]) -> list[str]:
    """A text that names where nothing was found must cite the search of that place."""
    seen = {row.row.category for row in searched}
    for category, phrases in _CATEGORIES.items():
        if any(f"no {phrase}" in text for phrase in phrases) and category not in seen:
            return [f"it speaks of the {category.replace('_', ' ')}: cite the coverage of that search"]
    return []


def _answered(words: set[str], rows: Sequence[Source], sources: Sources) -> list[str]:
    """ "Nobody answered" while a public answer by staff follows in the same record."""
    if not words & _ANSWERED:
        return []
    for row in rows:
        if row.role != "customer" or "/" not in row.row.id:
            continue
        later = later_rows(sources.ledger, row.row, ("agent", "engineer"), public=True)
        if later:
            return [
                f"[{later[0].id}] is a public answer after [{row.row.id}]: say what it leaves unanswered, or drop the claim"
            ]
    return []


def _against(clauses: Sequence[Clause], sources: Sources) -> list[str]:
    """A record that plainly says the thing whose absence is claimed."""
    for clause in clauses:
        denied = [word for word in clause.words if word.sign <= 0]
        wanted = {word.stem for word in meaning.weighty(clause)}
        if not denied or len(wanted) < 3:
            continue
        for source in sources.everything():
            if source.row.origin not in ("stated_by_customer", "stated_by_staff"):
                continue
            if len(wanted & source.stems) < ENOUGH * len(wanted):
                continue
            for said in source.clauses:
                if said.denies or said.soft or said.hedged or said.asks or said.intends:
                    continue
                own = {word.stem for word in said.words if word.sign > 0}
                if len(wanted & own) >= ENOUGH * len(wanted):
                    return [f"[{source.row.id}] says that it did happen: read it again"]
    return []
