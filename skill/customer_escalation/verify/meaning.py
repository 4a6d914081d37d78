"""What a statement says beyond its hard facts: whether the cited rows speak of that, affirm it, and are as sure of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from customer_escalation.verify.clauses import ASKS, HEDGES, INTENDS, Clause, Word
from customer_escalation.verify.sources import Source
from customer_escalation.verify.words import STOP, concepts, frame_stems, stem

ALIKE = 0.7
LEAST = 1.6
KNOWN_STOPS = frozenset(map(stem, STOP))


class Spoken(NamedTuple):
    """A statement's clause with the rows that may speak for it."""

    clause: Clause
    rows: Sequence[Source]


def weighty(clause: Clause) -> list[Word]:
    """The words of a clause that a source must share: no frame words, no comparatives."""
    return [word for word in clause.words if word.stem not in frame_stems() and word.stem not in KNOWN_STOPS]


class Vocabulary:
    """The words of some rows and, through synonyms, what they speak of."""

    def __init__(self, rows: Iterable[Source]) -> None:
        self.stems: set[str] = set()
        self.groups: set[int] = set()
        for row in rows:
            self.stems |= row.stems
        for found in self.stems:
            self.groups |= concepts(found)

    def covers(self, word: str) -> bool:
        """Whether the rows hold this stem, a like-meaning one, or one that begins the same."""
        return word in self.stems or not self.groups.isdisjoint(concepts(word))


def coverage(stated: Sequence[Clause], rows: Sequence[Source]) -> tuple[float, list[str]]:
    """Which share of the statement's words the rows hold, and the words that they do not hold."""
    vocabulary = Vocabulary(rows)
    wanted = list(dict.fromkeys(word.stem for clause in stated for word in weighty(clause)))
    missing = [word for word in wanted if not vocabulary.covers(word)]
    return (1.0 if not wanted else 1.0 - len(missing) / len(wanted)), missing


def _score(clause: Clause, other: Clause) -> float:
    """How much two clauses share: words once, words of like meaning a little less, hard facts twice."""
    theirs = {word.stem for word in other.words}
    groups = {group for word in theirs for group in concepts(word)}
    total = 2.0 * len(clause.marks & other.marks)
    for own in {word.stem for word in clause.words}:
        if own in theirs:
            total += 0.4 if own in frame_stems() else 1.0
        elif not groups.isdisjoint(concepts(own)):
            total += 0.6
    return total


def closest(clause: Clause, rows: Sequence[Source]) -> list[tuple[Clause, Source]]:
    """The clauses of the rows that share most with this one."""
    scored = [(_score(clause, other), other, row) for row in rows for other in row.clauses]
    best = max((score for score, _, _ in scored), default=0.0)
    least = min(LEAST, 0.6 * (len({word.stem for word in weighty(clause)}) + 2.0 * len(clause.marks)))
    if not best or best < least:
        return []
    return [(other, row) for score, other, row in scored if score >= max(least, ALIKE * best)]


def contradicted(spoken: Spoken) -> Iterator[str]:
    """Words that the statement affirms and the closest passages deny, or the other way around."""
    near = [clause for clause, _ in closest(spoken.clause, spoken.rows)]
    if not near:
        if spoken.clause.denies and not _denied_anywhere(spoken):
            yield _denial(spoken.clause)
        return
    signs: dict[str, set[int]] = {}
    for clause in near:
        for word in clause.words:
            signs.setdefault(word.stem, set()).add(word.sign)
    for word in weighty(spoken.clause):
        found = signs.get(word.stem)
        if found is None or not word.sign or 0 in found or word.sign in found:
            continue
        if word.sign > 0 and (spoken.clause.soft or spoken.clause.denies):
            continue
        if word.sign < 0 and not word.leads:
            continue
        yield _flipped(word)
        return
    if spoken.clause.denies and not any(c.denies or c.soft for c in near) and not _denied_anywhere(spoken):
        yield _denial(spoken.clause)


def _denied_anywhere(spoken: Spoken) -> bool:
    """Whether some passage of the rows denies one of the words that the statement denies."""
    wanted = {word.stem for word in spoken.clause.words if word.sign <= 0}
    groups = {group for word in wanted for group in concepts(word)}
    for row in spoken.rows:
        for clause in row.clauses:
            if not (clause.denies or clause.soft):
                continue
            for word in clause.words:
                if word.sign <= 0 and (word.stem in wanted or not groups.isdisjoint(concepts(word.stem))):
                    return True
    return False


def _flipped(word: Word) -> str:
    if word.sign > 0:
        return "the cited rows say the opposite or deny it: say “not” where they do, or cite the row that affirms it"
    return "the cited rows affirm what the statement denies: drop the “not”, or cite the row that denies it"


def _denial(clause: Clause) -> str:
    return "the statement denies something, and no cited row denies it: cite the row that does, or make it an absence"


def too_sure(spoken: Spoken, stated: frozenset[str]) -> str:
    """Why the statement is surer than the closest passages are; empty where it is not. `stated` are its words' stems."""
    near = closest(spoken.clause, spoken.rows)
    if not near:
        return ""
    clauses = [clause for clause, _ in near]
    if all(clause.hedged for clause in clauses) and not stated & HEDGES:
        return "the cited row is not sure of it: say may, suspects, not proven, or make it a hypothesis"
    if all(clause.asks or clause.hedged for clause in clauses) and not stated & (ASKS | HEDGES):
        return "the cited row only asks for it or asks about it: say that it was asked, or cite where it was done"
    if all(clause.intends or clause.hedged or clause.asks for clause in clauses) and not stated & (
        ASKS | HEDGES | INTENDS
    ):
        return "the cited row only announces it: say that it was promised or planned, or cite where it happened"
    return ""
