"""Step 7, what a customer reads: their own words and times, an answer that fits the case, nothing of anybody else's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from customer_escalation.brief import Result
from tests.skill.companies import Company, Record, agent, ago, customer, steps

BROKEN = "The export is broken, error 500."
KEY = "ghp_" + "1a2B3c4D5e6F7g8H9i0J" * 2


def one_ticket(folder: Path, subject: str, *comments: Record, **fields: Any) -> Company:
    """A company with one thread, opened by Ada Lund."""
    company = Company(folder)
    company.ticket(subject, *comments, requester={"name": "Ada Lund", "role": "customer"}, **fields)
    return company


def reply(result: Result) -> str:
    """The first message that is offered to the customer of the ticket."""
    return steps(result, "reply_to_customer")[0].preview


async def test_nobody_is_quoted_what_another_customer_asked(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export fails with error 500", customer(BROKEN), account="Acme")
    company.ticket(
        "Export fails with error 500",
        customer(f"{BROKEN} When will this be fixed?", name="Ruth Ash"),
        hours=9,
        account="Havelock Freight",
    )

    result = await company.escalate("Export fails with error 500 at Acme and Havelock Freight")

    told = {each.name: each.update for each in result.reporters}
    assert told["Acme"].startswith("Hello Ada,")
    assert "When will this be fixed?" not in told["Acme"]
    assert told["Havelock Freight"].startswith("Hello Ruth,")
    assert "You asked: “When will this be fixed?”" in told["Havelock Freight"]


async def test_whoever_wrote_last_is_greeted_and_the_company_where_no_name_is_known(tmp_path: Path) -> None:
    two = one_ticket(tmp_path / "two", "Export", customer(BROKEN), customer("Still broken.", name="Kim Dole"))
    none = Company(tmp_path / "none")
    none.ticket("Export", customer(BROKEN, name=""), account="Havelock Freight")

    assert reply(await two.escalate("export")).startswith("Hello Kim,")
    assert reply(await none.escalate("export")).startswith("Hello Havelock Freight,")


async def test_a_promise_that_was_missed_is_admitted_in_its_own_words(tmp_path: Path) -> None:
    promise = agent("The Export team is working on it. We will update you within 2 hours.", 8)
    company = one_ticket(tmp_path, "Export", customer(BROKEN, 10), promise, customer("And now?", 3))

    said = reply(await company.escalate("export"))

    assert (
        "On 19 November we wrote: “We will update you within 2 hours.” We did not keep that, and we are sorry." in said
    )
    assert "As we wrote on 19 November, it is with the team that can resolve it; it is still open." in said
    assert "are passing it on" not in said


async def test_an_all_clear_that_was_none_is_taken_back(tmp_path: Path) -> None:
    clear, denial = agent("Good news, the export works again.", 5), customer("No, it is still the same error 500.", 3)
    company = one_ticket(tmp_path, "Export", customer(BROKEN, 10), clear, denial)

    said = reply(await company.escalate("export"))

    assert "On 19 November we wrote: “Good news, the export works again.” That was too early, and we are sorry." in said


async def test_a_customer_who_was_told_that_the_team_has_it_is_not_told_that_it_goes_there_now(tmp_path: Path) -> None:
    passed = agent("Thank you, I have added your case to the report for our Data Export team.", 8)

    said = reply(await one_ticket(tmp_path, "Export", customer(BROKEN, 10), passed).escalate("export"))

    assert "As we wrote on 19 November, it is with the team that can resolve it" in said


async def test_a_question_of_ours_does_not_say_that_the_team_has_it(tmp_path: Path) -> None:
    asked = agent("Could you send a report of one run to our Data Export team?", 8)

    said = reply(await one_ticket(tmp_path, "Export", customer(BROKEN, 10), asked).escalate("export"))

    assert "are passing it on" in said


async def test_a_rhythm_that_we_promised_a_customer_is_shorter_than_the_cadence(tmp_path: Path) -> None:
    company = one_ticket(
        tmp_path, "Export", customer(BROKEN, 10), agent("We will update you every two hours from now on.", 5)
    )

    result = await company.escalate("export")

    assert "You hear from us again by 19 November, 14:00 UTC at the latest" in reply(result)
    assert "“We will update you every two hours from now on.” We did not keep that" in reply(result)
    assert result.verification.unsupported == ()


async def test_a_documented_way_around_is_offered_with_its_address(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export of orders fails", customer(BROKEN))
    url = "https://help.example/failover"
    company.article("Switch orders to the second export server", "Use it for exports.", "workaround", url=url)

    result = await company.escalate("export of orders fails")

    assert f"our article “Switch orders to the second export server” ({url}) describes a way around it" in reply(result)


async def test_a_way_around_that_says_itself_that_it_fails_for_them_is_not_offered(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export of orders fails", customer(f"{BROKEN} Our region is enforced."))
    body = "Use it for exports.\n\nIf the region is enforced, this does not work."
    company.article("Switch orders to the second export server", body, "workaround")

    assert "second export server" not in reply(await company.escalate("export of orders fails"))


async def test_the_two_offered_texts_are_not_the_same(tmp_path: Path) -> None:
    result = await one_ticket(tmp_path, "Export", customer(BROKEN)).escalate("export")

    assert steps(result, "draft_update")[0].preview != reply(result)
    assert "- Everything up to your message of 19 November, 02:00 UTC goes into our report." in (
        steps(result, "draft_update")[0].preview
    )


async def test_a_gap_is_not_investigated_but_decided(tmp_path: Path) -> None:
    asks = "We need an audit log before 1 December. It would be great to have one."
    leaves = "Otherwise we will not renew our contract. Our CIO asks for a call with your CEO."
    company = one_ticket(tmp_path, "Missing audit log feature", customer(f"{asks} {leaves}"))

    said = reply(await company.escalate("customer threatens to churn over the missing audit log feature"))

    assert "We understand what you are missing" in said
    assert "Whether and when it comes has to be decided here" in said
    assert "You wrote: “Our CIO asks for a call with your CEO.” We are passing that on" in said
    assert "investigating" not in said
    assert "renew" not in said


async def test_in_a_security_case_no_data_is_asked_for(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Orders", customer("We see another customer's orders. It fails with error 500."))

    result = await company.escalate("we see another customer's orders")

    assert result.target == "security"
    assert steps(result, "ask_customer") == []
    assert "please do not open it again, and do not send it to us or to anybody else" in reply(result)
    for text in (reply(result), steps(result, "draft_update")[0].preview):
        assert "screenshot" not in text
        assert "confirmed cause" not in text


@pytest.mark.parametrize("why", ["reproduced", "incident", "several"])
async def test_nothing_is_asked_of_a_customer_that_we_can_see_for_ourselves(tmp_path: Path, why: str) -> None:
    ours = [agent("We can reproduce it on our own tenant.")] if why == "reproduced" else []
    company = one_ticket(
        tmp_path, "Export fails with error 500", customer(BROKEN), *ours, account="Acme", links=["ENG-1"]
    )
    if why == "incident":
        company.issue("Export down", kind="incident", links=["101"])
    if why == "several":
        company.ticket("Export fails with error 500", customer(BROKEN, name="Bo Li"), hours=9, account="Bolt")

    result = await company.escalate("export fails with error 500")

    assert result.brief.reproduction is not None
    assert result.brief.reproduction.missing
    assert steps(result, "ask_customer") == []


async def test_who_pasted_a_key_is_told_which_kind_and_where_it_says_how_to_revoke_it(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export with access token", customer(f"{BROKEN}\nOur token is {KEY}."))
    company.article("Revoke an access token", "Revoke the token under Export.", url="https://help.example/revoke")

    result = await company.escalate("export with access token fails")

    (text,) = [s.preview for s in steps(result, "reply_to_customer") if "revoke" in s.title]
    assert text.startswith(
        "Hello Ada,\n\na message in your ticket on “Export with access token” contains an access token."
    )
    assert "Please revoke it and create a new one now" in text
    assert "Our article “Revoke an access token” (https://help.example/revoke) says how." in text
    assert "mask" not in text


async def test_a_secret_in_another_customers_ticket_is_asked_about_there(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export fails with error 500", customer(BROKEN), account="Acme")
    pasted = customer(f"{BROKEN}\nOur token is {KEY}.", name="Bo Li")
    company.ticket("Export fails with error 500", pasted, hours=9, account="Bolt")

    result = await company.escalate("export fails with error 500 at Acme and Bolt")

    asked = [step for step in steps(result, "reply_to_customer") if "revoke" in step.title]
    assert [(step.destination, step.preview[:9]) for step in asked] == [("ticket 102", "Hello Bo,")]


async def test_an_article_that_shares_only_the_products_name_is_no_advice(tmp_path: Path) -> None:
    company = Company(tmp_path, products=["Admin Console"])
    company.ticket("Dark mode for the Admin Console", customer("Is a dark mode planned?"))
    company.article("Roles and permissions in the Admin Console", "Only an owner can add owners.")

    result = await company.escalate("dark mode for the admin console")

    assert result.handling is not None
    assert not any("Roles and permissions" in statement.text for statement in result.handling.how)
    assert "Roles and permissions" not in reply(result)
    assert "You asked: “Is a dark mode planned?”\nWe have read what you wrote" in reply(result)


async def test_an_answer_names_the_article_the_limit_that_concerns_the_customer_and_no_marks(tmp_path: Path) -> None:
    company = one_ticket(
        tmp_path, "How do we invite users in bulk?", customer("How do we invite 14 users in bulk? We have 8 seats.")
    )
    body = "1. Choose **Users > Import**.\n2. Upload the `CSV` file.\n\nYou cannot have more users than seats."
    company.article("Invite users in bulk", body, url="https://help.example/invite")

    result = await company.escalate("how do we invite users in bulk")

    assert (
        "- Our article “Invite users in bulk” (https://help.example/invite)\n"
        "- “Choose Users > Import.”\n- “Upload the CSV file.”\n- “You cannot have more users than seats.”"
    ) in reply(result)
    assert result.verification.unsupported == ()


async def test_what_tells_support_what_to_do_is_not_told_to_customers(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Credits for downtime", customer("How do we get credits for downtime?"))
    company.article("Credits for downtime", "1. Ask the duty manager first.", "policy")

    assert "duty manager" not in reply(await company.escalate("how do we get credits for downtime"))


async def test_a_customer_who_says_that_it_was_their_own_mistake_is_not_given_advice(tmp_path: Path) -> None:
    comments = customer("All orders are gone!", 10), customer("Sorry, this was our own mistake.", 9)
    company = one_ticket(tmp_path, "Orders gone", *comments)

    said = reply(await company.escalate("orders gone"))

    assert "You wrote: “Sorry, this was our own mistake.” As far as we can see this is settled." in said
    assert "suggest" not in said


async def test_times_for_a_customer_are_written_as_people_write_them(tmp_path: Path) -> None:
    result = await one_ticket(tmp_path, "Export", customer(BROKEN), sla={"due_at": ago(-4)}).escalate("export")

    for step in (*steps(result, "reply_to_customer"), *steps(result, "draft_update")):
        assert re.search(r"\b19 November, \d\d:\d\d UTC", step.preview)
        assert not re.search(r"\dT\d\d:", step.preview)
