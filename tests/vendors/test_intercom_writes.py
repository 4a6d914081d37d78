"""What is written to an Intercom conversation: a note is a note, mark-up shows, and nothing is half done."""

from __future__ import annotations

import json

import pytest

from escalation_connectors.errors import NotOffered
from tests.vendors import support_intercom
from tests.vendors.harness import connected, need_contracts

TEXT = "<b>Acme</b> & others\n{{ contact.email }}"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_a_note_is_a_note_a_reply_is_a_comment_and_their_mark_up_shows() -> None:
    async with connected(support_intercom.EXAMPLE, writes=True) as used:
        await used.connector.add_note("51842", TEXT, key="k1")
        await used.connector.reply("51842", TEXT, draft=False, key="k2")

        shown = "&lt;b&gt;Acme&lt;/b&gt; &amp; others<br>{{ contact.email }}"
        assert [json.loads(request.content) for request in used.canned.sent] == [
            {"message_type": how, "type": "admin", "admin_id": "12", "body": shown} for how in ("note", "comment")
        ]


async def test_neither_a_draft_nor_a_priority_nor_an_unknown_tag_is_written() -> None:
    async with connected(support_intercom.EXAMPLE, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.reply("51842", TEXT, draft=True, key="k1")
        with pytest.raises(NotOffered):
            await used.connector.update("51842", tags=["escalated"], priority="urgent", key="k2")
        with pytest.raises(NotOffered):
            await used.connector.update("51842", tags=["escalated", "unheard-of"], key="k3")

        assert [request.method for request in used.canned.sent] == ["GET"]
