"""In-memory writing sides of all three contracts, for tests and other people's tests, with trouble on demand.

    vendor = FakeVendor(WritingTrouble("no_answer", after_writing=True))
    setup = fake_setup("support_platform", vendor)

What reached the vendor is in `written`, once for every time it was written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from escalation_connectors.errors import AccessDenied, PerhapsWritten, Unavailable
from escalation_connectors.options import Fields
from escalation_connectors.records import Category
from escalation_connectors.tokens import Tokens
from escalation_connectors.vendor import Setup, Vendor
from escalation_connectors.writing import ChatWrites, Receipt, SupportWrites, TrackerWrites

WritingFault = Literal["", "no_answer", "refused", "down", "crash", "hang"]


class WritingTrouble(Struct):
    """What the next `times` writes meet, before the vendor has written or after it.

    "no_answer" is a write without an answer, "refused" a 403, "down" a 503, "crash" an exception that no contract
    allows, "hang" never ends.
    """

    fault: WritingFault = ""
    after_writing: bool = False
    times: int = 1


class Written(Struct, frozen=True):
    """One write as it reached the vendor."""

    what: str
    to: str
    text: str
    key: str
    more: tuple[str, ...] = ()


class FakeVendor:
    """A vendor that remembers what was written; with `once` it writes a key once."""

    def __init__(self, trouble: WritingTrouble | None = None, *, name: str = "fake", once: bool = False) -> None:
        self.name = name
        self.once = once
        self.trouble = trouble or WritingTrouble()
        self.written: list[Written] = []

    async def write(self, what: str, to: str, text: str, key: str, *more: str) -> Receipt:
        """Raises what the trouble says."""
        if not self.trouble.after_writing:
            await self._meet()
        known = [number for number, each in enumerate(self.written, 1) if each.key == key]
        if not (self.once and known):
            self.written.append(Written(what, to, text, key, more))
            known.append(len(self.written))
        if self.trouble.after_writing:
            await self._meet()
        return Receipt(f"{what}-{known[-1]}", f"https://{self.name}.example/{known[-1]}")

    async def _meet(self) -> None:
        if not self.trouble.fault or self.trouble.times < 1:
            return
        self.trouble.times -= 1
        match self.trouble.fault:
            case "no_answer":
                raise PerhapsWritten(self.name, "no answer came to a write")
            case "refused":
                raise AccessDenied(self.name, "the credentials lack a right for this")
            case "down":
                raise Unavailable(self.name, "the service is not available")
            case "hang":
                await asyncio.Event().wait()
            case _:
                raise RuntimeError("a defect in a connector")


class FakeSupportWrites(Struct, frozen=True):
    """Writes to tickets in memory."""

    vendor: FakeVendor
    name: str = "fake"

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """An internal note."""
        return await self.vendor.write("note", ticket_id, text, key)

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A reply, or a draft of one."""
        return await self.vendor.write("draft" if draft else "reply", ticket_id, text, key)

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """Tags, a priority and a status."""
        more = (*tags, f"status: {status}") if status else tags
        return await self.vendor.write("update", ticket_id, priority, key, *more)


class FakeChatWrites(Struct, frozen=True):
    """Posts in memory."""

    vendor: FakeVendor
    name: str = "fake"

    async def post(self, channel: str, text: str, *, key: str, thread: str = "") -> Receipt:
        """A message."""
        return await self.vendor.write("post", channel, text, key, *filter(None, (thread,)))

    async def schedule(self, channel: str, text: str, at: datetime, *, key: str) -> Receipt:
        """A message for later."""
        return await self.vendor.write("schedule", channel, text, key, at.isoformat())


class FakeTrackerWrites(Struct, frozen=True):
    """Issues and comments in memory."""

    vendor: FakeVendor
    name: str = "fake"

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """A new issue."""
        return await self.vendor.write("issue", title, body, key, *labels)

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment."""
        return await self.vendor.write("comment", issue, text, key)

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A link."""
        return await self.vendor.write("link", issue, title, key, url)


def support_writes(vendor: FakeVendor) -> SupportWrites:
    """As the contract."""
    return FakeSupportWrites(vendor, vendor.name)


def chat_writes(vendor: FakeVendor) -> ChatWrites:
    """As the contract."""
    return FakeChatWrites(vendor, vendor.name)


def tracker_writes(vendor: FakeVendor) -> TrackerWrites:
    """As the contract."""
    return FakeTrackerWrites(vendor, vendor.name)


WRITES: Mapping[Category, Callable[[FakeVendor], object]] = {
    "support_platform": support_writes,
    "chat": chat_writes,
    "project_tracker": tracker_writes,
}


class _NoTokens:
    """Keeps nothing."""

    def load(self, name: str) -> Tokens | None:
        """None."""

    def save(self, name: str, tokens: Tokens) -> None:
        """Forget them."""


def unread(setup: Setup) -> object:
    """A source that cannot be read. Raises Unavailable."""
    raise Unavailable(setup.name, "the service is not available")


def fake_setup(
    category: Category, vendor: FakeVendor | None, *, read: Callable[[Setup], object] = unread, **options: str
) -> Setup:
    """A configured source over a fake, as the registry gives one; without a vendor it has no writing side."""
    name = vendor.name if vendor else "read-only"
    made = Vendor(
        name=name,
        title=name,
        category=category,
        read=read,
        write=(lambda _: WRITES[category](vendor)) if vendor else None,
        once=vendor.once if vendor else False,
    )
    fields = Fields({"vendor": name, **options}, "test: connectors.fake")
    return Setup(vendor=made, fields=fields, environment={}, store=_NoTokens())
