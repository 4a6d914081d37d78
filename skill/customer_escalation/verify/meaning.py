"""What a statement says beyond its hard facts: whether the cited rows speak of that, affirm it, and are as sure of it.

Word by word: where the rows use a word of the statement, the passages that share most with it decide whether the word
is affirmed or denied. Clause by clause: the passage that shares most decides how sure the rows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from customer_escalation.verify.actors import CUSTOMER, STAFF
from customer_escalation.verify.clauses import Clause, Word
from customer_escalation.verify.sources import Source
from customer_escalation.verify.vocabulary import ASKED, HEDGES, INTENDED, QUESTIONED, UNIVERSAL, UNIVERSAL_SOURCES
from customer_escalation.verify.words import concepts, frame_stems, stem

_ROLES = CUSTOMER | STAFF
ALIKE = 0.75
LEAST = 1.6


class Spoken(NamedTuple):
    """A statement's clause, the whole sentence around it, and the rows that may speak for it."""

    clause: Clause
    sentence: Sequence[Clause]
    rows: Sequence[Source]


def weighty(clause: Clause) -> list[Word]:
    """The words of a clause that a source must share: those that are not only a brief's way of talking."""
    return [word for word in clause.words if word.stem and not word.named and word.stem not in frame_stems()]


class Vocabulary:
    """The words of some rows and, through synonyms, what they speak of."""

    def __init__(self, rows: Iterable[Source]) -> None:
        self.stems: set[str] = set()
        self.groups: set[int] = set()
        for row in rows:
            self.stems |= row.stems
            self.groups |= row.groups

    def covers(self, word: str) -> bool:
        """Whether the rows hold this stem or one of like meaning."""
        return word in self.stems or not self.groups.isdisjoint(concepts(word))


def coverage(stated: Sequence[Clause], rows: Sequence[Source]) -> tuple[list[str], list[str]]:
    """The statement's words that the rows hold, and those that they do not hold."""
    vocabulary = Vocabulary(rows)
    wanted = list(dict.fromkeys(word.stem for clause in stated for word in weighty(clause)))
    missing = [word for word in wanted if not vocabulary.covers(word)]
    return [word for word in wanted if word not in missing], missing


def _shared(stems: frozenset[str], groups: frozenset[int], marks: frozenset[str], other: Clause) -> float:
    """How much a passage shares: words once, words of like meaning a little less, hard facts twice."""
    total = 2.0 * len(marks & other.marks) if marks else 0.0
    same = stems & other.stems
    if same:
        total += len(same) - 0.6 * len(same & frame_stems())
    if not groups.isdisjoint(other.groups):
        total += 0.6 * sum(not groups.isdisjoint(concepts(own)) for own in other.stems - same)
    return total


def closest(clause: Clause, rows: Sequence[Source]) -> list[Clause]:
    """The passages of the rows that share most with this clause."""
    scored = [
        (_shared(clause.stems, clause.groups, clause.marks, other), other) for row in rows for other in row.clauses
    ]
    best = max((score for score, _ in scored), default=0.0)
    least = min(LEAST, 0.6 * (len({word.stem for word in weighty(clause)}) + 2.0 * len(clause.marks)))
    if best < max(least, 0.6):
        return []
    return [other for score, other in scored if score >= max(least, ALIKE * best)]


def contradicted(spoken: Spoken) -> Iterator[str]:
    """What the statement affirms and the rows deny, or the other way around."""
    context = _Context(spoken)
    for word in spoken.clause.words:
        if (
            not word.sign
            or (word.sign < 0 and not (word.leads or word.lexical))
            or (word.sign > 0 and (word.named or word.low in _ROLES))
        ):
            continue
        found = context.signs(word, 0.4 if word.sign < 0 else 1.0)
        if found and 0 not in found and word.sign not in found:
            yield _flipped(word)
            return
    if spoken.clause.denies and not context.denial():
        yield "the statement denies something that no cited row denies: cite the row that does, or make it an absence"


class _Context:
    """The rows' sentences, each with how much it shares with the sentence of the statement."""

    def __init__(self, spoken: Spoken) -> None:
        self._spoken = spoken
        self._stems = frozenset[str]().union(*(clause.stems for clause in spoken.sentence))
        self._groups = frozenset[int]().union(*(clause.groups for clause in spoken.sentence))
        self._marks = frozenset[str]().union(*(clause.marks for clause in spoken.sentence))
        self._near, self._near_groups = spoken.clause.stems, spoken.clause.groups

    def signs(self, word: Word, share: float) -> set[int]:
        """How the passages that share most (at least that share of it) use a word: affirmed, denied or unsure."""
        uses = [(row, number, sign) for row in self._spoken.rows for number, sign in row.uses.get(word.key, ())]
        if all(sign == word.sign for _, _, sign in uses):
            return {word.sign} if uses else set()
        found = [(self._score(row, number), sign) for row, number, sign in uses]
        best = max((score for score, _ in found), default=0.0)
        return {sign for score, sign in found if score >= share * best - 0.5}

    def _score(self, row: Source, number: int) -> float:
        clause = row.clauses[number]
        around = [other for other in row.clauses[max(0, number - 4) : number + 5] if other.sentence == clause.sentence]
        close = _shared(self._near, self._near_groups, self._spoken.clause.marks, clause)
        wide = sum(_shared(self._stems, self._groups, self._marks, other) for other in around)
        return 2.0 * close + 0.25 * wide

    def denial(self) -> bool:
        """Whether any passage denies what the clause's denied words speak of, in those words or others."""
        denied = {word.key for word in self._spoken.clause.words if word.sign < 0 and (word.leads or word.lexical)}
        if any(sign <= 0 for row in self._spoken.rows for key in denied for _, sign in row.uses.get(key, ())):
            return True
        for row in self._spoken.rows:
            shared = [_shared(self._stems, self._groups, self._marks, clause) >= 0.6 for clause in row.clauses]
            speaking = {clause.sentence for clause, shares in zip(row.clauses, shared, strict=True) if shares}
            for clause in row.clauses:
                if clause.denies and clause.sentence in speaking:
                    return True
                if clause.soft and _shared(self._near, self._near_groups, self._spoken.clause.marks, clause) >= 0.6:
                    return True
        return False


def _flipped(word: Word) -> str:
    if word.sign > 0:
        return f"the cited rows deny “{word.low}” or say the opposite: say so too, or cite the row that affirms it"
    return f"the cited rows affirm “{word.low}”, which the statement denies: say so too, or cite the row that denies it"


def too_sure(spoken: Spoken) -> str:
    """Why the clause is surer than the closest passages are; empty where it is not."""
    near = closest(spoken.clause, spoken.rows) if any(row.doubts for row in spoken.rows) else []
    if not near:
        return ""
    if not spoken.clause.denies and (doubtful := _only_asked(spoken)):
        return f"the cited row only asks about “{doubtful}”: say that it was asked, or cite where it was said"
    if spoken.clause.denies and all(clause.questions for clause in near):
        return ""
    words = {word for clause in spoken.sentence for word in clause.said}
    if all(clause.hedged for clause in near) and not any(clause.hedged for clause in spoken.sentence):
        return "the cited row is not sure of it: say may, suspects, not proven, or make it a hypothesis"
    asked = QUESTIONED if all(clause.questions or clause.hedged for clause in near) else ASKED
    if all(clause.asks or clause.hedged for clause in near) and words.isdisjoint(_stemmed(asked | HEDGES)):
        return "the cited row only asks for it or asks about it: say that it was asked, or cite where it was done"
    allowed = QUESTIONED | HEDGES | INTENDED
    if all(clause.intends or clause.hedged or clause.asks for clause in near) and words.isdisjoint(_stemmed(allowed)):
        return "the cited row only announces it: say that it was promised or planned, or cite where it happened"
    return ""


def _only_asked(spoken: Spoken) -> str:
    """A word that the rows use in questions alone, and the sentence neither asks nor doubts."""
    words = {word for clause in spoken.sentence for word in clause.said}
    if not words.isdisjoint(_stemmed(QUESTIONED | HEDGES)):
        return ""
    for word in weighty(spoken.clause):
        uses = [row.clauses[number] for row in spoken.rows for number, _ in row.uses.get(word.key, ())]
        if uses and all(clause.questions for clause in uses):
            return word.low
    return ""


@lru_cache(maxsize=8)
def _stemmed(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


def too_wide(stated: Iterable[str], rows: Sequence[Source]) -> str:
    """Why "all" or "always" is more than the rows say; empty where it is not."""
    said = UNIVERSAL.intersection(stated)
    if not said or any(not UNIVERSAL_SOURCES.isdisjoint(row.lows) for row in rows):
        return ""
    return f"“{min(said)}” is wider than anything the cited rows say"
