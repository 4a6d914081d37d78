"""Reading from sources: each call in its time, and a report of what became of each source."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from customer_escalation.brief import SourceReport
from customer_escalation.reading import CALL_TIMEOUT_S, Reader
from customer_escalation.workflow import quiet
from escalation_connectors.errors import AccessDenied, NotFound, RateLimited
from escalation_connectors.fakes import FakeSupport
from escalation_connectors.records import Page
from escalation_connectors.sources import Sources
from tests.virtual_time import elapsed

Work = Callable[[Reader], Awaitable[None]]


async def gives(*items: str, total: int | None = None, cut: bool = False) -> Page[str]:
    """A source that answers."""
    return Page(items, total, cut)


async def refuses() -> Page[str]:
    """A source that refuses the credentials."""
    raise AccessDenied("desk", "the credentials were refused")


async def waits() -> Page[str]:
    """A source that asks to wait."""
    raise RateLimited("desk", "too many requests", 30.0)


async def never() -> Page[str]:
    """A source that hangs."""
    await asyncio.Event().wait()
    return Page(())


def support_report(work: Work, deadline_s: float = 30.0) -> tuple[SourceReport, float, list[str]]:
    """What the reader says of the support platform after this work, how long it took, and what it told."""
    told: list[str] = []

    async def run() -> SourceReport:
        reader = Reader(Sources(support=FakeSupport(name="desk")), deadline_s, lambda _, what: told.append(what))
        await work(reader)
        return reader.reports()[0]

    report, seconds = elapsed(run())
    return report, seconds, told


def test_an_answer_is_counted_and_told() -> None:
    async def work(reader: Reader) -> None:
        assert await reader.page("support_platform", "tickets", gives("a", "b", total=2)) == ("a", "b")
        reader.saw("support_platform", ["a", "b"])

    report, _, told = support_report(work)

    assert report == SourceReport("support_platform", "desk", "ok", 2)
    assert told == ["support_platform: 2 for tickets"]


def test_no_record_is_an_empty_source_and_not_a_failed_one() -> None:
    async def work(reader: Reader) -> None:
        await reader.page("support_platform", "tickets", gives())

    assert support_report(work)[0] == SourceReport("support_platform", "desk", "empty", 0)


def test_a_record_that_is_not_there_is_an_answer() -> None:
    async def missing() -> str:
        raise NotFound("desk", "no record")

    async def work(reader: Reader) -> None:
        assert await reader.one("support_platform", missing()) is None

    assert support_report(work)[0].status == "empty"


def test_a_cut_answer_says_how_much_was_read_of_how_much() -> None:
    async def work(reader: Reader) -> None:
        await reader.page("support_platform", "tickets", gives("a", total=40, cut=True))
        await reader.page("support_platform", "links", gives("b", cut=True))
        reader.saw("support_platform", ["a", "b"])

    assert support_report(work)[0].note == "read 1 of 40 for tickets; read 1 of unknown for links"


def test_a_refusal_is_a_failure_with_its_reason_and_advice() -> None:
    async def work(reader: Reader) -> None:
        assert await reader.page("support_platform", "tickets", refuses()) == ()

    report, _, told = support_report(work)

    why = "the credentials were refused; check the credentials and their scopes"
    assert report == SourceReport("support_platform", "desk", "failed", 0, why)
    assert told == [f"support_platform: {why}"]


def test_a_failure_after_an_answer_is_partial_and_said_so() -> None:
    async def work(reader: Reader) -> None:
        await reader.page("support_platform", "tickets", gives("a"))
        reader.saw("support_platform", ["a"])
        await reader.page("support_platform", "links", waits())

    report, _, _ = support_report(work)

    assert (report.status, report.error) == ("ok", "too many requests; wait and try again")
    assert report.note == "partly failed: too many requests; wait and try again"


@pytest.mark.parametrize("turned", [False, True])
def test_the_report_does_not_depend_on_which_call_came_back_first(turned: bool) -> None:
    async def work(reader: Reader) -> None:
        for ask in (refuses, waits)[:: -1 if turned else 1]:
            await reader.page("support_platform", "tickets", ask())
        for asked in ("b", "a")[:: -1 if turned else 1]:
            await reader.page("support_platform", asked, gives("x", total=9, cut=True))

    report, _, _ = support_report(work)

    assert report.error == (
        "the credentials were refused; check the credentials and their scopes; too many requests; wait and try again"
    )
    assert report.note.startswith("read 1 of 9 for a; read 1 of 9 for b; partly failed: ")


def test_a_call_that_hangs_is_given_up_after_its_own_time() -> None:
    async def work(reader: Reader) -> None:
        assert await reader.page("support_platform", "tickets", never()) == ()

    report, seconds, _ = support_report(work, deadline_s=300.0)

    assert (report.status, report.error) == ("failed", "no answer in time")
    assert abs(seconds - CALL_TIMEOUT_S) < 0.01


def test_no_call_goes_beyond_the_deadline_of_the_run() -> None:
    async def work(reader: Reader) -> None:
        for _ in range(5):
            await reader.page("support_platform", "tickets", never())

    assert abs(support_report(work, deadline_s=3.0)[1] - 3.0) < 0.01


def test_a_source_that_is_not_connected_is_said_to_be_so() -> None:
    async def run() -> tuple[SourceReport, ...]:
        return Reader(Sources(), 30.0, quiet).reports()

    assert {report.status for report in elapsed(run())[0]} == {"not_connected"}


def test_asking_a_source_that_is_not_connected_is_a_defect() -> None:
    async def run() -> None:
        reader, call = Reader(Sources(), 30.0, quiet), gives()
        try:
            await reader.page("crm", "accounts", call)
        finally:
            call.close()

    with pytest.raises(LookupError, match="crm"):
        elapsed(run())
