"""Reading a list page by page, and saying honestly how much of it was read."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from escalation_connectors.errors import ConnectorError
from escalation_connectors.records import Account, Article, Comment, Contact, Deal, Issue, Message, Page, Ticket

PAGES = 10
EMPTY = 2
LINK = re.compile(r"<([^<>]*)>([^<]*)")
T = TypeVar("T", Ticket, Comment, Account, Contact, Deal, Message, Issue, Article)


class Batch(Struct, Generic[T], frozen=True):
    """One page of a vendor: its records, what leads to the next page (nothing: the last), and of how many in all."""

    items: Sequence[T]
    more: str = ""
    total: int | None = None


async def pages(ask: Callable[[str], Awaitable[Batch[T]]], limit: int) -> Page[T]:
    """The first `limit` records. `ask` takes what leads to a page, or nothing for the first.

    A page that comes again, empty pages that go on, and a later page that fails end the reading: what was read is
    kept, and the list says that it is cut. Raises what the first page raises.
    """
    found: dict[str, T] = {}
    total: int | None = None
    more, empty, asked = "", 0, set[str]()
    for number in range(PAGES):
        try:
            batch = await ask(more)
        except ConnectorError:
            if not number:
                raise
            return Page(tuple(found.values())[:limit], _total(total, found), cut=True)
        before = len(found)
        for record in batch.items:
            found.setdefault(_id(record), record)
        total = batch.total if batch.total is not None else total
        asked.add(more)
        empty = empty + 1 if len(found) == before else 0
        more = batch.more
        if not more or more in asked or empty >= EMPTY or len(found) >= limit:
            break
    kept, known = tuple(found.values())[:limit], _total(total, found)
    if not more and known is None:
        known = len(found)
    return Page(kept, known, cut=bool(more) or len(kept) < len(found) or (known or 0) > len(kept))


def in_order(parts: Sequence[Page[Comment]]) -> Page[Comment]:
    """The parts of one thread as one, oldest first; what has no time comes last."""
    said = sorted(
        (each for part in parts for each in part.items), key=lambda each: each.at.timestamp() if each.at else math.inf
    )
    totals = [part.total for part in parts if part.total is not None]
    total = sum(totals) if len(totals) == len(parts) else None
    return Page(tuple(said), total, any(part.cut for part in parts))


def beyond(found: Page[Comment], said: Page[Comment]) -> Page[Comment]:
    """What is not already among `said`, whose texts come without what they quote."""
    known = tuple(" ".join(each.body.split()) for each in said.items if each.body.strip())
    kept = tuple(each for each in found.items if not known or not " ".join(each.body.split()).startswith(known))
    return Page(kept, None if found.total is None else found.total - found.read + len(kept), found.cut)


def up_to(found: Sequence[T], limit: int) -> Page[T]:
    """The first of what was read; how many there are is known where not more was asked for than is there."""
    cut = len(found) > limit
    return Page(tuple(found[:limit]), None if cut else len(found), cut)


def next_link(header: str, rel: str = "next") -> str:
    """Where a Link header (RFC 8288) says that the next page is; nothing where it names none."""
    named = (f'rel="{rel}"', f"rel={rel}")
    return next((link for link, about in LINK.findall(header) if any(each in about for each in named)), "")


def _total(total: int | None, found: dict[str, T]) -> int | None:
    """The vendor's count, unless more was read than it claims."""
    return total if total is None or total >= len(found) else None


async def any_of(words: Sequence[str], search: Callable[[Sequence[str]], Awaitable[Page[T]]], limit: int) -> Page[T]:
    """For a vendor whose search wants every word: what has all of them, then what has the first, the most telling.

    Where nothing has, what has any of the others.
    """
    if len(words) < 2:
        return await search(words)
    first = await asyncio.gather(search(words), search(words[:1]))
    if any(page.items for page in first):
        return merged(first, limit)
    return merged(await asyncio.gather(*(search([word]) for word in words[1:])), limit)


def merged(found: Sequence[Page[T]], limit: int) -> Page[T]:
    """Several searches as one list; how many there are in all is known only where none was cut."""
    known = {_id(record): record for page in found for record in page.items}
    cut = len(known) > limit or any(page.cut for page in found)
    return Page(tuple(known.values())[:limit], None if cut else len(known), cut)


def _id(record: T) -> str:
    return record.key if isinstance(record, Issue) else record.id
