"""Slack. https://docs.slack.dev/reference/methods

A bot's search needs the `action_token` of the event it answers; a person's token ("xoxp-") searches without one.
Failures come as `{"ok": false}` inside a 200. People are named where an answer names them: asking for
each costs more. The contract of its requests is derived from a copy of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from escalation_connectors.auth import bearer
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Answer, Fault, Line, Manners, Query, Reading, Writing, named
from escalation_connectors.markup.mrkdwn import escaped
from escalation_connectors.paging import PAGES, Batch, any_of, pages
from escalation_connectors.records import Message, Page
from escalation_connectors.slack_messages import address, as_bot, as_person, in_thread
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import phrase, telling
from escalation_connectors.writing import Receipt

MEANS: Mapping[Fault, str] = {
    "expired": "invalid_auth not_authed token_expired token_revoked account_inactive invalid_token",
    "scope": "missing_scope no_permission not_allowed_token_type access_denied invalid_action_token not_in_channel "
    "is_archived restricted_action feature_not_enabled assistant_search_context_disabled",
    "limited": "ratelimited rate_limited message_limit_exceeded",
    "missing": "channel_not_found thread_not_found message_not_found",
    "down": "internal_error fatal_error service_unavailable request_timeout",
}
IN_A_CLAUSE, ALL_AT_ONCE, FOUND, MATCHES, REPLIES, LISTED = 6, 3, 20, 100, 200, 1000
CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{4,}")


class Slack:
    """Reads messages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._workspace = setup.name, http, setup.text("url")
        self._action = setup.secret("action_token") or None
        self._by_person = setup.text("token_kind") == "user" or setup.needed("token").startswith("xoxp-")

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Messages with any of the telling words; with a person's token those with all of them, where there are any."""
        words = [phrase(word) for word in telling(query, IN_A_CLAUSE)]
        if not words:
            return Page(())
        if self._by_person:
            return await any_of(words[:ALL_AT_ONCE], lambda some: self._as_person(some, since, limit), limit)
        return await self._as_bot(" ".join(words), since, limit)

    async def _as_bot(self, words: str, since: datetime | None, limit: int) -> Page[Message]:
        after = int(since.timestamp()) if since else None
        first = {"query": words, "term_clauses": [words], "after": after, "action_token": self._action}

        async def ask(more: str) -> Batch[Message]:
            question = {**first, "cursor": more or None, "limit": min(limit, FOUND), "include_bots": True}
            said = {name: value for name, value in question.items() if value is not None}
            answer = await self._http.ask("/assistant.search.context", question=said)
            after = answer.text("response_metadata", "next_cursor")
            return Batch([*map(as_bot, answer.must_rows("results", "messages"))], after)

        return await pages(ask, limit)

    async def _as_person(self, words: Sequence[str], since: datetime | None, limit: int) -> Page[Message]:
        """`after:` leaves out the day that it names, so it names the day before."""
        narrowed = [f"after:{(since - timedelta(days=1)).date().isoformat()}"] if since else []
        said = " ".join([*words, *narrowed])

        async def ask(more: str) -> Batch[Message]:
            query: Query = {"query": said, "count": min(limit, MATCHES), "page": more or None}
            answer = (await self._http.get("/search.messages", query=query)).row("messages")
            page, last = answer.count("paging", "page") or 1, answer.count("paging", "pages") or 1
            after = str(page + 1) if page < last else ""
            return Batch([*map(as_person, answer.must_rows("matches"))], after, answer.count("total"))

        return await pages(ask, limit)

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """The first message tells how many replies there are."""
        first = {"channel": channel, "ts": thread}

        async def ask(more: str) -> Batch[Message]:
            query: Query = {**first, "limit": min(limit, REPLIES), "cursor": more or None}
            answer = await self._http.get("/conversations.replies", query=query)
            said = answer.must_rows("messages")
            replies = said[0].count("reply_count") if said and not more else None
            after = answer.text("response_metadata", "next_cursor")
            read = [in_thread(each, channel, self._workspace) for each in said]
            return Batch(read, after, None if replies is None else replies + 1)

        return await pages(ask, limit)

    async def latest_messages(self, channel: str, *, since: datetime, limit: int = 500) -> Page[Message]:
        """What stands in a channel, by its id or its name; a name costs a look through the list of channels."""
        number = channel if CHANNEL_ID.fullmatch(channel) else await self._channel_of(channel.removeprefix("#"))
        first = {"channel": number, "oldest": f"{since.timestamp():.6f}"}

        async def ask(more: str) -> Batch[Message]:
            question = {**first, "limit": min(limit, REPLIES), **({"cursor": more} if more else {})}
            answer = await self._http.ask("/conversations.history", question=question)
            after = answer.text("response_metadata", "next_cursor")
            return Batch([in_thread(each, number, self._workspace) for each in answer.must_rows("messages")], after)

        return await pages(ask, limit)

    async def _channel_of(self, name: str) -> str:
        """The id of the channel with this name. Raises NotFound."""
        more, found = "", ""
        for _ in range(PAGES):
            query: Query = {"types": "public_channel,private_channel", "limit": LISTED, "cursor": more or None}
            answer = await self._http.get("/conversations.list", query=query)
            found = next((each.must("id") for each in answer.must_rows("channels") if each.text("name") == name), "")
            more = answer.text("response_metadata", "next_cursor")
            if found or not more:
                break
        if not found:
            raise NotFound(self.name, f"no channel {name[:60]!r} is to be seen")
        return found


class SlackWrites:
    """Posts messages that mention nobody, link nowhere by themselves and show no preview."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._workspace = setup.name, http, setup.text("url")

    async def post(self, channel: str, text: str, *, key: str, thread: str = "") -> Receipt:
        """The key stands in the message's metadata; Slack itself does not heed it."""
        value = {**_quiet(channel, text, key), "mrkdwn": False, **({"thread_ts": thread} if thread else {})}
        answer = await self._http.send("POST", "/chat.postMessage", value=value)
        number = answer.text("ts")
        return Receipt(number, address(self._workspace, answer.text("channel") or channel, number, thread))

    async def schedule(self, channel: str, text: str, at: datetime, *, key: str) -> Receipt:
        """A block of plain text, as mark-up cannot be switched off here. At most 120 days ahead."""
        plain = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        later = {"blocks": [{"type": "rich_text", "elements": [plain]}], "post_at": int(at.timestamp())}
        answer = await self._http.send("POST", "/chat.scheduleMessage", value=_quiet(channel, text, key) | later)
        return Receipt(answer.text("scheduled_message_id"))


def _quiet(channel: str, text: str, key: str) -> dict[str, object]:
    metadata = {"event_type": "customer_escalation", "event_payload": {"key": key}}
    unfurled = {"unfurl_links": False, "unfurl_media": False}
    return {"channel": channel, "text": escaped(text), "metadata": metadata, **unfurled}


def _fault(answer: Answer) -> Fault:
    said = answer.said()
    return named(said.text("error"), MEANS) if said.flag("ok") is False else ""


def _lacks(answer: Answer) -> str:
    return answer.said().text("needed")


def _line(setup: Setup) -> Line:
    manners = Manners(per_second=0.8, burst=20, fault=_fault, lacks=_lacks)
    return setup.line("https://slack.com/api", bearer(setup.needed("token")), manners)


VENDOR = Vendor(
    name="slack", title="Slack", category="chat", read=reads(_line, Slack), write=writes(_line, SlackWrites),
    options=(
        Option("token", "of your own Slack app: a bot's (xoxb-) or a person's (xoxp-)", secret=True, required=True),
        Option("token_kind", "user, where a person's token does not begin with xoxp-"),
        Option("action_token", "of the event that a bot answers; its search needs one", secret=True),
        Option("url", "https://COMPANY.slack.com, for links to the messages of a thread"),
    ),
    rights=("search:read.public", "search:read", "channels:history", "channels:read"), contract="derived",
    ran_on="the emulator backlot 0.1.0",
    cannot=("search as a bot without the action_token of an event", "names of people in a thread, only their ids"),
)  # fmt: skip
