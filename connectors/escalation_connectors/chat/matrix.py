"""Matrix, over the client-server API. https://spec.matrix.org/latest/client-server-api/

Run against a real server, Synapse 1.163; the contract of its requests is derived from the specification. The bot sees
the rooms that it was invited to, and no others. Only a search by time can be paged; words are matched whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from escalation_connectors.auth import bearer
from escalation_connectors.errors import NotOffered
from escalation_connectors.http import Line, Manners, Query, Reading, Writing
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Message, Page, Person
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import telling
from escalation_connectors.writing import Receipt

SEARCH, ROOM = "/_matrix/client/v3/search", "/_matrix/client/v3/rooms/{}"
REPLIES = "/_matrix/client/v1/rooms/{}/relations/{}/m.thread"
WORDS, PER_PAGE = 3, 50


class Matrix:
    """Reads messages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Messages with all of the telling words; where there is none, with any of them. Newest first."""
        words = telling(query, WORDS)
        return await any_of(words, lambda some: self._search(some, since, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], since: datetime | None, limit: int) -> Page[Message]:
        events = {
            "search_term": " ".join(words), "keys": ["content.body"], "order_by": "recent",
            "filter": {"limit": min(limit, PER_PAGE)},
        }  # fmt: skip

        async def ask(more: str) -> Batch[Message]:
            query: Query = {"next_batch": more or None}
            question = {"search_categories": {"room_events": events}}
            answer = await self._http.ask(SEARCH, question=question, query=query)
            found = answer.row("search_categories", "room_events")
            said = [
                message
                for row in found.must_rows("results", none=found.count("count") == 0)
                if (message := self._message(row.row("result")))
            ]
            fresh = [message for message in said if since is None or message.at >= since]
            more = found.text("next_batch") if len(fresh) == len(said) else ""  # the rest is older still
            return Batch(fresh, more)  # the count it gives is "approximate", so none is told

        return await pages(ask, limit)

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """The first message and its replies, in two requests at once; a long thread lacks its oldest replies."""

        async def ask(more: str) -> Batch[Message]:
            query: Query = {"limit": min(limit, PER_PAGE), "from": more or None}
            answer = await self._http.get(REPLIES, channel, thread, query=query)
            said = [message for row in answer.must_rows("chunk") if (message := self._message(row, channel))]
            return Batch(said, answer.text("next_batch"))

        event = self._http.get(ROOM + "/event/{}", channel, thread)
        first, replies = await asyncio.gather(event, pages(ask, max(1, limit - 1)), return_exceptions=True)
        if isinstance(replies, BaseException):
            raise replies  # of a room that one may not see this says so; the event is only "not found"
        if isinstance(first, BaseException):
            raise first
        first.must("type")
        root = self._message(first, channel)  # none where it was deleted
        said = (*((root,) if root else ()), *reversed(replies.items))
        total = None if replies.total is None else replies.total + len(said) - replies.read
        return Page(said[:limit], total, replies.cut or len(said) > limit)

    def _message(self, row: Row, channel: str = "") -> Message | None:
        """A message of text; nothing for any other event."""
        text, relation = row.text("content", "body"), row.row("content", "m.relates_to")
        if row.text("type") != "m.room.message" or not text:
            return None
        number, sender = row.must("event_id"), row.text("sender")
        room = row.text("room_id") or channel
        return Message(
            id=number,
            channel=room,
            at=row.when("origin_server_ts"),
            text=text,
            thread=relation.text("event_id") if relation.text("rel_type") == "m.thread" else number,
            author=Person(sender.removeprefix("@").partition(":")[0], id=sender),
            url=f"https://matrix.to/#/{room}/{number}",
        )


class MatrixWrites:
    """Sends messages of plain text; the server delivers a key once."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def post(self, channel: str, text: str, *, key: str, thread: str = "") -> Receipt:
        """A message in a room, or in a thread of it."""
        said: dict[str, object] = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        if thread:
            said["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread}
        answer = await self._http.send("PUT", ROOM + "/send/m.room.message/{}", channel, key, value=said)
        return Receipt(answer.text("event_id"), f"https://matrix.to/#/{channel}/{answer.text('event_id')}")

    async def schedule(self, channel: str, text: str, at: datetime, *, key: str) -> Receipt:
        """Not offered."""
        raise NotOffered(self.name, "has no scheduled messages")


def _line(setup: Setup) -> Line:
    return setup.line(setup.required("url"), bearer(setup.needed("token")), Manners(per_second=10.0))


VENDOR = Vendor(
    name="matrix",
    title="Matrix",
    category="chat",
    read=reads(_line, Matrix),
    write=writes(_line, MatrixWrites),
    once=True,
    options=(
        Option("url", "the homeserver, as https://matrix.COMPANY.example", required=True),
        Option("token", "the access token of a bot that was invited to the rooms", secret=True, required=True),
    ),
    rights=("membership of the rooms",),
    contract="derived",
    ran_on="Synapse 1.163",
    cannot=("encrypted rooms", "search for parts of words", "scheduled messages"),
)
