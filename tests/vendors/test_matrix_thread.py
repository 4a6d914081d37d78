"""A thread of Matrix without its first message is still a thread, and one that may not be seen is said to be so."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from escalation_connectors.errors import AccessDenied, BadAnswer
from escalation_connectors.records import Page
from tests.vendors.chat_matrix import EXAMPLE, FOUND, LAST, ROOM, ROOT, said
from tests.vendors.harness import connected, need_contracts

EVENT = "GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_the_replies_to_a_deleted_message_are_read() -> None:
    event: Any = EXAMPLE.answers[EVENT]
    deleted = replace(EXAMPLE, answers={**EXAMPLE.answers, EVENT: {**event, "content": {}}})
    async with connected(deleted) as used:
        assert await used.connector.get_thread(ROOM, ROOT) == Page((FOUND, LAST), 2)


async def test_an_answer_that_is_no_event_is_told() -> None:
    async with connected(replace(EXAMPLE, answers={**EXAMPLE.answers, EVENT: {}}), strict=False) as used:
        with pytest.raises(BadAnswer, match="without type"):
            await used.connector.get_thread(ROOM, ROOT)


async def test_a_room_that_may_not_be_seen_is_told_whatever_answers_first() -> None:
    def outside(request: httpx2.Request) -> httpx2.Response:
        if "/event/" in request.url.path:
            return httpx2.Response(404, json=said("M_NOT_FOUND"))
        return httpx2.Response(403, json=said("M_FORBIDDEN"))

    async with connected(EXAMPLE, spoil={-1: outside}) as used:
        with pytest.raises(AccessDenied, match="lack a right"):
            await used.connector.get_thread(ROOM, ROOT)
