"""One configured call as records: a page, a search, or the record of an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Generic

from msgspec.structs import replace

from escalation_connectors.bridge.calls import COMMENT, Call, call, paths
from escalation_connectors.bridge.reading import at, listed, one, record
from escalation_connectors.bridge.session import Session
from escalation_connectors.errors import NotFound
from escalation_connectors.options import Fields
from escalation_connectors.paging import T, any_of, up_to
from escalation_connectors.records import Comment, Page, Ticket
from escalation_connectors.row import Row
from escalation_connectors.words import telling

WORDS, LONGEST_ID, COUNTS = 3, 500, ("total", "totalCount", "total_count")
Values = Mapping[str, str | None]
NOTHING: Mapping[str, str] = MappingProxyType({})
EARLY = datetime.min.replace(tzinfo=UTC)


class Asking(Generic[T]):
    """One tool of a session, and the records that it gives; `finish` adds what is not read field by field."""

    def __init__(
        self, session: Session, use: Call, kind: type[T], finish: Callable[[T, object, Call], T] | None = None
    ) -> None:
        self.use, self._session = use, session
        self._kind: type[T] = kind
        self._finish: Callable[[T, object, Call], T] | None = finish

    async def page(self, limit: int, values: Values, given: Mapping[str, str] = NOTHING) -> Page[T]:
        """The records of one call; `given` is true of each of them. Without a server's count there is no total."""
        answer = await self._session.call(self.use.tool, self.use.filled(limit=limit, **values))
        rows = listed(answer.value, self.use.items, self._session.source)
        found = [self._made(each, given) for each in rows]
        told = Row(at(answer.value, self.use.total) if self.use.total else None, "").count()
        total = None if told is None or told < len(found) else told
        asked = [sent for name, sent in answer.sent.items() if self.use.arguments.get(name) == "{limit}"]
        full = len(found) >= int(str(asked[0])) if asked else bool(found)
        cut = total > len(found) if total is not None else full
        return replace(up_to(found, limit), total=total, cut=cut or len(found) > limit)

    async def search(self, query: str, limit: int, values: Values = NOTHING, also: Sequence[str] = ()) -> Page[T]:
        """Records with all of the telling words; where there is none, with any of them. `also` is in every search."""
        words, use = telling(query, WORDS), self.use
        if not words and not also and not any(value and use.takes(name) for name, value in values.items()):
            await self._session.check(use.tool, use.filled(query=use.words("example"), limit=limit, **values))
            return Page((), cut=True)

        async def ask(some: Sequence[str]) -> Page[T]:
            return await self.page(limit, {**values, "query": use.words(*also, *some)})

        return await any_of(words, ask, limit)

    async def get(self, number: str) -> tuple[T, object]:
        """The record of this id, and the JSON that it was read from. Raises NotFound for what can be no id."""
        if not number.strip() or len(number) > LONGEST_ID or not number.isprintable():
            raise NotFound(self._session.source, "no record can have such an id")
        answer = await self._session.call(self.use.tool, self.use.filled(id=number))
        value = one(answer.value, self.use.item, self._session.source)
        return self._made(value, {"id": number, "key": number}), value

    def _made(self, value: object, given: Mapping[str, str]) -> T:
        made = record(self._kind, value, self.use.paths, self._session.source, given)
        return self._finish(made, value, self.use) if self._finish else made


class Thread:
    """The comments of a record: a list in the record's own answer, or what a tool of its own gives."""

    def __init__(self, session: Session, entry: Fields) -> None:
        self._session, fields = session, entry.fields("comments")
        self._items = fields.text("items")
        self._use = call(entry, "comments", Comment) if fields.text("tool") else None
        if self._use is None:
            fields.only("items", *COMMENT)
        self._paths = paths(entry, fields, Comment)

    async def of(self, number: str, value: object) -> Page[Comment]:
        """The comments, oldest first; a record without the list has none."""
        source = self._session.source
        if self._use is not None:
            answer = await self._session.call(self._use.tool, self._use.filled(of=number))
            found = listed(answer.value, self._items, source)
            told = _told(answer.value, self._items)
            return self._page(found, told, cut=bool(found) if told is None else told > len(found))
        places = [each.strip() for each in (self._items or "comments").split("|")]
        there = next((each for each in places if isinstance(at(value, each), list)), "")
        found, told = listed(value, there, source) if there else (), _told(value, there)
        return self._page(found, told, cut=(told or 0) > len(found))

    def _page(self, found: Sequence[object], total: int | None, *, cut: bool) -> Page[Comment]:
        source = self._session.source
        made = [record(Comment, each, self._paths, source, {"id": str(n)}) for n, each in enumerate(found, 1)]
        total = None if total is None or total < len(made) else total
        return Page(tuple(sorted(made, key=lambda each: each.at or EARLY)), total, cut)


def _told(value: object, items: str) -> int | None:
    """How many there are, as the answer says beside the list; None where it does not."""
    beside = items.split("|")[0].strip().rpartition(".")[0] or "."
    counts = (Row(at(value, beside), "").count(name) for name in COUNTS)
    return next((count for count in counts if count is not None), None)


def begun(ticket: Ticket, value: object, use: Call) -> Ticket:
    """The ticket with its description, where it has one, as the first comment."""
    where = replace(use.paths, where={"body": use.paths.where.get("description", "description"), "id": ""})
    first = record(Comment, value, where, "", {"id": "description", "body": ""})
    known = replace(first, at=ticket.created_at, author=ticket.requester, public=True)
    return replace(ticket, comments=Page((known,) if known.body else (), cut=True))


def threaded(ticket: Ticket, thread: Page[Comment]) -> Ticket:
    """The ticket with its whole thread after what it began with."""
    first = ticket.comments.items
    again = bool(first) and first[0].body in {each.body for each in thread.items}
    before = () if again else first
    total = None if thread.total is None else thread.total + len(before)
    return replace(ticket, comments=replace(thread, items=before + thread.items, total=total))
