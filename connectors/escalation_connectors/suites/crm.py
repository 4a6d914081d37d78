"""What every CRM connector must do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from escalation_connectors.contracts import CRM
from escalation_connectors.errors import NotFound


@dataclass(frozen=True)
class CRMExample:
    """A connector, and an account of its source: `near` are queries that must find it first."""

    crm: CRM
    account: str
    name: str
    near: tuple[str, ...]
    contacts: frozenset[str]
    deals: frozenset[str]


@pytest.mark.asyncio
class CRMContract:
    """Subclass it as `TestX` and set `make`, which is given an empty folder."""

    make: ClassVar[staticmethod[[Path], CRMExample]]

    @pytest.fixture
    def example(self, tmp_path: Path) -> CRMExample:
        return type(self).make(tmp_path)

    async def test_an_account_is_found_by_its_name_and_near_misses(self, example: CRMExample) -> None:
        for query in (example.name, *example.near):
            page = await example.crm.search_accounts(query)
            assert [each.id for each in page.items][:1] == [example.account], query

    @pytest.mark.parametrize("query", ["", '"', "* OR NEAR(", "🙈", "x" * 9000])
    async def test_any_text_is_plain_words(self, example: CRMExample, query: str) -> None:
        assert (await example.crm.search_accounts(query)).items == ()

    async def test_an_account_is_read_by_id_or_exact_name(self, example: CRMExample) -> None:
        by_id = await example.crm.get_account(example.account)
        assert by_id.name == example.name
        assert await example.crm.get_account(example.name) == by_id

    async def test_a_near_miss_is_never_picked_silently(self, example: CRMExample) -> None:
        with pytest.raises(NotFound) as caught:
            await example.crm.get_account(f"{example.name}x")
        assert caught.value.source == example.crm.name

    async def test_contacts_and_deals_belong_to_the_account(self, example: CRMExample) -> None:
        contacts = await example.crm.list_contacts(example.account)
        deals = await example.crm.list_deals(example.account)
        assert {each.id for each in contacts.items} == example.contacts
        assert {each.id for each in deals.items} == example.deals

    async def test_an_unknown_account_has_nobody(self, example: CRMExample) -> None:
        assert (await example.crm.list_contacts("no-such-account")).items == ()
        assert (await example.crm.list_deals("no-such-account")).items == ()

    async def test_a_limit_cuts_and_says_so(self, example: CRMExample) -> None:
        page = await example.crm.list_contacts(example.account, limit=1)
        assert (page.read, page.cut) == (1, True)
