"""Claims that something is not there: only over a complete search, and where nothing in the case speaks against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from customer_escalation.verify import meaning
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.compute import later_rows
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.gainsaid import gainsaid
from customer_escalation.verify.names import Name
from customer_escalation.verify.sources import Source, Sources, plain, stands
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import stem

_NONE = listed(
    """no not none nobody nothing never neither nor without unanswered untried missing cannot absent lacks lack
    unassigned unconfirmed unknown unrecorded"""
)
_MOVED = frozenset(map(stem, ("updated", "moved", "changed", "touched", "move", "update", "change")))
_LISTS = frozenset(
    map(stem, ("name", "list", "link", "mention", "contain", "include", "show", "hold", "know", "refer"))
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
_SILENT = frozenset(("nobody", "unanswered", "none", "no", "without"))
ENOUGH = 0.8


class Absence(NamedTuple):
    """A statement that something is not there, taken apart."""

    reading: Reading
    clauses: Sequence[Clause]
    names: Sequence[Name]


def refused(stated: Absence, rows: Sequence[Source], sources: Sources) -> list[str]:
    """The reasons why an absence does not hold."""
    searched = [row for row in rows if row.row.origin == "coverage"]
    if not searched:
        return ["an absence must cite the coverage (S-…) of what was searched"]
    partial = [row.row.id for row in searched if not row.row.complete]
    if partial:
        return [f"the search of [{partial[0]}] was partial, so it proves no absence: put it under unknown"]
    words = {token.text.lower() for token in stated.reading.tokens if token.kind == "word"}
    if not any(clause.denies for clause in stated.clauses) and words.isdisjoint(_NONE):
        return ["an absence must read as one: “no record says …”, “nobody has …”"]
    text = " ".join(token.text.lower() for token in stated.reading.tokens)
    found = _wrong_place(text, searched) + _listed_after_all(stated, rows, sources)
    found = found or gainsaid(stated.reading.tokens, stated.clauses, rows, sources)
    return found or _answered(set(map(stem, words)), rows, sources) or _against(stated.clauses, sources)


def silence(lows: frozenset[str], formula: str, rows: Sequence[Source], sources: Sources) -> list[str] | None:
    """Whether "nobody has answered" and "has not moved" hold; None where the statement is not of that kind."""
    stems = set(map(stem, lows))
    if lows.isdisjoint(_NONE):
        return None
    if ".updated_at" in formula and not _MOVED.isdisjoint(stems):
        return []
    if _ANSWERED.isdisjoint(stems) or not any("/" in row.row.id and f"[{row.row.id}]" in formula for row in rows):
        return None
    counted = [row for row in rows if f"[{row.row.id}]" in formula and "/" in row.row.id]
    return _answered(stems, counted, sources, ("customer", "staff"))


def tells_of_motion(lows: frozenset[str], formula: str) -> bool:
    """Whether "has been updated for 44 days" says the contrary of what the formula counts."""
    stems = set(map(stem, lows))
    counts = formula.replace(" ", "").endswith(",now)") and (".updated_at" in formula or "/" in formula)
    done = not (_MOVED | _ANSWERED).isdisjoint(stems) and lows.isdisjoint(_NONE) and "unchanged" not in lows
    return (
        counts and done and "for" in lows and {"waited", "waiting", "waits", "wait", "pending", "ago"}.isdisjoint(lows)
    )


def tells_of_silence(lows: frozenset[str], formula: str) -> bool:
    """Whether a statement says once that nobody answered, or that a record has not moved since its last update."""
    stems = set(map(stem, lows))
    if ".updated_at" in formula and not _MOVED.isdisjoint(stems):
        return "ago" not in lows
    return not _ANSWERED.isdisjoint(stems) and len(lows & _SILENT) == 1


def _listed_after_all(stated: Absence, rows: Sequence[Source], sources: Sources) -> list[str]:
    """ "ORD-3310 does not name Acme Corp", while a row of that record does."""
    leads = [word for clause in stated.clauses for word in clause.words if word.sign < 0 and word.leads]
    lead = next((word for word in leads if word.stem in _LISTS), None)
    if lead is None:
        return []
    ids = [fact for fact in stated.reading.facts if fact.kind in ("id", "number")]
    holder = next(
        (row for row in rows for fact in ids if fact.start < lead.start and plain(fact.text) == plain(row.row.record)),
        None,
    )
    if holder is None:
        before = [fact.text for fact in ids if fact.start < lead.start and fact.kind == "id"]
        return [f"cite {before[0]} itself: it is the record that is said not to hold it"] if before else []
    things = [plain(fact.text) for fact in ids if fact.start > lead.start]
    things += [plain(name.text) for name in stated.names if name.start > lead.start]
    whole = [
        row
        for row in sources.everything()
        if (row.row.category, row.row.record) == (holder.row.category, holder.row.record)
    ]
    known = [thing for thing in things if any(stands(thing, plain(row.row.text)) for row in whole)]
    return [f"{holder.row.record} does hold “{known[0]}”"] if known else []


def _wrong_place(text: str, searched: Sequence[Source]) -> list[str]:
    """A text that names where nothing was found must cite the search of that place."""
    seen = {row.row.category for row in searched}
    for category, phrases in _CATEGORIES.items():
        if any(f"no {phrase}" in text for phrase in phrases) and category not in seen:
            return [f"it speaks of the {category.replace('_', ' ')}: cite the coverage of that search"]
    return []


def _answered(
    words: set[str], rows: Sequence[Source], sources: Sources, by: Sequence[str] = ("customer",)
) -> list[str]:
    """ "Nobody answered" while a public answer by staff follows in the same record."""
    if not words & _ANSWERED:
        return []
    for row in rows:
        if row.roles.isdisjoint(by) or "/" not in row.row.id:
            continue
        later = later_rows(sources.ledger, row.row, ("agent", "engineer"), public=True)
        cited = {other.row.id for other in rows}
        if later and not any(answer.id in cited for answer in later):
            return [f"[{later[0].id}] is a public answer after [{row.row.id}]: cite it and say what it leaves open"]
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
            text = source.row.text.casefold()
            if sum(word in text for word in wanted) < ENOUGH * len(wanted):
                continue
            for said in source.clauses:
                if said.denies or said.soft or said.hedged or said.asks or said.intends:
                    continue
                own = {word.stem for word in said.words if word.sign > 0}
                if len(wanted & own) >= ENOUGH * len(wanted):
                    return [f"[{source.row.id}] says that it did happen: read it again"]
    return []
