"""In a large workspace the rare words choose and the common ones only rank; the answers stay sensible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation_connectors.contracts import SupportPlatform
from escalation_connectors.workspace import open_workspace
from escalation_connectors.workspace.ranking import BUDGET
from tests.contracts import company

MANY = BUDGET + 2_000
START = datetime(2026, 1, 1, tzinfo=UTC)


def tickets() -> Iterator[dict[str, Any]]:
    for number in range(1, MANY + 1):
        subject = "login error" if number % 2 else "login"
        subject += {50: " error gateway", 62: " gateway quota"}.get(number, "")
        yield {
            "id": f"T-{number}",
            "subject": subject,
            "created_at": (START + timedelta(minutes=number)).isoformat(),
            "account": "Big" if number > 10 else "Small",
            "comments": [{"body": "timeout"}] if number % 3 == 0 else [],
        }


@pytest.fixture(scope="module")
def support(tmp_path_factory: pytest.TempPathFactory) -> SupportPlatform:
    folder = tmp_path_factory.mktemp("large")
    company.lines(folder / "tickets.jsonl", tickets())
    connector = open_workspace(folder, cache=folder / "cache").sources.support
    assert connector is not None
    return connector


async def ids(support: SupportPlatform, query: str, **narrow: Any) -> list[str]:
    return [each.id for each in (await support.search_tickets(query, **narrow)).items]


async def test_a_rare_word_decides_and_a_common_one_ranks(support: SupportPlatform) -> None:
    assert (await ids(support, "login timeout errors gateway"))[:2] == ["T-50", "T-62"]
    assert sorted(await ids(support, "gateway")) == ["T-50", "T-62"]


async def test_common_words_alone_give_the_newest_with_all_of_them(support: SupportPlatform) -> None:
    page = await support.search_tickets("error login timeout", limit=5)
    newest = [n for n in range(MANY, 0, -1) if n % 2 and n % 3 == 0][:5]
    assert [each.id for each in page.items] == [f"T-{n}" for n in newest]
    assert (page.total, page.cut) == (None, True)


async def test_one_common_word_gives_the_newest_with_it(support: SupportPlatform) -> None:
    assert await ids(support, "logins", limit=3) == [f"T-{n}" for n in (MANY, MANY - 1, MANY - 2)]


async def test_an_account_narrows_common_words_however_old_its_tickets_are(support: SupportPlatform) -> None:
    assert sorted(await ids(support, "login", account="small")) == sorted(f"T-{n}" for n in range(1, 11))
    assert len(await ids(support, "login", account="big")) == 20
    assert (await ids(support, "login gateway", account="big"))[:1] == ["T-62"]


async def test_since_narrows_common_words(support: SupportPlatform) -> None:
    page = await support.search_tickets("login", since=START + timedelta(minutes=MANY - 1))
    assert ([each.id for each in page.items], page.cut) == ([f"T-{MANY}", f"T-{MANY - 1}"], False)


async def test_an_id_is_found_among_many(support: SupportPlatform) -> None:
    page = await support.search_tickets("T-777 login")
    assert page.items[0].id == "T-777"
