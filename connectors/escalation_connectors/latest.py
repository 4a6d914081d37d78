"""Tickets of a vendor whose search finds no words: those that changed last are read, kept a minute, searched here."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from escalation_connectors.auth import Clock
from escalation_connectors.records import Page, Ticket

FRESH_S = 60.0
T = TypeVar("T")


class Kept(Generic[T]):
    """Readings by key; what is asked for several times at once is read once."""

    def __init__(self, clock: Clock, read: Callable[[str], Awaitable[T]]) -> None:
        self._clock, self._ask = clock, read
        self._read: dict[str, tuple[float, T]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, key: str) -> T:
        """What is kept, or else read anew. Raises what reading raises, and keeps nothing then."""
        async with self._turns[key]:
            kept = self._read.get(key)
            if kept is None or self._clock() - kept[0] > FRESH_S:
                kept = self._read[key] = (self._clock(), await self._ask(key))
            return kept[1]


class Latest:
    """Searches what `read` gives for a company, or for all of them where it is given nothing."""

    def __init__(self, clock: Clock, read: Callable[[str], Awaitable[Page[Ticket]]]) -> None:
        self._kept = Kept(clock, read)

    async def like(
        self, words: Sequence[str], limit: int, *, company: str = "", since: datetime | None = None
    ) -> Page[Ticket]:
        """Tickets with any of the words, those with most of them first, then the newest."""
        if not words and not company and since is None:
            return Page(())
        read = await self._kept.get(company)
        newest = sorted(read.items, key=lambda each: each.created_at, reverse=True)
        rated = [(_share(words, each), each) for each in newest if since is None or each.created_at >= since]
        best = sorted((pair for pair in rated if pair[0] or not words), key=lambda pair: -pair[0])
        return _found([ticket for _, ticket in best], read, limit)

    async def naming(self, record: str, limit: int) -> Page[Ticket]:
        """Tickets that hold just this: an ENG-1 is not in "ENG-12"."""
        if not record:
            return Page(())
        read = await self._kept.get("")
        named = re.compile(rf"(?<!\w){re.escape(record)}(?!\w)", re.I)
        return _found([each for each in read.items if named.search(_text(each))], read, limit)


def _found(tickets: Sequence[Ticket], read: Page[Ticket], limit: int) -> Page[Ticket]:
    cut = read.cut or len(tickets) > limit
    return Page(tuple(tickets[:limit]), None if read.cut else len(tickets), cut)


def _share(words: Sequence[str], ticket: Ticket) -> int:
    """How many of the words begin a word of it: "export" is in "Exports fail"."""
    return sum(bool(re.search(rf"(?<!\w){re.escape(word)}", _text(ticket), re.I)) for word in words)


def _text(ticket: Ticket) -> str:
    return "\n".join((ticket.subject, *ticket.tags, *(each.body for each in ticket.comments.items)))
