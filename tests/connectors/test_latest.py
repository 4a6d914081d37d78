"""A vendor without a search is searched here: best first, read once a minute, and honest about what was not read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from escalation_connectors.errors import ConnectorError, Unavailable
from escalation_connectors.latest import Latest
from escalation_connectors.records import Comment, Page, Ticket


def ticket(number: int, subject: str, body: str = "") -> Ticket:
    at = datetime(2026, 11, number, tzinfo=UTC)
    return Ticket(id=str(number), subject=subject, created_at=at, comments=Page((Comment("1", body),), cut=True))


TICKETS = (
    ticket(1, "Exports fail", "ENG-12, at row 900"),
    ticket(2, "Sign-in fails"),
    ticket(3, "An export failed, the row is empty", "see ENG-1"),
    ticket(4, "Thanks"),
)


class Shop:
    """Counts how often it is read."""

    def __init__(self, *, cut: bool = False) -> None:
        self.page, self.asked, self.down, self.seconds = Page(TICKETS, cut=cut), list[str](), False, 0.0
        self.latest = Latest(lambda: self.seconds, self.read)

    async def read(self, company: str) -> Page[Ticket]:
        self.asked.append(company)
        await asyncio.sleep(0)
        if self.down:
            raise Unavailable("shop", "down")
        return self.page


async def test_what_shares_most_words_comes_first_and_then_the_newest() -> None:
    page = await Shop().latest.like(("export", "row", "fail"), 10)

    assert [each.id for each in page.items] == ["3", "1", "2"]
    assert (page.total, page.cut) == (3, False)


async def test_a_number_is_not_found_in_a_longer_one() -> None:
    assert [each.id for each in (await Shop().latest.naming("eng-1", 10)).items] == ["3"]


async def test_without_words_a_company_or_a_time_gives_the_newest_first() -> None:
    shop = Shop()

    assert [each.id for each in (await shop.latest.like((), 2, company="7")).items] == ["4", "3"]
    assert [each.id for each in (await shop.latest.like((), 9, since=TICKETS[2].created_at)).items] == ["4", "3"]
    assert await shop.latest.like((), 9) == Page(())


async def test_a_reading_that_was_cut_never_says_how_many_there_are() -> None:
    page = await Shop(cut=True).latest.like(("thanks",), 10)

    assert (page.read, page.total, page.cut) == (1, None, True)


async def test_questions_within_a_minute_cost_one_reading_for_each_company() -> None:
    shop = Shop()
    await asyncio.gather(*(shop.latest.like((word,), 5) for word in ("export", "row")), shop.latest.naming("ENG-1", 5))
    await shop.latest.like(("row",), 5, company="7")
    shop.seconds = 61.0
    await shop.latest.like(("row",), 5)

    assert shop.asked == ["", "7", ""]


async def test_a_reading_that_failed_is_not_kept() -> None:
    shop = Shop()
    shop.down = True
    with pytest.raises(ConnectorError):
        await shop.latest.like(("row",), 5)
    shop.down = False

    assert (await shop.latest.like(("row",), 5)).read == 2
