"""What is written to a Freshdesk ticket: notes stay inside, mark-up shows, and no tag that was there is lost."""

from __future__ import annotations

import json

import pytest

from escalation_connectors.errors import NotOffered
from tests.vendors.harness import connected, need_contracts
from tests.vendors.support_freshdesk import EXAMPLE

TEXT, SHOWN = "<b>Acme</b> & others\nsoon", "&lt;b&gt;Acme&lt;/b&gt; &amp; others<br>soon"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_a_note_is_private_and_what_is_written_shows_as_it_was_written() -> None:
    async with connected(EXAMPLE, writes=True) as used:
        await used.connector.add_note("51842", TEXT, key="k1")
        await used.connector.reply("51842", TEXT, draft=False, key="k2")

        wrote = [json.loads(request.content) for request in used.canned.sent]
        assert wrote == [{"body": SHOWN, "private": True}, {"body": SHOWN}]


async def test_new_tags_join_those_that_are_there() -> None:
    async with connected(EXAMPLE, writes=True) as used:
        await used.connector.update("51842", tags=["escalated", "export"], key="k1")
        await used.connector.update("51842", priority="normal", key="k2")

        wrote = [json.loads(request.content) for request in used.canned.sent if request.method == "PUT"]
        assert wrote == [{"tags": ["export", "escalated"]}, {"priority": 2}]


async def test_no_draft_is_offered_and_nothing_is_sent() -> None:
    async with connected(EXAMPLE, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.reply("51842", TEXT, draft=True, key="k1")

        assert used.canned.sent == []
