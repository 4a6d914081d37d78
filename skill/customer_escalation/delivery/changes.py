"""A change of a ticket's fields as lines of text, so that the text a person approves is what is done."""

from __future__ import annotations

from msgspec import Struct

from customer_escalation.casebook.state import NotAllowed

PRIORITIES = ("low", "normal", "high", "urgent")
STATUSES = ("open", "pending", "solved")
FORM = 'a change of a ticket is lines "status: solved", "priority: high" and "tags: one, two"'


class Change(Struct, frozen=True):
    """The new priority and status, empty where they stay, and the tags to add."""

    priority: str = ""
    tags: tuple[str, ...] = ()
    status: str = ""


def change_of(text: str) -> Change:
    """What these lines ask for. Raises NotAllowed where any of them is not understood."""
    said: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not value.strip() or name not in ("status", "priority", "tags") or name in said:
            raise NotAllowed(f"{FORM}; not understood: {line[:60]!r}")
        said[name] = value.strip()
    priority = said.get("priority", "").lower()
    if priority and priority not in PRIORITIES:
        raise NotAllowed(f"priority is one of {', '.join(PRIORITIES)}, not {priority[:40]!r}")
    status = said.get("status", "").lower()
    if status and status not in STATUSES:
        raise NotAllowed(f"status is one of {', '.join(STATUSES)}, not {status[:40]!r}")
    tags = tuple(tag.strip() for tag in said.get("tags", "").split(",") if tag.strip())
    return Change(priority, tags, status)
