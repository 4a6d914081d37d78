"""Whether two cases are one problem. Precise rather than eager: what only sounds alike is told apart, and said so.

One tracker issue, or a recorded cause that names it, is one problem. So is one error code or path in the same words, or
nearly the same title, unless something speaks against it: other issues, other error codes, an opposite ("import",
"export"), or a cause that support found on the side of another customer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from customer_escalation.brief import Result
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.signs import is_specific, signs_of
from customer_escalation.language import heard, heard_field, stem, terms
from customer_escalation.watching.look import issues_of, tickets_of

Likeness = Literal["same_report", "same", "sounds_alike", ""]
SIGNED = 0.3  # likeness of the titles that an error code in common needs
TITLED = 0.75  # without one
SOUNDS = 0.6
SHARED = 3  # words in common that a likeness of titles alone needs
OPPOSED = (
    "import export", "login logout", "upload download", "create delete", "add remove", "read write", "send receive",
    "incoming outgoing", "enable disable", "install uninstall", "android ios", "windows macos", "windows linux",
    "credit debit", "buy sell", "increase decrease", "staging production", "backup restore", "input output",
    "slow missing", "duplicate missing", "encrypt decrypt", "lock unlock", "subscribe unsubscribe",
)  # fmt: skip
OPPOSITES = tuple(frozenset(map(stem, pair.split())) for pair in OPPOSED)
LINKS = re.compile(r"; links: ([^;)\n]+)")
KEY = re.compile(r"\b[A-Z][A-Z0-9_]+-\d+\b|#\d+\b")


class Problem(Struct, frozen=True):
    """What a case is about: its own tickets and issues, its error codes and paths, the words of its titles."""

    tickets: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()  # what the tracker links its own issues to
    blamed: frozenset[str] = frozenset()  # issues that its recorded cause names
    signs: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    cause: str = ""
    is_theirs: bool = False  # support found the cause on the customer's side


class Compared(Struct, frozen=True):
    """How alike two cases are, and what shows it."""

    likeness: Likeness = ""
    why: str = ""


class Weights:
    """What a word weighs: the rarer it is among the cases, the more."""

    def __init__(self, words: Iterable[frozenset[str]]) -> None:
        every = list(words)
        self._count, self._known = len(every), Counter(word for each in every for word in each)

    def alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Cosine of the weighted words."""
        size = math.sqrt(self._size(one) * self._size(other))
        return self._size(one & other) / size if size else 0.0

    def _size(self, words: Iterable[str]) -> float:
        return sum(math.log(1.5 + self._count / (1 + self._known[word])) ** 2 for word in words)


def problem_of(result: Result, events: Iterable[Event] = ()) -> Problem:
    """What this case is about, as far as its result and its trail tell."""
    trail = tuple(events)
    known = learned(trail)
    cause = known["root_cause"].text if "root_cause" in known else ""
    cited = known["root_cause"].cites if "root_cause" in known else ()
    tracked = [row for row in map(result.evidence.get, issues_of(result)) if row is not None]
    links = [name.strip() for row in tracked for found in LINKS.findall(row.text) for name in str(found).split(",")]
    customers = frozenset(each.name for each in result.reporters)
    return Problem(
        tickets=frozenset(ticket for each in result.reporters for ticket in each.tickets) or _record(result),
        issues=frozenset(row.record for row in tracked),
        linked=frozenset(links),
        blamed=frozenset(KEY.findall(cause))
        | {row.removeprefix("I-").partition("/")[0] for row in cited if row[:2] == "I-"},
        signs=frozenset(sign for sign in signs_of(result) if is_specific(sign)),
        words=title_words(result.issue, titles_of(result), customers),
        customers=customers,
        cause=cause,
        is_theirs=any(each.kind == "de_escalated" and each.text("condition") == "root_cause" for each in trail),
    )


def titles_of(result: Result) -> str:
    """The subjects of the tickets that tell of the problem, or the title of the brief where there are none."""
    named = [row.title for row in map(result.evidence.get, tickets_of(result)) if row is not None]
    return "\n".join(map(heard_field, named[:3] or [result.brief.title.text]))


def title_words(issue: str, titles: str, customers: Iterable[str]) -> frozenset[str]:
    """The words of what was typed and of the titles, without numbers and the names of customers."""
    names = frozenset(word for name in customers for word in terms(name))
    return frozenset(word for word in terms(titles) | terms(heard(issue[:500])) if not word.isdecimal()) - names


def compared(new: Problem, old: Problem, weights: Weights) -> Compared:
    """How the older case relates to the newer one."""
    if shared := new.tickets & old.tickets:
        return Compared("same_report", f"the same ticket {_first(shared)}")
    if shared := new.issues & old.issues:
        return Compared("same", f"the same tracker issue {_first(shared)}")
    if shared := new.issues & old.blamed:
        return Compared("same", f"its cause was {_first(shared)}")
    alike, signs = weights.alike(new.words, old.words), new.signs & old.signs
    if alike >= SIGNED and (shared := (new.issues & old.linked) | (new.linked & old.issues)):
        return Compared("same", f"a linked tracker issue, {_first(shared)}")
    worded = alike >= SOUNDS and len(new.words & old.words) >= SHARED
    if not (signs and alike >= SIGNED) and not worded:
        return Compared()
    against = _against(new, old)
    if against:
        return Compared("sounds_alike", against)
    if signs:
        return Compared("same", f"the same error or path: {_first(signs)}")
    if alike >= TITLED:
        return Compared("same", "reported in nearly the same words")
    return Compared("sounds_alike", "reported in similar words; nothing else links them")


def _against(new: Problem, old: Problem) -> str:
    """What tells two cases apart that sound alike; empty where nothing does."""
    if new.issues and old.issues:
        return f"it has another tracker issue, {_first(old.issues)}"
    if new.signs and old.signs and not new.signs & old.signs:
        return f"its errors are others: {_first(old.signs)}"
    different = new.words ^ old.words
    for pair in OPPOSITES:
        if pair <= different and pair & new.words and pair & old.words:
            return f"it is about “{_first(pair & old.words)}”"
    if old.is_theirs and not new.customers & old.customers:
        return f"its cause was on that customer's side{f': {old.cause}' if old.cause else ''}"
    return ""


def _record(result: Result) -> frozenset[str]:
    return frozenset(row.record for row in map(result.evidence.get, tickets_of(result)[:1]) if row is not None)


def _first(names: Iterable[str]) -> str:
    return min(names)


def raw_words(title: str, issue: str, customer: str) -> frozenset[str]:
    """The words of a case that was not read whole: of its title and what was typed, without its customer's name."""
    return title_words(issue, heard_field(title), (customer,))
