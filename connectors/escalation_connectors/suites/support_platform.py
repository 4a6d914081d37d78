"""What every support platform connector must do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import pytest

from escalation_connectors.contracts import SupportPlatform
from escalation_connectors.errors import NotFound


@dataclass(frozen=True)
class SupportExample:
    """A connector, and what its source holds: `query` finds `best` first, and more; `account` owns `owned`."""

    support: SupportPlatform
    query: str
    best: str
    comments: int
    account: tuple[str, ...]
    owned: frozenset[str]
    since: datetime
    younger: frozenset[str]
    linked: tuple[tuple[str, frozenset[str]], ...]


@pytest.mark.asyncio
class SupportPlatformContract:
    """Subclass it as `TestX` and set `make`, which is given an empty folder."""

    make: ClassVar[staticmethod[[Path], SupportExample]]

    @pytest.fixture
    def example(self, tmp_path: Path) -> SupportExample:
        return type(self).make(tmp_path)

    async def test_the_best_match_comes_first(self, example: SupportExample) -> None:
        page = await example.support.search_tickets(example.query)
        assert page.items[0].id == example.best
        assert page.total in (None, page.read)

    async def test_a_limit_cuts_and_says_so(self, example: SupportExample) -> None:
        page = await example.support.search_tickets(example.query, limit=1)
        assert (page.read, page.cut) == (1, True)
        assert page.items[0].id == example.best

    async def test_a_search_without_a_match_is_an_empty_page(self, example: SupportExample) -> None:
        page = await example.support.search_tickets("zyzzyva")
        assert (page.items, page.cut) == ((), False)

    @pytest.mark.parametrize("query", ['"', "* OR NEAR(", "a" * 9000, "🙈", "'; DROP TABLE", "subject:x -y"])
    async def test_any_text_is_plain_words(self, example: SupportExample, query: str) -> None:
        await example.support.search_tickets(query)

    async def test_an_account_narrows_by_id_or_name(self, example: SupportExample) -> None:
        for called in example.account:
            page = await example.support.search_tickets("", account=called)
            assert {each.id for each in page.items} == example.owned, called

    async def test_since_narrows_by_creation(self, example: SupportExample) -> None:
        page = await example.support.search_tickets("", since=example.since)
        assert {each.id for each in page.items} == example.younger

    async def test_without_words_the_newest_comes_first(self, example: SupportExample) -> None:
        page = await example.support.search_tickets("")
        times = [each.created_at for each in page.items]
        assert times == sorted(times, reverse=True)

    async def test_a_ticket_comes_with_its_whole_thread(self, example: SupportExample) -> None:
        ticket = await example.support.get_ticket(example.best)
        assert ticket.id == example.best
        assert (ticket.comments.read, ticket.comments.cut) == (example.comments, False)

    async def test_times_are_aware(self, example: SupportExample) -> None:
        ticket = await example.support.get_ticket(example.best)
        assert ticket.created_at.utcoffset() is not None
        assert all(each.at is None or each.at.utcoffset() is not None for each in ticket.comments.items)

    async def test_an_unknown_ticket_is_not_found(self, example: SupportExample) -> None:
        with pytest.raises(NotFound) as caught:
            await example.support.get_ticket("no-such-ticket")
        assert caught.value.source == example.support.name

    async def test_links_are_found_by_id_key_or_url(self, example: SupportExample) -> None:
        for record, found in example.linked:
            page = await example.support.linked_tickets(record)
            assert {each.id for each in page.items} == found, record

    async def test_asking_twice_gives_the_same_answer(self, example: SupportExample) -> None:
        first = await example.support.search_tickets(example.query)
        assert await example.support.search_tickets(example.query) == first
