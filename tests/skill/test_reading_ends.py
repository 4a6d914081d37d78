"""Reading: what a source lacks, what it fails at, and a connector that breaks, each told from nothing being there."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import NoReturn

import pytest

from customer_escalation.reading import Reader
from customer_escalation.workflow import quiet
from escalation_connectors.errors import InputError, NotFound
from escalation_connectors.records import Page, Ticket
from escalation_connectors.sources import Sources
from tests.sources import company
from tests.virtual_time import elapsed


async def raising(error: Exception) -> NoReturn:
    raise error


def told(error: Exception, *, of_record: bool = False) -> tuple[str, str | None]:
    """What is reported of the support platform after a search that ended like this."""

    async def read(sources: Sources) -> tuple[str, str | None]:
        reader = Reader(sources, 30.0, quiet)
        call: Awaitable[Page[Ticket]] = raising(error)
        assert await reader.page("support_platform", "tickets", call, of_record=of_record) == ()
        report = reader.reports()[0]
        return report.status, report.error

    return elapsed(read(company()))[0]


def test_a_search_that_finds_no_such_address_has_failed_and_is_not_empty() -> None:
    assert told(NotFound("desk", "no such record")) == (
        "failed", f"no such record; {NotFound.advice}"
    )  # fmt: skip


def test_a_list_of_a_record_that_the_source_does_not_know_is_empty() -> None:
    assert told(NotFound("desk", "no such record"), of_record=True) == ("empty", None)


def test_a_connector_that_breaks_costs_its_source_and_not_the_brief() -> None:
    assert told(KeyError("x")) == ("failed", "fake support: the connector broke (KeyError); report it")


def test_bad_input_that_shows_only_in_reading_is_still_bad_input() -> None:
    with pytest.raises(InputError, match="line 3"):
        told(InputError("tickets.jsonl: line 3"))
