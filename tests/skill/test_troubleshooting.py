"""What has been tried, with what came of it; a result is called missing only where nobody could have told of it."""

from __future__ import annotations

from pathlib import Path

from customer_escalation.brief import NOT_RECORDED
from tests.skill.companies import Company, Record, agent, customer

BROKEN = customer("The chart page shows an error.")


def thread(folder: Path, *comments: Record) -> Company:
    """A company with one thread."""
    company = Company(folder)
    company.ticket("Chart page", *comments)
    return company


async def test_what_was_tried_is_told_with_its_result(tmp_path: Path) -> None:
    company = thread(
        tmp_path,
        customer("The chart page shows an error. We tried another browser, but it still fails."),
        agent("I restarted the renderer. The same error again."),
        agent("We tested it with a new account."),
    )

    result = await company.escalate("chart page")

    assert [(t.step, t.result, t.cites) for t in result.brief.tried] == [
        ("Ada Lund (customer): “We tried another browser”", "“but it still fails.”", ("T-101/1",)),
        ("Ravi Shah (agent): “I restarted the renderer.”", "“The same error again.”", ("T-101/2",)),
        ("Ravi Shah (agent): “We tested it with a new account.”", NOT_RECORDED, ("T-101/3",)),
    ]


async def test_what_we_advised_is_told_with_what_the_customer_said_came_of_it(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, agent("Please clear the cache of the browser."), customer("It is still the same error.")
    )

    result = await company.escalate("chart page")

    (advised,) = result.brief.tried
    assert advised.step == "Ravi Shah (agent) advised: “Please clear the cache of the browser.”"
    assert advised.result == "Ada Lund (customer): “It is still the same error.”"
    assert advised.cites == ("T-101/2", "T-101/3")


async def test_advice_without_an_echo_has_no_recorded_result(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("Please clear the cache of the browser."))

    result = await company.escalate("chart page")

    assert [t.result for t in result.brief.tried] == [NOT_RECORDED]


async def test_an_answer_in_other_words_is_the_result_of_what_we_advised(tmp_path: Path) -> None:
    advice = agent("Two checks: is a filter set on the page, and please try to export the page in two halves.")
    company = thread(tmp_path, BROKEN, advice, customer("No filter. In two halves: 240 of 250 and 241 of 250."))

    result = await company.escalate("chart page")

    (advised,) = result.brief.tried
    assert advised.result == "Ada Lund (customer): “No filter.” “In two halves: 240 of 250 and 241 of 250.”"
    assert advised.cites == ("T-101/2", "T-101/3")


async def test_a_step_of_ours_that_the_customer_answers_has_that_result(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("The update has been rolled back."), customer("No. Charts stay grey."))

    result = await company.escalate("chart page")

    (step,) = result.brief.tried
    assert (step.result, step.cites) == ("Ada Lund (customer): “No.”", ("T-101/2", "T-101/3"))


async def test_the_list_under_a_step_is_its_result(tmp_path: Path) -> None:
    listed = "We tried two things last night:\n- page size 50: same curve.\n- a fresh key: same.\nIt is slow."
    company = thread(tmp_path, customer(f"The chart page shows an error.\n{listed}"))

    result = await company.escalate("chart page")

    assert [t.result for t in result.brief.tried] == ["“page size 50: same curve.” “a fresh key: same.”"]


async def test_next_words_that_answer_nothing_are_shown_and_not_called_a_missing_result(tmp_path: Path) -> None:
    advice, reply = agent("Please clear the cache of the browser."), customer("Our office opens at eight o'clock.")
    company = thread(tmp_path, BROKEN, advice, reply)

    result = await company.escalate("chart page")

    (advised,) = result.brief.tried
    assert advised.result == "Ada Lund (customer) wrote next: “Our office opens at eight o'clock.”"
    assert advised.cites == ("T-101/2", "T-101/3")


async def test_a_step_that_the_message_goes_on_from_is_not_called_a_missing_result(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The chart page shows an error. We tried a new laptop. It came on Tuesday."))

    result = await company.escalate("chart page")

    assert [t.result for t in result.brief.tried] == ["the message goes on: “It came on Tuesday.”"]
