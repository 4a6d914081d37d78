"""Sentences as clauses: which words each one affirms or denies, and how sure it is of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from customer_escalation.verify.everyday import is_everyday
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import (
    DOUBTS,
    NEGATORS,
    OPPOSITES,
    QUESTION_OPENERS,
    REQUESTS,
    SOFT,
    STRONG_HEDGES,
)
from customer_escalation.verify.words import concepts, content, parts, stem

_CONTRACTED = re.compile(r"n't$|^(?:dont|doesnt|didnt|isnt|wasnt|cant|wont|couldnt|havent|hasnt)$")
_FAILS_TO = frozenset(("fail", "fails", "failed", "failing", "refuse", "refuses", "refused", "yet", "declined"))
_BREAKS = frozenset(
    ("but", "while", "whereas", "although", "though", "however", "because", "so", "which", "until", "and")
)
_SPLITS = frozenset(',:()—–"“”')
_ENDS = frozenset(".!?;")
_COULD = frozenset(("could", "would", "can", "should"))
_DENIERS = frozenset(("lacks", "lack", "lacking", "except"))
_ONE_WORD = frozenset(("no", "without", "than", "instead", "neither", "nor", "away"))
_CLEFTS = frozenset(("what", "who", "why", "where"))
_SECOND_HALVES = frozenset(("nor", "any"))
_CLOSERS = frozenset("if when unless that who as before after since or and".split())
_POSSESSIVES = frozenset(("mine", "ours", "yours", "his", "hers", "theirs"))
_PRONOUNS = frozenset(("it", "this", "that", "them"))
_CONTRASTS = frozenset((",", "and", "but"))
_NO_UN = frozenset(("less", "like", "der", "til", "ion", "ions", "ite", "ites", "ited", "its", "do"))
_TAGS = frozenset(("right", "correct", "ok", "okay", "it", "yes", "no", "true"))
_SUBJECTS = frozenset(("none", "nobody", "nothing", "no", "neither"))
_AUXILIARIES = frozenset("can could may might will would shall should is was has had does did".split())
_QUANTITIES = frozenset(("all", "every", "everybody", "everyone", "always", "only"))
_ANSWERS = frozenset(("no", "yes", "none", "true", "false"))
_LABELS = frozenset(("hypothesis", "theory", "guess", "suspicion", "assumption"))
_WILL = frozenset(("will", "shall", "plan", "plann", "planned", "target", "targeted", "schedul", "intend", "ll"))
_NOTHING = frozenset[str]()
SCOPE, WHOLE = 4, 12


class Word(NamedTuple):
    """A word that carries meaning.

    `key` is the stem of its positive form ("unresolved" has that of "resolved", "closed" that of "open"), `sign` is +1
    where it is affirmed, -1 where it is denied and 0 where that is unsure; `lexical` says that the word itself denies,
    `leads` that it stands right after what denies it, `named` that it belongs to a name or a date.
    """

    stem: str
    key: str
    sign: int
    start: int
    leads: bool = False
    lexical: bool = False
    low: str = ""
    named: bool = False


class Clause(NamedTuple):
    """A clause: its words, its hard facts as written, its sentence's number, and how it is said."""

    words: tuple[Word, ...]
    marks: frozenset[str]
    start: int
    end: int
    sentence: int
    denials: int
    doubled: bool
    denies: bool
    soft: bool
    hedged: bool
    asks: bool
    questions: bool
    intends: bool
    said: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()


@lru_cache(maxsize=1)
def _opposites() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for line in OPPOSITES:
        sides = [side.split() for side in line.split("/")]
        head = f"±{stem(sides[0][0])}"
        for sign, side in zip((1, -1), sides, strict=True):
            for word in side:
                found.setdefault(word, (head, sign))
    return found


@lru_cache(maxsize=16384)
def positive(word: str) -> tuple[str, int]:
    """The stem of a word's positive form and its sign: "unresolved" is (resolv, -1), "decrease" is (±increas, -1)."""
    known = _opposites().get(word)
    if known is not None:
        return known
    if word.startswith("un") and len(word) > 5 and word[2:] not in _NO_UN and is_everyday(word[2:]):
        return stem(word[2:]), -1
    return stem(word), 1


def clauses(found: Sequence[Token], facts: Sequence[Fact], by_staff: bool = False) -> list[Clause]:
    """The clauses of a text that was read; `by_staff` makes "will" an intention."""
    made: list[Clause] = []
    at, labelled = 0, False
    for number, sentence in enumerate(_sentences(found)):
        inside: list[Fact] = []
        end = sentence[-1].end
        while at < len(facts) and facts[at].start < end:
            inside.append(facts[at])
            at += 1
        opening = sentence[0].text.lower()
        labelled = labelled or opening in _LABELS
        made += _of_sentence(sentence, inside, number, by_staff, labelled)
    return made


def _sentences(found: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token, after in zip_longest(found, found[1:]):
        ends = token.kind == "line" or (token.kind == "mark" and token.text in _ENDS)
        if token.text == "?" and after is not None and after.start == token.end and after.kind in ("word", "chunk"):
            ends = False  # "/orders?limit=200"
        if not ends or token.text == "?":
            group.append(token)
        if ends and group:
            yield group
            group = []
    if group:
        yield group


def _of_sentence(
    sentence: Sequence[Token], facts: Sequence[Fact], number: int, by_staff: bool, labelled: bool
) -> Iterator[Clause]:
    question = sentence[-1].text == "?"
    groups = _split(sentence)
    tagged = question and len(groups) > 1 and len(groups[-1]) <= 4 and groups[-1][-2].text.lower() in _TAGS
    made: list[Clause] = []
    for group in groups:
        asks = question and (tagged or group is groups[-1] or group[0].text.lower() in QUESTION_OPENERS)
        made.append(_clause(group, facts, number, by_staff, asks, labelled))
    doubt = any(
        len(clause.said) <= 3
        and not clause.said.isdisjoint(_stems(STRONG_HEDGES))
        and (clause is made[0] or "i" in clause.said)
        for clause in made
    )
    pleading = False
    for clause, group in zip(made, groups, strict=True):
        opens = group[0].text.lower() in ("and", "or", "(", ")", '"', "“", "”")
        pleading = "pleas" in clause.said or (pleading and opens)
        changed = (doubt and not clause.hedged) or (pleading and not clause.asks)
        yield clause._replace(hedged=clause.hedged or doubt, asks=clause.asks or pleading) if changed else clause


def _split(sentence: Sequence[Token]) -> list[list[Token]]:
    """The clauses of a sentence; a break needs words on its left, so that "12 and 13" stays whole."""
    groups: list[list[Token]] = [[]]
    words = 0
    for index, token in enumerate(sentence):
        after = sentence[index + 1].text.lower() if index + 1 < len(sentence) else ""
        breaks = token.kind == "word" and token.text.lower() in _BREAKS and words > 1
        splits = token.kind == "mark" and token.text in _SPLITS and after not in _ANSWERS
        if (breaks or splits) and groups[-1]:
            groups.append([])
            words = 0
        words += token.kind == "word"
        groups[-1].append(token)
    return [group for group in groups if group]


@lru_cache(maxsize=8)
def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


def _clause(
    group: Sequence[Token], facts: Sequence[Fact], number: int, by_staff: bool, asks: bool, unsure: bool
) -> Clause:
    scope = _Scope()
    stems: set[str] = set()
    lows = ["", *(token.text.lower() for token in group), ""]
    for token, before, low, after in zip(group, lows, lows[1:], lows[2:], strict=False):
        scope.step(token, before, after)
        if token.kind == "word":
            stems.add(stem(low))
    if _answered_no(group):
        scope.deny_all()
    start, end = group[0].start, group[-1].end
    questions = asks
    requests = asks or not stems.isdisjoint(_stems(REQUESTS))
    hedges = stems & _stems(DOUBTS) if not stems.isdisjoint(_stems(DOUBTS)) else _NOTHING
    own = frozenset(word.stem for word in scope.words if word.stem)
    return Clause(
        tuple(scope.words),
        frozenset(f.text.lower() for f in facts if start <= f.start < end and f.kind != "moment"),
        start,
        end,
        number,
        scope.denials,
        scope.doubled,
        scope.denials > 0 or any(word.lexical and not word.key.startswith("±") for word in scope.words),
        not stems.isdisjoint(_stems(SOFT)),
        unsure or bool(hedges - _stems(_COULD) if requests else hedges),
        requests,
        questions,
        by_staff and not requests and (not stems.isdisjoint(_WILL) or "next" in stems),
        frozenset(stems),
        own,
        frozenset[int]().union(*map(concepts, own)),
    )


def _answered_no(group: Sequence[Token]) -> bool:
    """Whether the clause is a field whose value is no: "SLA breached: no"."""
    last = len(group) - 1
    while last > 0 and group[last].text in ")],":
        last -= 1
    return last > 0 and group[last].text.lower() in ("no", "false", "none") and group[last - 1].text in (":", "=")


class _Scope:
    """Follows a clause word by word and knows how far the last negation reaches."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.denials = 0
        self.doubled = False
        self._here = 0
        self._skip = False
        self._left = 0
        self._sure = 0
        self._fresh = False

    def step(self, token: Token, before: str, after: str) -> None:
        """Take one token."""
        low = token.text.lower().replace("’", "'")
        if token.kind == "num" and token.text == "0" and after != "of":
            self._open(low, 1)
            return
        if token.kind not in ("word", "chunk") or (low == "longer" and before == "no"):
            return
        if low in ("with", "without") and after in _PRONOUNS:
            self.words.append(
                Word("", "±with", 1 if low == "with" else -1, token.start, lexical=low != "with", low=low)
            )
            self.denials += low != "with"
            return
        if self._negates(low, before, after):
            if low in _opposites():
                key, sign = positive(low)
                self.words.append(Word("", key, sign, token.start, lexical=True, low=low))
            if after in _CLEFTS:
                self.words = [word._replace(sign=0) for word in self.words]
            if low == "not" and before in _CONTRASTS and after != "to":
                self._left, self._fresh, self._sure = SCOPE, False, 0
                return
            if low == "nothing" and after not in _AUXILIARIES and [w.low for w in self.words[-2:-1]] == [before]:
                self.words[-2] = self.words[-2]._replace(sign=-abs(self.words[-2].sign), leads=True)  # "change nothing"
            elif self.words and (low == "no" or after in _POSSESSIVES):  # "holds no header", "files that are not ours"
                last = self.words[-1]
                sign = -abs(last.sign) if after in _POSSESSIVES else 0
                self.words[-1] = last._replace(sign=sign, leads=sign < 0)
            self._open(low, 0 if after in _CLEFTS | _QUANTITIES else 1 if low in _ONE_WORD else 2)
            self._skip = low == "none" and after == "of"
            return
        if low in _CLOSERS:
            self._left = self._here = 0
        for piece in (low,) if low.isalpha() else parts(low):
            self._word(piece, token.start)

    def _negates(self, low: str, before: str, after: str) -> bool:
        if low == "not" and (after == "only" or before == "or"):
            return False
        if low == "than":
            return before == "rather"
        if low in _FAILS_TO and after == "to":
            return True
        if low in _DENIERS:
            self.denials += 1
            return False
        return low in NEGATORS or _CONTRACTED.search(low) is not None or (low == "away" and after == "from")

    def _open(self, low: str, sure: int) -> None:
        """A negation begins; the next `sure` words are denied, the rest of its scope may be."""
        if low not in _SECOND_HALVES:
            self.denials += 1
            self._here += 1
            self.doubled = self.doubled or self._here > 1
        reach = WHOLE if low in _SUBJECTS and not self.words else SCOPE
        self._left, self._fresh, self._sure = (reach, True, sure) if sure else (0, False, 0)

    def _word(self, low: str, start: int) -> None:
        plain = content(low)
        key, sign = positive(low)
        if not plain and not key.startswith("±"):
            return
        lexical = sign < 0
        if self._left > 0:
            near = self._sure > 0 and not self._skip  # of "none of the files opens", "opens" is denied
            self._sure -= not self._skip
            self._skip = False
            self.doubled = self.doubled or (self._fresh and lexical and not key.startswith("±"))
            self.words.append(Word(plain, key, -sign if near else 0, start, self._fresh, lexical, low))
            self._left -= 1
            self._fresh = False
        else:
            self.words.append(Word(plain, key, sign, start, False, lexical, low))

    def deny_all(self) -> None:
        """The whole clause is answered with no."""
        last = len(self.words) - 1
        self.words = [
            word._replace(sign=(1 if word.lexical else -1) if number == last else 0, leads=number == last)
            for number, word in enumerate(self.words)
        ]
