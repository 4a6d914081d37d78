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
from customer_escalation.verify.quantities import WORDS as NUMERALS
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import (
    ASKED,
    BAD,
    CAUSAL,
    CAUSAL_SOURCES,
    HEDGES,
    INTENDED,
    QUESTIONED,
    UNIVERSAL,
    UNIVERSAL_SOURCES,
)
from customer_escalation.verify.words import concepts, frame_stems, stem

_ROLES = CUSTOMER | STAFF
_SAYS = frozenset(
    ("say", "says", "said", "state", "states", "write", "writes", "wrote", "note", "notes", "report", "reports")
)
# What one row is to another: denying it denies what a reader can see.
_OF_ROWS = frozenset(("contradicted", "superseded", "contradicts", "supersedes", "contradict", "supersede"))
_PERCEIVED = frozenset(("see", "know", "find"))
_WHICH = frozenset(map(stem, ("which", "what", "how")))
ALIKE = 0.75
LEAST = 1.6
SAME_MATTER = 0.3


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
    own = (word for clause in stated for word in weighty(clause) if word.low not in NUMERALS)
    wanted = list(dict.fromkeys(word.stem for word in own))
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
    least = min(LEAST, 0.6 * len({word.stem for word in weighty(clause)}))
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
            or (word.sign > 0 and (word.named or word.low in _ROLES or word.low in _SAYS))
        ):
            continue
        found = context.signs(word, 0.4 if word.sign < 0 or word.leads else 1.0)
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
        self._says_there_is_none = "ther" in spoken.clause.said and spoken.clause.denials > 0
        self._asks = any(not clause.said.isdisjoint(_stemmed(QUESTIONED)) for clause in spoken.sentence)
        self._near, self._near_groups = spoken.clause.stems, spoken.clause.groups

    def signs(self, word: Word, share: float) -> set[int]:
        """How the passages that share most (at least that share of it) use a word: affirmed, denied or unsure."""
        uses = [
            (row, number, 0 if self._leaves_open(row.clauses[number], word) else sign)
            for row in self._spoken.rows
            for number, sign, opposite in row.uses.get(word.key, ())
            if not opposite or word.lexical or sign == word.sign or self._same_matter(word, row, number)
        ]
        if all(sign == word.sign for _, _, sign in uses):
            return {word.sign} if uses else set()
        found = [(self._score(row, number), sign) for row, number, sign in uses]
        if word.sign < 0:
            uses = [use for use in uses if self._same_matter(word, use[0], use[1])]
            found = [(self._score(row, number), sign) for row, number, sign in uses]
        best = max((score for score, _ in found), default=0.0)
        return {sign for score, sign in found if score >= share * best - 0.5}

    def _leaves_open(self, clause: Clause, word: Word) -> bool:
        """Whether a passage tells nothing of a word's sign: it asks, or it denies something close by."""
        return (clause.questions and not self._asks) or (word.sign < 0 and clause.denies and not word.lexical)

    def _same_matter(self, word: Word, row: Source, number: int) -> bool:
        """Whether a sentence that uses a denied word speaks of what the clause denies: it shares enough of the rest."""
        around = self._around(row, number)
        stems = frozenset[str]().union(*(other.stems for other in around))
        groups = frozenset[int]().union(*(other.groups for other in around))
        marks = frozenset[str]().union(*(other.marks for other in around))
        rest = {own.stem for own in weighty(self._spoken.clause) if own.stem != word.stem}
        whole = len(rest) + len(self._spoken.clause.marks)
        shared = len(rest & stems) + len(self._spoken.clause.marks & marks)
        shared += sum(not concepts(own).isdisjoint(groups) for own in rest - stems)
        return shared >= SAME_MATTER * whole

    def _around(self, row: Source, number: int) -> list[Clause]:
        """The clauses of the sentence that a clause belongs to, those nearby."""
        sentence = row.clauses[number].sentence
        return [other for other in row.clauses[max(0, number - 4) : number + 5] if other.sentence == sentence]

    def _score(self, row: Source, number: int) -> float:
        clause = row.clauses[number]
        around = self._around(row, number)
        close = _shared(self._near, self._near_groups, self._spoken.clause.marks, clause)
        wide = sum(_shared(self._stems, self._groups, self._marks, other) for other in around)
        return 2.0 * close + 0.25 * wide

    def denial(self) -> bool:
        """Whether any passage denies what the clause's denied words speak of, in those words or others."""
        words = [word for word in self._spoken.clause.words if word.sign < 0 and (word.leads or word.lexical)]
        denied = {word.key for word in words}
        if any(word.low in _OF_ROWS for word in words):
            return False
        uses = [(word, row, n) for row in self._spoken.rows for word in words for n, *_ in row.uses.get(word.key, ())]
        if not self._says_there_is_none and not any(self._same_matter(*use) for use in uses):
            bad = _stemmed(BAD)
            return self._gives_none() or any(
                one.denies or not bad.isdisjoint(one.said) for row in self._spoken.rows for one in row.clauses
            )
        if any(sign <= 0 for row in self._spoken.rows for key in denied for _, sign, _ in row.uses.get(key, ())):
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

    def _gives_none(self) -> bool:
        """Whether a row counts none of what the clause speaks of: "0 of 1 approvals"."""
        for row in self._spoken.rows:
            nothing = [f for f in row.reading.facts if f.kind == "pair" and f.quantities[0].value == 0]
            around = (clause for f in nothing for clause in row.clauses if clause.start <= f.start < clause.end)
            if any(self._near & clause.stems for clause in around):
                return True
        return False


def _flipped(word: Word) -> str:
    if word.sign > 0:
        return f"the cited rows deny “{word.low}” or say the opposite: say so too, or cite the row that affirms it"
    return f"the cited rows affirm “{word.low}”, which the statement denies: say so too, or cite the row that denies it"


def too_sure(spoken: Spoken) -> str:
    """Why the clause is surer than the closest passages are; empty where it is not."""
    doubts = any(row.doubts for row in spoken.rows)
    if doubts and not spoken.clause.denies and (doubtful := _only_asked(spoken)):
        return f"the cited row only asks about “{doubtful}”: say that it was asked, or cite where it was said"
    near = closest(spoken.clause, spoken.rows) if doubts else []
    if not near:
        return ""
    if spoken.clause.denies and any(row.answers_no for row in spoken.rows):
        return ""
    words = {word for clause in spoken.sentence for word in clause.said}
    hedged = any(clause.hedged for clause in spoken.sentence) or not words.isdisjoint(_stemmed(HEDGES))
    if all(clause.hedged for clause in near) and not hedged:
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
        uses = [row.clauses[number] for row in spoken.rows for number, *_ in row.uses.get(word.key, ())]
        if word.stem in _stemmed(_PERCEIVED):  # "which name do you see?" asks for the name
            uses = [clause for clause in uses if clause.said.isdisjoint(_WHICH)]
        if uses and all(clause.questions for clause in uses):
            return word.low
    return ""


@lru_cache(maxsize=8)
def _stemmed(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


def words_of(found: Sequence[Token]) -> frozenset[str]:
    """The words of a text in lower case; "due" only where it is "due to" something."""
    words = [token.text.lower() if token.kind == "word" else "" for token in found]
    return frozenset(one for one, after in zip(words, [*words[1:], ""], strict=True) if one != "due" or after == "to")


def uncaused(stated: Iterable[str], rows: Sequence[Source]) -> str:
    """Why "causes" says more than the rows do; empty where they speak of a cause, or the statement of none."""
    if CAUSAL.isdisjoint(stated) or any(not CAUSAL_SOURCES.isdisjoint(row.lows) for row in rows):
        return ""
    return "no cited row says what causes it: say what was seen and when, or make it a hypothesis"


def too_wide(stated: Iterable[str], rows: Sequence[Source]) -> str:
    """Why "all" or "always" is more than the rows say; empty where it is not."""
    said = UNIVERSAL.intersection(stated)
    if not said or any(not UNIVERSAL_SOURCES.isdisjoint(row.lows) for row in rows):
        return ""
    return f"“{min(said)}” is wider than anything the cited rows say"
