"""Reminders of their own: "check again tomorrow at 09:00", approved by a person and due at that time, until it is done.

The time stands in the text that was approved, so it can be no other than what the person saw.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.casebook.events import Event

PREFIX = "follow_up:"
STAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
BEGINS = re.compile(rf"{STAMP.pattern}: ")


class FollowUp(Struct, frozen=True):
    """A time at which somebody wants to be reminded; `number` is the event that set it."""

    number: int
    due_at: datetime
    text: str
    made_at: datetime
    done: bool = False

    @property
    def clock(self) -> str:
        """The name of its clock."""
        return f"{PREFIX}{self.number}"


def time_in(text: str) -> datetime | None:
    """The first moment with its zone in a text; None where it holds none, or none that there is."""
    found = STAMP.search(text)
    try:
        return datetime.fromisoformat(found[0]) if found is not None else None
    except ValueError:
        return None


def timed(text: str, due_at: datetime) -> str:
    """The text with its time in front."""
    return f"{due_at.isoformat(timespec='minutes')}: {text}"


def untimed(text: str) -> str:
    """The text as it was written, without the time that was put in front."""
    return BEGINS.sub("", text, count=1) if BEGINS.match(text) else text


def planned(before: tuple[FollowUp, ...], event: Event) -> tuple[FollowUp, ...]:
    """With the one that this event sets."""
    due_at = time_in(event.text("due_at"))
    return before if due_at is None else (*before, FollowUp(event.number, due_at, event.why, event.at))


def served(before: tuple[FollowUp, ...], number: object) -> tuple[FollowUp, ...]:
    """With the one of this number done."""
    return tuple(replace(each, done=each.done or each.number == number) for each in before)
