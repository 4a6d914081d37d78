"""What happened to a case: events that are only ever added, each sealed with the hash of the one before it.

The trail shows a change of any event, a gap, and a lost end (the case keeps the last hash and the count). Whoever may
write to the whole database can still replace everything; the copies of a backup show that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, get_args

from msgspec import Struct, field

Kind = Literal[
    "opened",         # severity, target, customers (name, tickets, sla), rhythm, reporter, team
    "adopted",        # a case that an earlier version kept; nobody follows it up until somebody opens it again
    "moved",          # to: the next status
    "severity",       # to
    "checked",        # somebody asked the receiving team for progress, or heard from it
    "told",           # customer: an update reached this customer
    "confirmed",      # customer: who says that it is solved for them
    "joined",         # customer, tickets, sla: one more customer with the same problem
    "sla",            # customer, sla: the times at which the SLAs of their tickets fall due now
    "promised",       # to, due_at, of ("update", "deed"), said_at: a time that was promised to a customer
    "kept",           # promise: the number of the event that made it; a follow-up that is done, too
    "follow_up",      # due_at: a reminder of its own, which a person approved
    "noted",          # a remark, a reason, a link
    "learned",        # root_cause, fix_version, article
    "seen",           # what a re-reading of the sources found
    "revised",        # revision: the brief was replaced
    "snoozed",        # clock, until
    "attended",       # clock: a person takes the reminder
    "disagreed",      # clock: a person holds the reminder for wrong
    "reminded",       # clock, due_at, level, to
    "proposed", "edited", "approved", "declined", "expired", "sending", "delivered", "failed", "unsure",
    "de_escalated",   # condition
    "re_escalated",   # severity, target
    "closed",
]  # fmt: skip
KINDS: frozenset[str] = frozenset(get_args(Kind))
Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
GENESIS = "0" * 64
PERSON = "person:"


class Event(Struct, frozen=True):
    """Who did what, when and why; `actor` is "person:anna", "model:claude-code" or "code:worker"."""

    number: int
    at: datetime
    actor: str
    kind: Kind
    why: str = ""
    data: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType[str, Value]({}))
    hash: str = ""

    def text(self, key: str) -> str:
        """The value of this name as text, empty where there is none."""
        value = self.data.get(key)
        return "" if value is None else str(value)


def is_a_person(actor: str) -> bool:
    """Whether this actor is a person with a name, not a model or a program."""
    return actor.startswith(PERSON) and bool(actor.removeprefix(PERSON).strip())


def sealed(event: Event, case_id: str, before: str) -> str:
    """The hash of an event in its place: SHA-256 over the hash before it and everything it says."""
    said = [case_id, event.number, event.at.astimezone(UTC).isoformat(), event.actor, event.kind, event.why]
    return hashlib.sha256(f"{before}\n{canonical([*said, dict(event.data)])}".encode()).hexdigest()


def canonical(value: object) -> str:
    """The same text for the same value, on every machine."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def broken(events: Iterable[Event], case_id: str, count: int, head: str) -> str:
    """What is wrong with a trail that should hold `count` events and end in `head`; empty where it is intact."""
    before, number = GENESIS, 0
    for number, event in enumerate(events, 1):
        if event.number != number:
            return f"{case_id}: event {number} is missing"
        if event.hash != sealed(event, case_id, before):
            return f"{case_id}: event {number} was changed"
        before = event.hash
    if number != count or before != (head or GENESIS):
        return (
            f"{case_id}: the trail ends at event {number} of {count}"
            if number < count
            else f"{case_id}: event {number} was added"
        )
    return ""
