"""Where the conversation stands since the case was opened: the last step of ours, and each customer's last word.

What came before a fix says nothing of it: a customer's "still broken" counts against the fix only where it came later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from customer_escalation.brief import Result
from customer_escalation.casebook.state import State
from customer_escalation.evidence import Evidence
from customer_escalation.watching.news import base_of, speakers
from customer_escalation.watching.words import Step, Word, is_staff, word_of


class Said(Struct, frozen=True):
    """A message and what it means; `customer` is whose words they are, empty for ours."""

    row: Evidence
    word: Word
    customer: str = ""

    @property
    def order(self) -> tuple[float, str]:
        """By time, then by id."""
        return (self.row.at.timestamp() if self.row.at else 0.0, self.row.id)


class Standing(Struct, frozen=True):
    """The messages that came since the case was opened, in order, and what they come to."""

    said: tuple[Said, ...]
    settled_at: datetime | None = None

    @property
    def step(self) -> Said | None:
        """The last of ours that says how far the fix is; being at work on it undoes no fix."""
        steps = [each for each in self.said if each.word.step]
        done = [each for each in steps if each.word.step in ("done", "undone")] or steps
        return done[-1] if done else None

    @property
    def is_fixed(self) -> bool:
        """Whether ours say that it is fixed, and no customer says otherwise since."""
        return self.has("done") and not self.broken

    def has(self, *steps: Step) -> bool:
        """Whether the last step is one of these."""
        return self.step is not None and self.step.word.step in steps

    @property
    def broken(self) -> tuple[Said, ...]:
        """Customers' last words that say it is not solved, of those who spoke after the fix or after the end."""
        return tuple(each for each in self.last.values() if each.word.verdict == "broken" and self._is_later(each))

    @property
    def solved(self) -> tuple[Said, ...]:
        """Customers' last words that say it is solved for them."""
        return tuple(each for each in self.last.values() if each.word.verdict == "solved")

    @property
    def accepted(self) -> tuple[Said, ...]:
        """Customers' words that a workaround lets them go on, where they said nothing worse since."""
        last = {name: each for name, each in self._theirs() if each.word.verdict == "broken" or _accepts(each)}
        return tuple(each for each in last.values() if _accepts(each) and each.word.verdict != "broken")

    @property
    def last(self) -> dict[str, Said]:
        """The last clear word of each customer."""
        return {name: each for name, each in self._theirs() if each.word.verdict}

    def ours(self, *cues: str) -> tuple[Said, ...]:
        """Messages of ours in which all of these cues were found."""
        return tuple(each for each in self.said if not each.customer and all(each.word.says(cue) for cue in cues))

    @property
    def unanswered(self) -> tuple[Said, ...]:
        """The customers' questions that no public message of ours followed on the same ticket."""
        return tuple(each for each in self.said if each.word.asks and each.customer and not self._answered(each))

    def _answered(self, asked: Said) -> bool:
        later = (each for each in self.said if each.order > asked.order and base_of(each.row) == base_of(asked.row))
        return any(is_staff(each.row) and each.row.public and not each.word.automatic for each in later)

    def _theirs(self) -> Iterable[tuple[str, Said]]:
        return ((each.customer, each) for each in self.said if each.customer)

    def _is_later(self, each: Said) -> bool:
        step = self.step
        if step is not None and step.word.step == "done":
            return each.order > step.order
        return self.settled_at is None or each.row.at is None or each.row.at > self.settled_at


def standing(result: Result, rows: Iterable[Evidence], state: State) -> Standing:
    """What these messages come to. What a customer says whom no ticket names is nobody's word."""
    said = [Said(row, word_of(row), _who(row, result)) for row in rows if is_staff(row) or _who(row, result)]
    return Standing(tuple(sorted(said, key=lambda each: each.order)), state.settled_at)


def _who(row: Evidence, result: Result) -> str:
    if row.origin != "stated_by_customer":
        return ""
    return next(iter(speakers(row, result)), "")


def _accepts(each: Said) -> bool:
    return each.word.says("accepts")
