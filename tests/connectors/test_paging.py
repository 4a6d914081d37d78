"""Lists that say honestly how much of them was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from escalation_connectors.errors import Unavailable
from escalation_connectors.paging import PAGES, Batch, any_of, merged, pages
from escalation_connectors.records import Article, Issue, Page

AT = datetime(2026, 11, 1, tzinfo=UTC)


def articles(*ids: int) -> list[Article]:
    return [Article(id=str(each), title="x") for each in ids]


class Vendor:
    """Pages by number; what leads to the next is its number."""

    def __init__(self, *batches: Batch[Article] | None) -> None:
        self.batches, self.asked = batches, list[str]()

    async def ask(self, more: str) -> Batch[Article]:
        self.asked.append(more)
        batch = self.batches[min(int(more or 0), len(self.batches) - 1)]
        if batch is None:
            raise Unavailable("vendor", "down")
        return batch


def ids(page: Page[Article]) -> list[str]:
    return [each.id for each in page.items]


async def test_all_pages_up_to_the_limit_are_read() -> None:
    vendor = Vendor(Batch(articles(1, 2), "1", 5), Batch(articles(3, 4), "2", 5), Batch(articles(5), "", 5))
    whole = await pages(vendor.ask, 10)
    assert (ids(whole), whole.total, whole.cut) == (["1", "2", "3", "4", "5"], 5, False)

    some = await pages(vendor.ask, 3)
    assert (ids(some), some.total, some.cut) == (["1", "2", "3"], 5, True)


async def test_without_a_total_the_last_page_tells_it() -> None:
    assert await pages(Vendor(Batch(articles(1, 2))).ask, 10) == Page(tuple(articles(1, 2)), 2)
    assert await pages(Vendor(Batch(articles(1, 2), "1")).ask, 2) == Page(tuple(articles(1, 2)), None, cut=True)


async def test_a_total_that_lies() -> None:
    more_than_claimed = await pages(Vendor(Batch(articles(1, 2, 3), "", 1)).ask, 10)
    assert (more_than_claimed.total, more_than_claimed.cut) == (3, False)
    fewer = await pages(Vendor(Batch(articles(1), "", 100)).ask, 10)
    assert (fewer.read, fewer.total, fewer.cut) == (1, 100, True)


async def test_a_page_that_comes_again_ends_it() -> None:
    vendor = Vendor(Batch(articles(1), "1"), Batch(articles(1), "1"))
    page = await pages(vendor.ask, 10)
    assert (ids(page), page.cut, len(vendor.asked)) == (["1"], True, 2)


async def test_empty_pages_that_go_on_end_it() -> None:
    vendor = Vendor(*(Batch[Article]([], str(number + 1)) for number in range(9)))
    page = await pages(vendor.ask, 10)
    assert (page.items, page.cut, len(vendor.asked)) == ((), True, 2)


async def test_an_empty_page_in_the_middle_is_passed() -> None:
    vendor = Vendor(Batch(articles(1), "1"), Batch([], "2"), Batch(articles(2)))
    assert ids(await pages(vendor.ask, 10)) == ["1", "2"]


async def test_a_list_without_end_is_left() -> None:
    vendor = Vendor(*(Batch(articles(number), str(number + 1)) for number in range(50)))
    page = await pages(vendor.ask, 1000)
    assert (page.read, page.total, page.cut) == (PAGES, None, True)


async def test_a_later_page_that_fails_leaves_what_was_read() -> None:
    page = await pages(Vendor(Batch(articles(1), "1", 2), None).ask, 10)
    assert (ids(page), page.total, page.cut) == (["1"], 2, True)
    with pytest.raises(Unavailable):
        await pages(Vendor(None).ask, 10)


async def test_every_word_first_then_any() -> None:
    asked: list[Sequence[str]] = []

    async def search(words: Sequence[str]) -> Page[Article]:
        asked.append(words)
        found = articles(*(number for number, word in enumerate("abc") if [word] == list(words) and word in known))
        return Page(tuple(found), len(found))

    known = "ac"
    assert ids(await any_of(["a", "b", "c"], search, 10)) == ["0"]
    assert asked == [["a", "b", "c"], ["a"]]
    asked.clear()
    known = "bc"
    page = await any_of(["a", "b", "c"], search, 10)
    assert (asked[2:], ids(page), page.total) == ([["b"], ["c"]], ["1", "2"], 2)
    asked.clear()
    assert ids(await any_of(["b"], search, 10)) == ["1"]
    assert len(asked) == 1


def test_several_searches_are_one_list() -> None:
    first, second = Page(tuple(articles(1, 2)), 2), Page(tuple(articles(2, 3)), None, cut=True)
    assert merged([first, second], 10) == Page(tuple(articles(1, 2, 3)), None, cut=True)
    assert merged([first], 1) == Page(tuple(articles(1)), None, cut=True)
    issue = Issue(key="ENG-1", title="x", created_at=AT)
    assert merged([Page((issue,), 1), Page((issue,), 1)], 5) == Page((issue,), 1)
