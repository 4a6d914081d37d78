"""A list that comes as a bare JSON array, with the way to its next page in a Link header (RFC 8288)."""

from __future__ import annotations

from collections.abc import Callable

from escalation_connectors.http import Query, Reading
from escalation_connectors.paging import Batch, T, next_link, pages
from escalation_connectors.records import Page
from escalation_connectors.row import Row


async def listed(http: Reading, read: Callable[[Row], T], limit: int, path: str, *ids: str, query: Query) -> Page[T]:
    """The first `limit` records of the list. Raises what its first page raises."""

    async def ask(more: str) -> Batch[T]:
        answer = await (http.follow(more) if more else http.fetch(path, *ids, query=query))
        records = [read(row) for row in answer.row().must_rows()]
        return Batch(records, next_link(answer.headers.get("link", "")))

    return await pages(ask, limit)
