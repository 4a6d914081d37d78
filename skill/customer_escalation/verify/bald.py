"""Short claims: a clause of a few words is held only where one sentence of a row holds all that it says.

In a long clause the words around a wrong one tell that the rows speak of the matter; a short one has nothing around it.
"Orders are lost" shares "orders" with a row about orders that are slow, and says another thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from customer_escalation.verify.clauses import Clause, Word
from customer_escalation.verify.deeds import TO_COME, is_ahead
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.quantities import WORDS as NUMERALS
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import HEDGES, listed
from customer_escalation.verify.words import alike, content, parts, stem

MOST = 3
_GENERIC = frozenset(map(stem, ("problem", "issue", "matter", "case", "situation", "thing", "ticket", "report")))
_PARTIES = frozenset(map(stem, ("customer", "client", "user", "people", "person")))
_SOURCES = listed("sources views versions statements opinions stories sides")
_DETERMINERS = listed("a an the this that these those our your its their his her all each every no any")
_UNABLE = listed("cannot can't couldn't unable locked fail fails failed failing nobody not block blocks blocked")
_NEEDED = (
    (listed("everybody everyone everything"), listed("everybody everyone everything nobody nothing anybody anything")),
    (listed("can could"), listed("can could able allows allowed lets may") | _UNABLE),
)
_STATES = {
    "up": listed("up back running works available restored online"),
    "down": listed("down outage unavailable offline unreachable"),
    "over": listed("over ended finished past done through"),
    "off": listed("off disabled switched out"),
    "back": listed("back restored returned again"),
    "gone": listed("gone lost deleted missing disappeared vanished"),
}
_BACK = listed("it they them this that he she these those its their both one")


class _Sentence(NamedTuple):
    """A sentence of a row: its clauses, the words that it and what it points back to hold, and its tokens."""

    row: Source
    clauses: list[Clause]
    around: frozenset[str]
    tokens: list[Token]


def bald(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source]) -> list[str]:
    """A statement of a few words that no single sentence of the rows holds."""
    if not stated or any(fact.kind != "number" or fact.quantities[0].unit for fact in reading.facts):
        return []
    words = [word for clause in stated for word in clause.words if word.stem and not _is_empty(word)]
    if not 0 < len(words) <= MOST or any(word.named for word in words) or not _is_claim(stated, reading.tokens):
        return []
    lows = frozenset(token.text.lower() for token in reading.tokens)
    if any(
        _goes_as_far(lows, sentence) and _holds(stated[-1], words, reading.tokens, sentence)
        for row in rows
        for sentence in _sentences(row, len(words) == MOST)
    ):
        return []
    said = " ".join(word.low for word in words)
    return [f"no sentence of a cited row says this of it ({said}): keep to the row's own words"]


def _goes_as_far(lows: frozenset[str], sentence: _Sentence) -> bool:
    """Whether a sentence speaks of everybody, of what can be done, or of what is over, where the statement does."""
    own = {token.text.lower().replace("’", "'") for token in sentence.tokens}
    return all(lows.isdisjoint(said) or not own.isdisjoint(held) for said, held in _NEEDED) and all(
        word not in lows or not own.isdisjoint(held) for word, held in _STATES.items()
    )


def _is_empty(word: Word) -> bool:
    """Whether a word points to what is spoken of, or counts it, and says nothing of it."""
    return word.stem in _GENERIC or word.low in NUMERALS


def _by_sentence(found: Sequence[Clause]) -> Iterator[list[Clause]]:
    return (list(group) for _, group in groupby(found, key=attrgetter("sentence")))


def _is_claim(group: Sequence[Clause], tokens: Sequence[Token]) -> bool:
    """Whether a statement tells something as so: it neither asks, doubts, orders nor weighs its sources."""
    lows = [token.text.lower() for token in tokens]
    if any(clause.asks or clause.hedged for clause in group) or not (HEDGES | _SOURCES).isdisjoint(lows):
        return False
    return lows[0] in _DETERMINERS or lows[1:2] == [] or lows[1] not in _DETERMINERS  # "Start the export"


def _sentences(row: Source, many: bool) -> Iterator[_Sentence]:
    context = frozenset(content(part) for part in parts(row.head))
    before = frozenset[str]()
    for group in _by_sentence(row.clauses):
        found = [t for t in row.reading.tokens if group[0].start <= t.start < group[-1].end]
        back = many or not _BACK.isdisjoint(token.text.lower() for token in found)
        own = frozenset[str]().union(*(clause.stems for clause in group))
        yield _Sentence(row, group, context | before if back else context, found)
        before = own


def _holds(clause: Clause, words: Sequence[Word], tokens: Sequence[Token], sentence: _Sentence) -> bool:
    """Whether a sentence holds all the words, the last of them itself, as the clause says them."""
    *others, last = words
    said = ((one, other) for other in sentence.clauses for one in other.words if alike(last.stem, one.stem))
    if not any(_as_said(last, clause, tokens, one, other, sentence) for one, other in said):
        return False
    return all(_speaks_of(word, sentence) for word in others)


def _as_said(
    word: Word, clause: Clause, tokens: Sequence[Token], known: Word, other: Clause, sentence: _Sentence
) -> bool:
    """Whether a row's word is affirmed, denied or still to come as the clause says it."""
    denied, its = _is_denied(word, clause), _is_denied(known, other)
    if None not in (denied, its) and denied != its and not (clause.denies and (other.denies or other.soft)):
        return False
    if denied and its:
        return True
    return _is_open(tokens, clause.start, word.start) or not _is_open(sentence.tokens, other.start, known.start)


def _is_denied(word: Word, clause: Clause) -> bool | None:
    """Whether a clause denies a word; None where that is unsure."""
    if word.sign:
        return word.sign < 0
    return True if clause.denials and "only" not in clause.said else None


def _is_open(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether words before a word keep it from having happened."""
    opening = next((n for n, token in enumerate(tokens) if token.start >= start), 0)
    return any(token.start == at and is_ahead(tokens, opening, n, TO_COME) for n, token in enumerate(tokens))


def _speaks_of(word: Word, sentence: _Sentence) -> bool:
    if word.stem in _PARTIES and ("customer" in sentence.row.roles or sentence.row.context_customer):
        return True
    own = sentence.around.union(*(clause.stems for clause in sentence.clauses))
    return any(alike(word.stem, one) for one in own)
