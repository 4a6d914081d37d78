"""The fakes make the trouble they are asked for, when they are asked for it."""

from __future__ import annotations

import asyncio

import pytest

from escalation_connectors.errors import AccessDenied, BadAnswer, ConnectorError, NotFound, RateLimited, Unavailable
from escalation_connectors.fakes import (
    FakeChat,
    FakeCRM,
    FakeKnowledge,
    FakeSupport,
    FakeTracker,
    Fault,
    Trouble,
    fake_sources,
)
from tests.contracts import company


@pytest.mark.parametrize(
    ("fault", "error"),
    [("rate_limited", RateLimited), ("denied", AccessDenied), ("malformed", BadAnswer), ("down", Unavailable)],
)
async def test_a_fault_is_raised_as_its_error(fault: Fault, error: type[ConnectorError]) -> None:
    support = FakeSupport(company.TICKETS, trouble=Trouble(fault=fault))
    with pytest.raises(error) as caught:
        await support.search_tickets("login")
    assert caught.value.source == "fake support"
    assert getattr(caught.value, "retry_after", 30.0) == 30.0


async def test_the_credentials_can_expire_in_the_middle() -> None:
    support = FakeSupport(company.TICKETS, trouble=Trouble(fault="denied", after=2))
    await support.search_tickets("login")
    await support.get_ticket("T-1")
    with pytest.raises(AccessDenied):
        await support.get_ticket("T-1")


async def test_a_fault_can_pass_and_can_hit_one_method_alone() -> None:
    crm = FakeCRM(company.ACCOUNTS, trouble=Trouble(fault="rate_limited", times=1, only=("get_account",)))
    await crm.search_accounts("Acme")
    with pytest.raises(RateLimited):
        await crm.get_account("ACC-1")
    assert (await crm.get_account("ACC-1")).name == "Acme Corp"
    assert [method for method, _ in crm.line.calls] == ["search_accounts", "get_account", "get_account"]


async def test_a_delay_comes_before_every_answer() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    sources = fake_sources(tickets=company.TICKETS, trouble=Trouble(delay=0.2, sleep=sleep))
    assert sources.support is not None
    assert sources.chat is not None
    await sources.support.search_tickets("login")
    await sources.chat.get_thread("eng", "M-1")
    assert slept == [0.2, 0.2]


async def test_a_hanging_source_never_answers() -> None:
    chat = FakeChat(company.MESSAGES, trouble=Trouble(fault="hang"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await chat.search_messages("gateway")


async def test_a_defect_is_an_error_that_no_contract_allows() -> None:
    tracker = FakeTracker(company.ISSUES, trouble=Trouble(fault="crash"))
    with pytest.raises(RuntimeError):
        await tracker.search_issues("login")


async def test_an_ambiguous_name_is_not_picked() -> None:
    crm = FakeCRM([*company.ACCOUNTS, *company.ACCOUNTS])
    with pytest.raises(NotFound):
        await crm.get_account("Acme Corp")


async def test_nothing_is_known_unless_given() -> None:
    assert (await FakeKnowledge().search_articles("x")).items == ()
