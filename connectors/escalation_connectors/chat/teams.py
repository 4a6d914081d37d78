"""Microsoft Teams. https://learn.microsoft.com/graph/search-concept-chat-messages

Graph searches messages for a signed-in person only, and gives an excerpt of each; a thread gives whole texts. A message
in a channel is found by its team and its channel, joined by a slash; one in a chat by the chat alone.
The contract of the requests is derived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from itertools import chain

from escalation_connectors.auth import bearer
from escalation_connectors.errors import NotOffered
from escalation_connectors.http import Line, Query, Reading, Writing
from escalation_connectors.markup.html import shown, text_of
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Message, Page, Person
from escalation_connectors.row import Row
from escalation_connectors.vendor import OAUTH, Option, Setup, Vendor, reads, writes
from escalation_connectors.words import parameter, phrase, telling
from escalation_connectors.writing import Receipt

GRAPH, SIGN_IN = "https://graph.microsoft.com/v1.0", "https://login.microsoftonline.com/{}/oauth2/v2.0/token"
CHANNEL, CHAT = "/teams/{}/channels/{}/messages", "/chats/{}/messages"
WORDS, HITS, REPLIES = 8, 25, 50


class Teams:
    """Reads messages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Excerpts of messages with any of the telling words. The vendor counts no more than the hits of a page."""
        words = " OR ".join(phrase(word) for word in telling(query, WORDS))
        if not words:
            return Page(())
        said = f"({words}) AND sent>={since.date().isoformat()}" if since else words
        size = min(limit, HITS)
        search = {
            "entityTypes": ["chatMessage"],
            "query": {"queryString": said},
            "enableTopResults": True,
            "size": size,
        }

        async def ask(more: str) -> Batch[Message]:
            start = int(more or 0)
            answer = await self._http.ask("/search/query", question={"requests": [{**search, "from": start}]})
            boxes = [box for each in answer.must_rows("value") for box in each.must_rows("hitsContainers")]
            hits = chain.from_iterable(box.rows("hits") for box in boxes)
            goes_on = any(box.flag("moreResultsAvailable") for box in boxes)
            return Batch([_hit(hit) for hit in hits if hit.row("resource")], str(start + size) if goes_on else "")

        return await pages(ask, limit)

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """A channel's message and its replies, in requests at once; a chat's message stands alone."""
        path, ids = _place(channel)
        first = self._http.get(path + "/{}", *ids, thread)
        if path == CHAT:
            return Page((_message(await first, channel),), total=1)
        root, replies = await asyncio.gather(first, self._replies(channel, ids, thread, limit))
        said = sorted(replies.items, key=lambda reply: reply.at)
        kept = (_message(root, channel), *said)[:limit]
        return Page(kept, None if replies.total is None else replies.total + 1, replies.cut or len(kept) <= len(said))

    async def latest_messages(self, channel: str, *, since: datetime, limit: int = 500) -> Page[Message]:
        """What stands in a channel or a chat; they come by their last change, a reply included, the latest first."""
        path, ids = _place(channel)

        async def ask(more: str) -> Batch[Message]:
            top: Query = {"$top": REPLIES}
            follow = self._http.follow(more) if more else self._http.fetch(path, *ids, query=top)
            answer = (await follow).row()
            rows = [row for row in answer.must_rows("value") if row.text("messageType") in {"", "message"}]
            new = [_message(row, channel) for row in rows if row.when("createdDateTime") >= since]
            changed = [_changed(row) for row in answer.must_rows("value")]
            goes_on = not changed or changed[-1] >= since
            return Batch(new, answer.text("@odata.nextLink") if goes_on else "")

        return await pages(ask, limit)

    async def _replies(self, channel: str, ids: tuple[str, ...], thread: str, limit: int) -> Page[Message]:
        """They come latest first. What was deleted, and what Teams itself remarks, is left out."""

        async def ask(more: str) -> Batch[Message]:
            top: Query = {"$top": REPLIES}
            path = CHANNEL + "/{}/replies"
            follow = self._http.follow(more) if more else self._http.fetch(path, *ids, thread, query=top)
            answer = (await follow).row()
            said = [row for row in answer.must_rows("value") if row.text("messageType") in {"", "message"}]
            here = [_message(row, channel) for row in said if not row.text("deletedDateTime")]
            return Batch(here, answer.text("@odata.nextLink"))

        return await pages(ask, limit)


def _place(channel: str) -> tuple[str, tuple[str, ...]]:
    """The path of a channel's messages or of a chat's, and the ids in it."""
    team, slash, within = channel.partition("/")
    return (CHANNEL, (team, within)) if slash else (CHAT, (channel,))


def _changed(row: Row) -> datetime:
    return row.when("lastModifiedDateTime" if row.text("lastModifiedDateTime") else "createdDateTime")


def _hit(hit: Row) -> Message:
    row, place = hit.row("resource"), hit.row("resource", "channelIdentity")
    channel = "/".join(filter(None, (place.text("teamId"), place.text("channelId")))) or row.text("chatId")
    excerpt = text_of(hit.text("summary").replace("<ddd/>", "..."))
    return _message(row, channel, excerpt)


def _message(row: Row, channel: str, excerpt: str = "") -> Message:
    body = row.text("body", "content")
    text = text_of(body) if row.text("body", "contentType") == "html" else body
    url = row.text("webUrl") or row.text("webLink")
    return Message(
        id=row.must("id"),
        channel=channel,
        at=row.when("createdDateTime"),
        text="\n".join(filter(None, (row.text("subject"), text or excerpt))),
        thread=row.text("replyToId") or parameter(url, "parentMessageId"),
        author=_author(row.row("from")),
        url=url,
    )


def _author(row: Row) -> Person:
    user, robot, mail = row.row("user"), row.row("application"), row.row("emailAddress")
    if robot:
        return Person(robot.text("displayName"), "system", "", robot.text("id"))
    return Person(user.text("displayName") or mail.text("name"), "", mail.text("address"), user.text("id"))


class TeamsWrites:
    """Posts messages. Graph heeds no idempotency key."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def post(self, channel: str, text: str, *, key: str, thread: str = "") -> Receipt:
        """In a channel, as a reply to a message of it, or in a chat, which has no threads."""
        path, ids = _place(channel)
        replies = bool(thread) and path == CHANNEL
        value: Mapping[str, object] = {"body": {"contentType": "html", "content": shown(text)}}
        to, within = (path + "/{}/replies", (*ids, thread)) if replies else (path, ids)
        answer = await self._http.send("POST", to, *within, value=value, key=key)
        return Receipt(answer.text("id"), answer.text("webUrl"))

    async def schedule(self, channel: str, text: str, at: datetime, *, key: str) -> Receipt:
        """Raises NotOffered."""
        raise NotOffered(self.name, "posts nothing at a later time through its API")


def _line(setup: Setup) -> Line:
    if not setup.text("client_id"):
        return setup.line(GRAPH, bearer(setup.needed("token")))
    setup.needed("refresh_token")  # Graph searches and posts for a person alone, never for a client by itself
    return setup.line(GRAPH, setup.oauth(SIGN_IN.format(setup.required("tenant"))))


VENDOR = Vendor(
    name="teams", title="Microsoft Teams", category="chat", read=reads(_line, Teams),
    write=writes(_line, TeamsWrites),
    options=(
        *OAUTH,
        Option("tenant", "the directory (tenant) id that the OAuth client belongs to"),
        Option("token", "in place of an OAuth client: an access token of a person", secret=True),
    ),
    rights=("Chat.Read", "ChannelMessage.Read.All"), contract="derived",
    ran_on="the emulator backlot 0.1.0, threads only",
    cannot=("search without a signed-in person", "whole texts in a search, only excerpts", "scheduled messages"),
)  # fmt: skip
