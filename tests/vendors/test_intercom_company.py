"""Intercom gives a company that was asked for by name in a list, or alone; its conversations are found either way."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from msgspec.structs import replace

from escalation_connectors.errors import NotFound
from tests.vendors import support_intercom
from tests.vendors.harness import connected, need_contracts

COMPANIES = "GET /companies"
EXAMPLE = support_intercom.EXAMPLE


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_a_company_that_comes_alone_narrows_as_one_from_a_list_does() -> None:
    listed = cast("dict[str, Any]", EXAMPLE.answers[COMPANIES])
    asked: list[object] = []
    for answer in (listed, listed["data"][0]):
        example = replace(EXAMPLE, answers={**EXAMPLE.answers, COMPANIES: answer})
        async with connected(example, strict=False) as used:
            assert (await used.connector.search_tickets("export", account="Acme Corp")).read == 1
            asked.append(json.loads(used.canned.sent[-1].content))

    assert asked[0] == asked[1]


async def test_a_name_that_several_companies_have_is_not_guessed() -> None:
    listed = cast("dict[str, Any]", EXAMPLE.answers[COMPANIES])
    for times in (0, 2):
        example = replace(EXAMPLE, answers={**EXAMPLE.answers, COMPANIES: {**listed, "data": listed["data"] * times}})
        async with connected(example, strict=False) as used:
            with pytest.raises(NotFound):
                await used.connector.search_tickets("export", account="Acme Corp")
