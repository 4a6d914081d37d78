"""Sentences as clauses: which words each one affirms, denies or leaves open, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from customer_escalation.verify.facts import Fact
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.words import content, parts, stem

NEGATORS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot unable instead except zero lacks lack lacking".split()
)
_CONTRACTED = re.compile(r"n't$|^(?:dont|doesnt|didnt|isnt|wasnt|cant|wont|couldnt|havent|hasnt)$")
_FAILS_TO = frozenset("fail fails failed failing refuse refuses refused yet declined decline".split())
# Words that tell of something bad, missing or unfinished: a statement that denies may rest on them.
SOFT = frozenset(
    map(
        stem,
        "fail error missing lost lose lack stop broken still only wait pending open unresolved empty wrong late overdue missed away "
        "offsite absent unavailable refuse deny exclude rather except instead block stuck hold until unanswered hang ignore last "
        "without sole alone clean fine zero".split(),
    )
)
HEDGES = frozenset(
    map(
        stem,
        "may might could possibly possible possibility probably probable perhaps maybe likely unlikely suspect suspected suspicion "
        "suspicious hypothesis theory think thinks thought believe assume assumption guess seem seems appear appears appearance "
        "apparently presumably potential potentially suggest unclear unconfirmed unproven unsure whether allegedly reportedly "
        "supposedly supposed doubt wonder hope hopefully expect expected estimate claim claims claimed should would hint candidate "
        "indicate plausible unverified tentative speculate contradict contradicts contradicted".split(),
    )
)
ASKS = frozenset(
    map(
        stem,
        "ask asks asked question request requests requested please propose proposed suggest suggested recommend recommended advise "
        "advised tell told need needs want wants instruct invite require demand urge could would can wonder query remind whether "
        "confirm answer clarify know".split(),
    )
)
INTENDS = frozenset(
    map(
        stem,
        "will shall plan plans planned promise promised promises intend due schedule scheduled announce announced agree agreed "
        "commit committed offer offered going want expect expected next upcoming by pledge aim target say said tell told".split(),
    )
)
_OPPOSITES = (
    "increase rise rose risen grow grew grown climb higher faster more worse / decrease fall fell fallen drop dropped shrink decline "
    "reduce lower fewer slower less",
    "fail failed fails failing failure failures unsuccessful / succeed succeeds succeeded success successful worked works",
    "open opened reopened / closed close solved",
    "enable enabled active activated / disable disabled inactive deactivated",
    "approve approved approval / reject rejected rejection decline",
    "accept accepted / refuse refused",
    "allow allowed permit permitted / deny denied forbid forbidden",
    "include included including / exclude excluded excluding",
    "online / offline",
    "public / internal private",
    "above / below",
    "all every always constantly / some sometimes intermittent intermittently partly occasional occasionally sporadic sporadically",
    "early earlier earliest / late later latest",
    "first / last",
    "internal / external",
    "connected connect / disconnected disconnect",
    "valid / invalid",
    "correct correctly / incorrect incorrectly wrong wrongly",
    "complete completed / incomplete partial partially",
    "best / worst",
    "won / lost",
    "primary / secondary",
    "inbound / outbound",
    "major / minor",
    "high highest / low lowest",
    "same / different",
    "visible / hidden",
    "safe / unsafe",
    "present / missing absent",
    "true / false",
    "paid / unpaid",
    "stable / unstable",
)
_UN_BASES = frozenset(
    map(
        stem,
        "answer resolve confirm affect block assign approve merge fix pay read sent send test try able available known know prove "
        "support link document address acknowledge expect reach change verify touch authorize authorise encrypt sign like likely "
        "usual clear happy stable safe reliable healthy usable used lock limit planned paid acceptable successful supported related "
        "responsive finished noticed reported solved tried merged proven reviewed".split(),
    )
)
_BREAKS = frozenset(("but", "while", "whereas", "although", "though", "however", "yet", "because"))
_ENDS = frozenset(".!?;")
SCOPE = 4


class Word(NamedTuple):
    """A word that carries meaning: its stem (of the positive form), +1 affirmed, -1 denied, 0 unsure; where it stands."""

    stem: str
    sign: int
    start: int
    leads: bool = False


class Clause(NamedTuple):
    """A clause: its words, its hard facts as written, and how it is said."""

    words: tuple[Word, ...]
    marks: frozenset[str]
    start: int
    end: int
    denies: bool
    soft: bool
    hedged: bool
    asks: bool
    intends: bool


@lru_cache(maxsize=1)
def _opposites() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for line in _OPPOSITES:
        sides = [side.split() for side in line.split("/")]
        head = stem(sides[0][0])
        for sign, side in zip((1, -1), sides, strict=True):
            for word in side:
                found.setdefault(word, (head, sign))
    return found


def positive(word: str) -> tuple[str, int]:
    """The stem of a word's positive form and its sign: "unresolved" is (resolv, -1), "decrease" is (increas, -1)."""
    known = _opposites().get(word)
    if known is not None:
        return known
    base = stem(word)
    if word.startswith("un") and len(word) > 5 and stem(word[2:]) in _UN_BASES:
        return stem(word[2:]), -1
    if word.startswith("non-") and len(word) > 6:
        return stem(word[4:]), -1
    return base, 1


def clauses(found: Sequence[Token], facts: Sequence[Fact], by_staff: bool = False) -> list[Clause]:
    """The clauses of a text that was read; `by_staff` makes "will" an intention."""
    groups: list[list[Token]] = [[]]
    for token in found:
        if token.kind == "line" or (token.kind == "mark" and token.text in _ENDS):
            if token.text == "?" and groups[-1]:
                groups[-1].append(token)
            groups.append([])
            continue
        if token.kind == "word" and token.text.lower() in _BREAKS and len(groups[-1]) > 2:
            groups.append([])
        groups[-1].append(token)
    made: list[Clause] = []
    at = 0
    for group in groups:
        if not group:
            continue
        start, end = group[0].start, group[-1].end
        inside: list[Fact] = []
        while at < len(facts) and facts[at].start < end:
            if facts[at].start >= start:
                inside.append(facts[at])
            at += 1
        made.append(_clause(group, inside, by_staff))
    return made


def _clause(group: Sequence[Token], facts: Sequence[Fact], by_staff: bool) -> Clause:
    scope = _Scope()
    stems: set[str] = set()
    for number, token in enumerate(group):
        before = group[number - 1].text.lower() if number else ""
        after = group[number + 1].text.lower() if number + 1 < len(group) else ""
        scope.step(token, before, after)
        if token.kind == "word":
            stems.add(stem(token.text.lower()))
    if _answered_no(group):
        scope.deny_all()
    asked = group[-1].text == "?"
    return Clause(
        tuple(scope.words),
        frozenset(fact.text.lower() for fact in facts),
        group[0].start,
        group[-1].end,
        scope.denied or any(word.sign < 0 for word in scope.words),
        bool(stems & SOFT),
        bool(stems & HEDGES),
        asked or "please" in stems or stem("please") in stems,
        by_staff and bool(stems & {"will", "shall"}) and not asked,
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
        self.denied = False
        self._left = 0
        self._fresh = False

    def step(self, token: Token, before: str, after: str) -> None:
        """Take one token."""
        low = token.text.lower().replace("’", "'")
        if token.kind == "mark" and token.text in ",:()":
            self._left = min(self._left, 1 if token.text == "," else 0)
            return
        if token.kind == "num" and token.text == "0" and after != "of":
            self._open()
            return
        if token.kind not in ("word", "chunk"):
            return
        if self._negates(low, before, after):
            self._open()
            return
        for piece in parts(low):
            self._word(piece, token.start)

    def _negates(self, low: str, before: str, after: str) -> bool:
        if low == "not" and after == "only":
            return False
        if low == "than":
            return before == "rather"
        if low in _FAILS_TO and after == "to":
            return True
        if low == "no" and after == "longer":
            return True
        return low in NEGATORS or _CONTRACTED.search(low) is not None or (low == "away" and after == "from")

    def _open(self) -> None:
        self._left, self._fresh, self.denied = SCOPE, True, True

    def _word(self, low: str, start: int) -> None:
        if not content(low) and low not in _opposites():
            return
        base, sign = positive(low)
        if self._left > 0:
            near = self._fresh or self._left >= SCOPE - 1
            self.words.append(Word(base, -sign if near else 0, start, self._fresh))
            self._left -= 1
            self._fresh = False
        else:
            self.words.append(Word(base, sign, start))

    def deny_all(self) -> None:
        """The whole clause is answered with no."""
        self.denied = True
        self.words = [word._replace(sign=-word.sign, leads=True) for word in self.words]
