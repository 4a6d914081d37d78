"""What is written to a Help Scout conversation: mark-up shows, its status stays, a draft is one; and what is heard."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, cast

import httpx2
import pytest
from msgspec.structs import replace

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.records import Attachment
from tests.vendors import support_helpscout
from tests.vendors.harness import connected, need_contracts

TEXT = "<b>Acme</b> & others\n{%customer.email%}"
SHOWN = "&lt;b&gt;Acme&lt;/b&gt; &amp; others<br>{%customer.email%}"
ONE = "GET /conversations/{id}"
EXAMPLE = support_helpscout.EXAMPLE


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_notes_replies_and_drafts_show_their_mark_up_and_leave_a_closed_conversation_closed() -> None:
    async with connected(EXAMPLE, writes=True) as used:
        await used.connector.add_note("51842", TEXT, key="k1")
        await used.connector.reply("51842", TEXT, draft=True, key="k2")

        sent = [request for request in used.canned.sent if "/conversations/" in str(request.url)]
        assert [json.loads(request.content) for request in sent if request.method == "POST"] == [
            {"text": SHOWN, "status": "closed"},
            {"text": SHOWN, "customer": {"id": 11}, "draft": True, "status": "closed"},
        ]


async def test_tags_are_added_to_those_read_just_before_and_a_priority_is_not_offered() -> None:
    async with connected(EXAMPLE, writes=True) as used:
        await used.connector.update("51842", tags=["escalated", "export"], key="k1")

        assert json.loads(used.canned.sent[-1].content) == {"tags": ["export", "escalated"]}
        with pytest.raises(NotOffered):
            await used.connector.update("51842", tags=["escalated"], priority="urgent", key="k2")


async def test_a_day_of_another_time_zone_is_asked_for_in_utc() -> None:
    since = datetime(2026, 11, 3, 1, tzinfo=timezone(timedelta(hours=2)))
    async with connected(EXAMPLE) as used:
        await used.connector.search_tickets("export", since=since)

        assert "createdAt:[2026-11-02T23:00:00Z TO *]" in used.canned.sent[-1].url.params["query"]


async def test_what_was_forwarded_is_part_of_the_thread_and_no_customer_sees_it_nor_a_draft() -> None:
    answer = cast("dict[str, Any]", json.loads(json.dumps(EXAMPLE.answers[ONE])))
    note = next(each for each in answer["_embedded"]["threads"] if each["type"] == "note")
    file = {"filename": "job.log", "_links": {"web": {"href": "https://secure.helpscout.net/file/5/job.log"}}}
    answer["_embedded"]["threads"] += [
        {**note, "id": 5, "type": "forwardparent", "_embedded": {"attachments": [file]}},
        {**note, "id": 6, "type": "message", "state": "draft"},
        {**note, "id": 7, "type": "message", "state": "hidden"},
    ]
    async with connected(replace(EXAMPLE, answers={**EXAMPLE.answers, ONE: answer})) as used:
        thread = (await used.connector.get_ticket("51842")).comments

    seen = {each.id: (each.public, each.attachments) for each in thread.items}
    log = Attachment("job.log", "https://secure.helpscout.net/file/5/job.log")
    assert seen == {"1": (True, ()), "2": (False, ()), "5": (False, (log,)), "6": (False, ()), "7": (False, ())}


async def test_a_conversation_that_was_merged_is_gone_not_a_bad_answer() -> None:
    merged = partial(httpx2.Response, 301, headers={"location": "https://api.helpscout.net/v2/conversations/9"})
    async with connected(EXAMPLE, spoil={1: lambda _: merged()}, strict=False) as used:
        with pytest.raises(NotFound):
            await used.connector.get_ticket("51842")
