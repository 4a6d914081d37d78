"""Whose figures and words these are: what one customer's rows say is not another customer's case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import Vocabulary, weighty
from customer_escalation.verify.names import Name
from customer_escalation.verify.quantities import agrees
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.support import Support

APART = 3
_PARTS = frozenset((";", ":"))


def mixed_up(reading: Reading, stated: Sequence[Clause], found: Sequence[Name], support: Support) -> list[str]:
    """A clause that names one customer and tells what only the rows of another say."""
    rows = support.rows
    owners = {plain(row.context_customer): row.context_customer for row in rows if row.context_customer}
    if len(owners) < 2:
        return []
    for group, named in _groups(stated, reading, found, owners):
        if len(named) != 1:
            continue
        inside = [fact for fact in reading.facts if group[0].start <= fact.start < group[-1].end]
        owner = named.pop()
        own = [row for row in rows if _is_of(row, owner)]
        others = [row for row in rows if row.context_customer and row not in own]
        wrong = _foreign_figure(inside, own, others, support) or _foreign_words(group, own, others, rows)
        if wrong:
            return [f"{wrong} is said of another customer than {owners[owner]} in the cited rows"]
    return []


def _names(name: Name, owner: str) -> bool:
    said = plain(name.text).removesuffix("'s").removesuffix("'")
    return stands(said, owner) or stands(owner, said)


def _is_of(row: Source, owner: str) -> bool:
    """Whether a row is of the customer, or names it."""
    return plain(row.context_customer) == owner or stands(owner.split()[0], row.said)


def _groups(
    stated: Sequence[Clause], reading: Reading, found: Sequence[Name], owners: Iterable[str]
) -> Iterator[tuple[list[Clause], set[str]]]:
    """Clauses that go together and the customers they name: up to a semicolon, a full stop, or another customer."""
    marks = {token.start: token.text for token in reading.tokens if token.text in _PARTS}
    group: list[Clause] = []
    whose: set[str] = set()
    for clause in stated:
        inside = [name for name in found if clause.start <= name.start < clause.end]
        named = {owner for name in inside for owner in owners if _names(name, owner)}
        ends = group and (clause.sentence != group[-1].sentence or marks.get(clause.start) in _PARTS)
        if ends or (whose and named - whose):
            yield group, whose
            group, whose = [], set()
        group.append(clause)
        whose |= named
    if group:
        yield group, whose


def _foreign_figure(facts: Sequence[Fact], own: Sequence[Source], others: Sequence[Source], support: Support) -> str:
    """A figure that only another customer's rows hold, and that nobody worked out."""
    here, there = Support(own, support.now), Support(others, support.now)
    for fact in facts:
        if fact.kind not in ("number", "pair") or any(agrees(fact.quantities[0], known) for known in support.known):
            continue
        if not here.holds(fact) and there.holds(fact):
            return f"“{fact.text}”"
    return ""


def _foreign_words(
    group: Sequence[Clause], own: Sequence[Source], others: Sequence[Source], rows: Sequence[Source]
) -> str:
    """Words that only another customer's rows hold, where they outweigh what the customer's own rows hold."""
    words = {word.stem: word.low for clause in group for word in weighty(clause)}
    mine, theirs = Vocabulary(row for row in rows if row in own or row not in others), Vocabulary(others)
    strange = [low for stem, low in words.items() if stem in theirs.stems and not mine.covers(stem)]
    known = Vocabulary(own)
    held = sum(known.covers(stem) for stem in words)
    return f"“{', '.join(strange[:4])}”" if len(strange) >= APART and len(strange) > held else ""
