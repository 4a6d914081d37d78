"""Which ticket and which customer were taken is said wherever the typed words do not name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.skill.companies import Company, customer

BROKEN = customer("Every export is broken since Monday.")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    made.account("Acme Corp")
    made.account("Havelock Freight")
    made.ticket("Export broken", BROKEN, id="11", account="acme")
    made.ticket("Labels upside down", customer("The labels are upside down."), id="12", account="havelock")
    return made


async def notes(company: Company, issue: str, customer: str = "") -> list[str]:
    result = await company.escalate(issue, customer)
    return [note for note in result.notes if not note.startswith("This is")]


async def test_words_that_fit_leave_no_doubt(company: Company) -> None:
    assert await notes(company, "export broken at Acme Corp") == []
    assert await notes(company, "export broken") == []
    assert await notes(company, "ticket 12") == []


async def test_another_customer_s_ticket_is_never_taken_silently(company: Company) -> None:
    assert await notes(company, "export broken", "Umbrella") == [
        "Customer: no account called 'Umbrella' was found",
        "No ticket of Umbrella tells of this: it is about ticket 11 of Acme Corp",
    ]


async def test_a_company_in_the_words_that_nobody_knows_is_said(company: Company) -> None:
    assert (await notes(company, "export broken at umbrella corp"))[0] == (
        "Customer: no account called 'umbrella corp' was found"
    )


async def test_a_near_miss_is_said_with_whose_ticket_was_taken(company: Company) -> None:
    assert await notes(company, "export broken at Havelok Freight") == [
        "Customer: no account is called exactly that; near it: Havelock Freight (havelock). None of them was taken;"
        " it is about ticket 11 of Acme Corp"
    ]


async def test_a_customer_s_only_ticket_that_says_something_else_is_said_to(company: Company) -> None:
    assert await notes(company, "invoice wrong at Havelock Freight") == [
        "Ticket 12 says little of what was typed; it was taken because it is one of Havelock Freight"
    ]


async def test_of_several_that_do_not_fit_none_is_taken_and_they_are_named(company: Company) -> None:
    company.ticket("Logo too large", customer("It is too large."), id="13", account="havelock")

    result = await company.escalate("invoice wrong", "Havelock Freight")

    assert (
        "No ticket matches the words clearly; those of Havelock Freight are 13, 12: name one to take it" in result.notes
    )


async def test_a_done_ticket_that_fits_better_is_taken_and_the_open_one_named(company: Company) -> None:
    company.ticket(
        "Rate limit in load test", customer("429 in load test."), id="14", account="havelock", status="solved"
    )

    assert await notes(company, "429 in load test", "Havelock Freight") == [
        "Ticket 14 matches the words and is done; still open of Havelock Freight: 12"
    ]


async def test_what_was_too_long_to_read_is_said(company: Company) -> None:
    assert (await notes(company, "export broken " * 1000))[0] == (
        "Only the first 8,000 characters of the issue were read; 6,000 more were left out"
    )
