"""A criterion that later rows refute does not hold, and the brief says by which row; what is outweighed is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from customer_escalation.brief import Reason, Result
from tests.skill.companies import Company, Record, agent, ago, customer, engineer, holding

GONE = customer("All our bookings are gone, the list is empty. We cannot work, production is down.")
BACK = customer("Please stand down, that was our own mistake: we looked at the wrong calendar.")


def thread(folder: Path, *comments: Record, **fields: Any) -> Company:
    """A company with one thread."""
    company = Company(folder)
    company.ticket("Bookings page", *comments, account="acme", **fields)
    return company


def failing(result: Result) -> dict[str, Reason]:
    """The criteria that do not hold, by id."""
    return {reason.criterion: reason for reason in result.reasons if not reason.holds}


async def test_an_alarm_that_the_customer_takes_back_holds_no_more(tmp_path: Path) -> None:
    company = thread(tmp_path, GONE, agent("We see all bookings. Which calendar do you look at?"), BACK)

    result = await company.escalate("bookings page")

    assert {"technical.data_loss", "impact.production_down"}.isdisjoint(holding(result))
    reason = failing(result)["technical.data_loss"]
    assert (reason.text, reason.cites) == ("Data is corrupted or lost: taken back in T-101/3", ("T-101/3",))
    assert result.brief.impact.depth is None


async def test_an_alarm_that_comes_again_after_it_was_taken_back_holds(tmp_path: Path) -> None:
    again = customer("Sorry, it is still the same: the list is empty and bookings are gone.")
    company = thread(tmp_path, GONE, BACK, again)

    result = await company.escalate("bookings page")

    assert "technical.data_loss" in holding(result)


async def test_what_another_customer_reports_is_not_taken_back(tmp_path: Path) -> None:
    company = thread(tmp_path, GONE, BACK, links=["ENG-1"])
    company.ticket("Bookings page", GONE, account="dunmere", links=["ENG-1"])
    company.issue("Bookings page")

    result = await company.escalate("bookings page")

    assert "technical.data_loss" in holding(result)


async def test_an_answer_that_did_not_help_is_no_solution_and_the_reply_is_named(tmp_path: Path) -> None:
    said = (agent("Please clear the cookies and try again."), customer("Cleared on three machines, no effect."))
    company = thread(tmp_path, customer("The page shows an error 500, nobody can book."), *said)

    result = await company.escalate("bookings page")

    reason = failing(result)["support.documented_solution"]
    assert reason.text.endswith("what we answered in T-101/2 did not help, see T-101/3")
    assert reason.cites == ("T-101/2", "T-101/3")


async def test_an_article_that_the_customer_refuses_is_no_solution(tmp_path: Path) -> None:
    offer = agent("You can use an extract for now, see “Request an extract of bookings”.")
    refusal = customer("An extract is not what our auditors ask for. We need the bookings page itself.")
    company = thread(tmp_path, customer("The bookings page shows an error."), offer, refusal)
    article = company.article("Request an extract of bookings", "Ask support.", kind="workaround")

    result = await company.escalate("bookings page extract")

    assert "support.documented_solution" not in holding(result)
    assert article in failing(result)["support.documented_solution"].cites


async def test_an_article_does_not_count_where_our_engineers_know_no_workaround(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The bookings page loops with an error."), links=["ENG-1"])
    company.issue("Bookings page loops", engineer("There is no workaround for tenants with enforced sign-in."))
    company.article("Bookings page loops in one browser", "Clear the cookies.", kind="faq")

    result = await company.escalate("bookings page loops")

    assert "support.documented_solution" not in holding(result)


async def test_what_speaks_for_support_is_marked_where_it_is_outweighed(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The bookings page fails with error 500, nobody can book."), links=["ENG-1"])
    company.issue("Bookings page fails")
    company.article("Bookings page fails", "Reload it.", kind="guide")

    result = await company.escalate("bookings page fails")

    assert result.decision == "escalate"
    assert "exists (outweighed): " in holding(result)["support.documented_solution"].text


async def test_a_report_that_names_an_invoice_is_no_question_for_guidance(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The export is missing rows. We invoice all clients from these files."))

    result = await company.escalate("export is missing rows")

    assert "support.guidance" not in holding(result)


async def test_an_sla_is_shown_by_its_moment_and_not_by_the_subject(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The page shows an error."), sla={"due_at": ago(3)})

    result = await company.escalate("bookings page")

    assert holding(result)["business.sla"].text == (
        "An SLA is breached or about to be: ticket 101 was due at 2026-11-19T09:00:00Z"
    )


async def test_customers_outside_the_window_are_named_where_they_make_no_pattern(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name, hours in (("acme", 5), ("dunmere", 24 * 40), ("havelock", 24 * 50)):
        company.ticket(
            "Export is cut short", customer("The export is cut."), account=name, links=["ENG-1"], hours=hours
        )
    company.issue("Export is cut short")

    result = await company.escalate("export is cut short")

    assert failing(result)["pattern.same_issue"].text.endswith(
        "3 customers in all, not enough of them within the policy's window"
    )


async def test_a_customer_who_has_no_problem_is_not_left_alone(tmp_path: Path) -> None:
    said = (agent("We round per line. Is one cent a problem for you?", 90), customer("No, we book it by hand.", 80))
    company = thread(tmp_path, customer("The total is one cent off.", 100), *said, hours=100)

    result = await company.escalate("bookings page")

    assert "time.not_progressing" not in holding(result)


async def test_silence_is_shown_with_the_moment_since_when(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The page shows an error. When can you look at it?", 60), hours=60)

    result = await company.escalate("bookings page")

    assert holding(result)["time.not_progressing"].text.endswith(
        "no public answer since 2026-11-17T00:00:00Z to “When can you look at it?”"
    )
