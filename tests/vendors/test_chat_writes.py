"""What is posted to a chat says what was written: it mentions nobody, and no mark-up in it acts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from escalation_connectors.errors import NotOffered, PerhapsWritten
from tests.vendors import chat_matrix, chat_slack, chat_teams
from tests.vendors.harness import connected, need_contracts, replies

TEXT = "<!channel> *Acme* & <b>others</b>\n<@U1> https://x.example"
SHOWN_BY_SLACK = "&lt;!channel&gt; *Acme* &amp; &lt;b&gt;others&lt;/b&gt;\n&lt;@U1&gt; https://x.example"
TEN = datetime(2026, 11, 3, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


def sent(used: Any) -> dict[str, Any]:
    """The body of the only request."""
    (request,) = used.canned.sent
    body: dict[str, Any] = json.loads(request.content)
    return body


async def test_slack_posts_quietly_and_keeps_the_key() -> None:
    async with connected(chat_slack.EXAMPLE, writes=True) as used:
        await used.connector.post("C0ENG", TEXT, key="k1", thread="1.2")

        assert sent(used) == {
            "channel": "C0ENG",
            "text": SHOWN_BY_SLACK,
            "thread_ts": "1.2",
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": "customer_escalation", "event_payload": {"key": "k1"}},
        }


async def test_slack_schedules_plain_text() -> None:
    async with connected(chat_slack.EXAMPLE, writes=True) as used:
        await used.connector.schedule("C0ENG", TEXT, TEN, key="k2")
        body = sent(used)

    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": TEXT}]}
    assert body["blocks"] == [{"type": "rich_text", "elements": [section]}]
    assert body["text"] == SHOWN_BY_SLACK
    assert body["post_at"] == int(TEN.timestamp())


async def test_slack_that_fails_while_posting_may_have_posted() -> None:
    down = replies(httpx2.Response(200, json={"ok": False, "error": "internal_error"}))
    async with connected(chat_slack.EXAMPLE, writes=True, spoil={0: down}) as used:
        with pytest.raises(PerhapsWritten):
            await used.connector.post("C0ENG", TEXT, key="k1")


async def test_teams_shows_what_was_written() -> None:
    async with connected(chat_teams.EXAMPLE, writes=True) as used:
        await used.connector.post(chat_teams.ENG, TEXT, key="k1", thread=chat_teams.ROOT)

        shown = SHOWN_BY_SLACK.replace("\n", "<br>")
        assert sent(used) == {"body": {"contentType": "html", "content": shown}}


async def test_teams_schedules_nothing() -> None:
    async with connected(chat_teams.EXAMPLE, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.schedule(chat_teams.ENG, TEXT, TEN, key="k1")

        assert used.canned.sent == []


async def test_matrix_posts_plain_text_that_mentions_nobody_under_its_key() -> None:
    async with connected(chat_matrix.EXAMPLE, writes=True) as used:
        await used.connector.post(chat_matrix.ROOM, f"@room {TEXT}", key="k/1")
        with pytest.raises(NotOffered):
            await used.connector.schedule(chat_matrix.ROOM, TEXT, TEN, key="k2")

        assert sent(used) == {"msgtype": "m.text", "body": f"@room {TEXT}", "m.mentions": {}}
        assert used.canned.sent[0].url.raw_path.endswith(b"/send/m.room.message/k%2F1")
