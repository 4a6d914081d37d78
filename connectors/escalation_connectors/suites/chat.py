"""What every chat connector must do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import pytest

from escalation_connectors.contracts import Chat


@dataclass(frozen=True)
class ChatExample:
    """A connector, and what its source holds: `query` finds `best` first; since `since` it finds `younger` alone."""

    chat: Chat
    query: str
    best: str
    since: datetime
    younger: frozenset[str]
    channel: str
    thread: tuple[str, ...]


@pytest.mark.asyncio
class ChatContract:
    """Subclass it as `TestX` and set `make`, which is given an empty folder."""

    make: ClassVar[staticmethod[[Path], ChatExample]]

    @pytest.fixture
    def example(self, tmp_path: Path) -> ChatExample:
        return type(self).make(tmp_path)

    async def test_the_best_match_comes_first(self, example: ChatExample) -> None:
        page = await example.chat.search_messages(example.query)
        assert page.items[0].id == example.best
        assert page.items[0].at.utcoffset() is not None

    async def test_since_narrows_by_time(self, example: ChatExample) -> None:
        page = await example.chat.search_messages(example.query, since=example.since)
        assert {each.id for each in page.items} == example.younger

    @pytest.mark.parametrize("query", ["", '"', "* OR NEAR(", "🙈", "x" * 9000])
    async def test_any_text_is_plain_words(self, example: ChatExample, query: str) -> None:
        assert (await example.chat.search_messages(query)).items == ()

    async def test_a_thread_is_whole_and_oldest_first(self, example: ChatExample) -> None:
        page = await example.chat.get_thread(example.channel, example.thread[0])
        assert tuple(each.id for each in page.items) == example.thread
        assert page.cut is False

    async def test_a_long_thread_is_cut_and_says_so(self, example: ChatExample) -> None:
        page = await example.chat.get_thread(example.channel, example.thread[0], limit=1)
        assert (page.items[0].id, page.cut) == (example.thread[0], True)

    async def test_an_unknown_thread_is_empty(self, example: ChatExample) -> None:
        assert (await example.chat.get_thread(example.channel, "no-such-thread")).items == ()
