"""The outside: files that outlive every worker, written with O_APPEND, one line for each thing that arrived.

A vendor that can be asked writes whatever it is sent; one that writes a key once looks first, and nobody else writes
meanwhile. Some answers get lost, and some questions are not answered.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

from msgspec import Struct

from customer_escalation.casebook.proposal import Draft, Proposal
from customer_escalation.casebook.reminders import AGAIN, Reminder
from customer_escalation.casebook.state import State
from customer_escalation.casebook.store import Case
from customer_escalation.delivery import Sink
from customer_escalation.delivery.folder import FolderSink
from escalation_connectors.errors import NotOffered, PerhapsWritten, Unavailable
from escalation_connectors.writing import Receipt

Boundary = Callable[[str], None]
LOST_ANSWERS, UNANSWERED = 0.03, 0.1


class Arrived(Struct, frozen=True):
    """One line of a vendor's file."""

    key: str
    sha256: str
    again: bool = False


class Vendor(Struct, frozen=True):
    """One vendor: its file, and how a worker reaches it; `boundary` is where the worker may die.

    `blind`: it can neither be asked nor writes a key once.
    """

    file: Path
    once: bool
    boundary: Boundary
    chance: Random
    blind: bool = False

    async def write(self, key: str, text: str) -> None:
        """Raises PerhapsWritten where the answer is lost, before or after it was written."""
        await asyncio.sleep(0)
        fault = self.chance.random()
        if fault < LOST_ANSWERS / 2:
            raise PerhapsWritten(self.file.name, "no answer came")
        self.boundary("write")
        self._append(key, text)
        self.boundary("written")
        await asyncio.sleep(0)
        if fault < LOST_ANSWERS:
            raise PerhapsWritten(self.file.name, "no answer came")

    async def knows(self, key: str) -> bool:
        """Raises Unavailable now and then."""
        await asyncio.sleep(0)
        if self.blind:
            raise NotOffered(self.file.name, "cannot be asked")
        if self.chance.random() < UNANSWERED:
            raise Unavailable(self.file.name, "answered 503")
        if self.once or not any(each.key == key for each in arrived(self.file)):
            return False
        with self.file.with_suffix(".found").open("a", encoding="utf-8") as note:
            note.write(f"{key}\n")
        return True

    def _append(self, key: str, text: str) -> None:
        said = {"key": key, "sha256": sha256(text.encode()).hexdigest(), "again": text.startswith(AGAIN)}
        line = json.dumps(said).encode() + b"\n"
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if self.once:
                fcntl.flock(handle, fcntl.LOCK_EX)
                if any(each.key == key for each in arrived(self.file)):
                    return
            os.write(handle, line)
        finally:
            os.close(handle)


def arrived(file: Path) -> Iterator[Arrived]:
    """What the vendor holds."""
    lines = file.read_bytes().splitlines() if file.exists() else []
    return (Arrived(**json.loads(line)) for line in lines)


def unmarked(file: Path) -> Counter[str]:
    """How often each key arrived as if for the first time."""
    return Counter(each.key for each in arrived(file) if not each.again)


def times(file: Path) -> Counter[str]:
    """How often each key arrived."""
    return Counter(each.key for each in arrived(file))


class FarChannel(Struct, frozen=True):
    """Reminders to a vendor."""

    vendor: Vendor

    @property
    def name(self) -> str:
        """Its file's."""
        return self.vendor.file.name

    async def send(self, reminder: Reminder, key: str) -> None:
        """Raises PerhapsWritten."""
        await self.vendor.write(key, reminder.text)

    async def find(self, reminder: Reminder, key: str) -> bool:
        """Raises Unavailable."""
        return await self.vendor.knows(key)


class FarSink(Struct, frozen=True):
    """Approved writes to a vendor."""

    vendor: Vendor

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Raises PerhapsWritten."""
        await self.vendor.write(key, proposal.payload)
        return Receipt(key)

    async def find(self, key: str) -> Receipt | None:
        """Raises Unavailable."""
        return Receipt(key) if await self.vendor.knows(key) else None


class FarSinks(Struct, frozen=True):
    """Notes go to a vendor that can be asked, replies to one that writes a key once, posts into the real folder."""

    asked: Vendor
    once: Vendor
    folder: Path

    def check(self, case: Case, state: State, draft: Draft) -> None:
        """Everything may go everywhere."""

    def of(self, proposal: Proposal) -> Sink:
        """By its kind."""
        if proposal.kind == "post_to_chat":
            return FolderSink(self.folder)
        return FarSink(self.once if proposal.kind == "reply_to_customer" else self.asked)
