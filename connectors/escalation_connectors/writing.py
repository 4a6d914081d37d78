"""Changing something at a vendor: three contracts of their own, which nothing that reads can reach.

Every method takes an idempotency `key` and gives a `Receipt` once the vendor has said that it is done. Where no answer
came it raises PerhapsWritten; where the vendor's API has no such thing, NotOffered. Texts are plain text: a vendor's
mark-up in them is shown, never obeyed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from msgspec import Struct


class Receipt(Struct, frozen=True):
    """Proof of a write: the vendor's own id of what was written, and where to see it."""

    id: str
    url: str = ""


def uuid_of(key: str) -> str:
    """An id for what a vendor lets us name: the same for the same key, in the form of version 4, which some ask for."""
    return str(uuid.UUID(bytes=sha256(key.encode()).digest()[:16], version=4))


class SupportWrites(Protocol):
    """Writing to a support platform."""

    @property
    def name(self) -> str: ...

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """An internal note, which the customer does not see."""
        ...

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A reply to the customer, or a draft of one."""
        ...

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """Tags beside those there are, a priority (low, normal, high, urgent) and a status (open, pending, solved).

        What is empty stays as it is. Written again it is the same change.
        """
        ...


class ChatWrites(Protocol):
    """Writing to a chat."""

    @property
    def name(self) -> str: ...

    async def post(self, channel: str, text: str, *, key: str, thread: str = "") -> Receipt:
        """A message in a channel, or in a thread of it."""
        ...

    async def schedule(self, channel: str, text: str, at: datetime, *, key: str) -> Receipt:
        """A message that the vendor posts later."""
        ...


class TrackerWrites(Protocol):
    """Writing to a project tracker."""

    @property
    def name(self) -> str: ...

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """A new issue, in the project that the configuration names."""
        ...

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment on an issue."""
        ...

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A link from an issue to a record elsewhere."""
        ...
