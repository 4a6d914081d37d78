"""How far a conversation has come: read in the order of time, the last clear word counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.skill.companies import Company, Record, agent, customer, holding, verdict

OPENED = customer("The chart page shows an error.")
ADVICE = agent("Please clear the cache, it is described in our documentation.")
THANKS = customer("Thanks, that solved it.")


def thread(folder: Path, *comments: Record, **fields: Any) -> Company:
    """A company with this one thread."""
    company = Company(folder)
    company.ticket("Chart page", *comments, **fields)
    return company


async def test_thanks_settle_the_matter(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, THANKS)

    result = await company.escalate("chart page")

    assert verdict(result) == ("handle_in_support", None, None)
    assert holding(result)["support.resolved_before"].cites == ("T-101/3",)


async def test_the_last_word_counts(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, THANKS, customer("It is still broken, the same error."))

    result = await company.escalate("chart page")

    assert result.decision == "escalate"
    assert "support.resolved_before" not in holding(result)


async def test_works_now_after_still_broken_settles_it(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, customer("Still broken, the same error."), customer("It works now."))

    result = await company.escalate("chart page")

    assert holding(result)["support.resolved_before"].cites == ("T-101/4",)


async def test_small_talk_after_thanks_changes_nothing(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, THANKS, customer("Have a nice weekend, all of you."))

    result = await company.escalate("chart page")

    assert holding(result)["support.resolved_before"].cites == ("T-101/3",)


async def test_the_last_clear_sentence_of_one_message_counts(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, customer("Thanks, that solved it. No, wait: the same error again."))

    result = await company.escalate("chart page")

    assert result.decision == "escalate"


async def test_an_answer_alone_is_a_solution_until_the_customer_says_that_it_failed(tmp_path: Path) -> None:
    answered = thread(tmp_path / "answered", OPENED, ADVICE)
    failed = thread(tmp_path / "failed", OPENED, ADVICE, customer("I did that, still the same error."))

    before, after = await answered.escalate("chart page"), await failed.escalate("chart page")

    assert before.decision == "handle_in_support"
    assert after.decision == "escalate"


async def test_a_new_answer_after_a_failed_one_is_a_solution_again(tmp_path: Path) -> None:
    again = agent("The fix has been released, please upgrade to the latest version.")
    company = thread(tmp_path, OPENED, ADVICE, customer("I did that, still the same error."), again)

    result = await company.escalate("chart page")

    assert result.decision == "handle_in_support"
    assert holding(result)["support.documented_solution"].cites == ("T-101/4",)  # the first one failed


async def test_an_internal_answer_answers_nobody(tmp_path: Path) -> None:
    note = agent("Please clear the cache, it is described in our documentation.", public=False)
    company = thread(tmp_path, OPENED, note)

    result = await company.escalate("chart page")

    assert "support.documented_solution" not in holding(result)


async def test_who_opens_a_ticket_does_not_answer_it(tmp_path: Path) -> None:
    company = thread(tmp_path, agent("Customer on the phone: you should see our documentation, the page is broken."))

    result = await company.escalate("chart page")

    assert "support.documented_solution" not in holding(result)


async def test_a_first_message_cannot_settle_what_it_opens(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The chart page shows an error. The old page works fine now."))

    result = await company.escalate("chart page")

    assert "support.resolved_before" not in holding(result)


async def test_a_false_alarm_is_no_escalation(tmp_path: Path) -> None:
    company = thread(
        tmp_path, customer("All our orders are gone, production is down!"), customer("False alarm, my mistake.")
    )

    result = await company.escalate("chart page")

    assert verdict(result) == ("handle_in_support", None, None)


async def test_support_closes_a_matter_and_a_later_note_brings_it_up_again(tmp_path: Path) -> None:
    closing = agent("The customer confirmed, closing this.")
    closed = thread(tmp_path / "closed", OPENED, closing)
    reopened = thread(tmp_path / "reopened", OPENED, closing, agent("It is happening again.", public=False))

    before, after = await closed.escalate("chart page"), await reopened.escalate("chart page")

    assert before.decision == "handle_in_support"
    assert after.decision == "escalate"


async def test_a_status_of_solved_settles_what_nobody_disputes(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, status="solved")

    result = await company.escalate("chart page")

    assert holding(result)["support.resolved_before"].cites == ("T-101",)


async def test_a_status_of_solved_does_not_outweigh_a_customer_who_denies_it(tmp_path: Path) -> None:
    company = thread(tmp_path, OPENED, ADVICE, customer("Still the same error here."), status="solved")

    result = await company.escalate("chart page")

    assert "support.resolved_before" not in holding(result)


async def test_several_reporters_are_settled_only_by_one_of_them(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart page", OPENED, agent("Closing this as a duplicate."), account="acme")
    company.ticket("Chart page", customer("The chart page shows an error.", name="Bo Ek"), account="havelock")

    result = await company.escalate("chart page")

    assert "support.resolved_before" not in holding(result)


async def test_a_reporter_who_is_content_settles_it_for_the_others(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart page", customer("The chart page shows an error.", name="Bo Ek"), account="havelock", hours=20)
    company.ticket("Chart page", OPENED, ADVICE, THANKS, account="acme")

    result = await company.escalate("chart page")

    assert "T-102/3" in holding(result)["support.resolved_before"].cites
