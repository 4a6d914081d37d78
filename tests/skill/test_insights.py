"""What a sharp colleague would point out, from dates and states alone, each with its hours and its rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from customer_escalation.promises import due
from tests.skill.companies import Company, Record, agent, ago, customer, engineer, pointed_out, said

BROKEN = customer("The chart page shows an error.", 60)
SAID_AT = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
"""A Tuesday afternoon."""


def thread(folder: Path, *comments: Record, **fields: Any) -> Company:
    """A company with one thread that began 60 hours ago."""
    company = Company(folder)
    company.ticket("Chart page", *comments, hours=60, **fields)
    return company


async def test_a_missed_promise_is_pointed_out_with_its_hours(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("We will send you an update within 4 hours.", 50))

    result = await company.escalate("chart page")

    (missed,) = [s for s in result.brief.insights if "promised" in s.text]
    assert missed.text == (
        "Ravi Shah (agent) promised: “We will send you an update within 4 hours.”; that was due 46 hours ago"
    )
    assert (missed.kind, missed.cites) == ("derived", ("T-101/2",))


async def test_a_promise_that_was_kept_late_is_told_with_its_delay(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, agent("We will send you an update within 4 hours.", 50), agent("Here is the news.", 20)
    )

    result = await company.escalate("chart page")

    (late,) = [s for s in result.brief.insights if "promised" in s.text]
    assert late.text.endswith("; the next public answer came 30 hours later")
    assert late.cites == ("T-101/2", "T-101/3")


async def test_a_promise_that_was_kept_or_is_not_due_yet_is_not_pointed_out(tmp_path: Path) -> None:
    company = thread(
        tmp_path,
        BROKEN,
        agent("We will send you an update within 4 hours.", 50),
        agent("Here is the news. We will send you an update within 24 hours.", 47),
        agent("It is with our engineers. We will get back to you by tomorrow.", 24),
        agent("We will report to our lead within 2 hours.", 24, public=False),
    )

    result = await company.escalate("chart page")

    assert pointed_out(result, "promised") == []


async def test_a_promise_without_a_time_cannot_be_missed(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("We will report back to you before the end of the sprint.", 50))

    result = await company.escalate("chart page")

    assert pointed_out(result, "promised") == []


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("within 30 minutes", "2026-11-17T15:30"),
        ("in an hour", "2026-11-17T16:00"),
        ("in the next two days", "2026-11-19T15:00"),
        ("within three business days", "2026-11-20T15:00"),
        ("within 4 business days", "2026-11-23T15:00"),
        ("within a few hours", "2026-11-17T18:00"),
        ("today", "2026-11-17T16:00"),
        ("tonight", "2026-11-17T22:59"),
        ("tomorrow by noon", "2026-11-18T11:00"),
        ("tomorrow before lunch", "2026-11-18T11:00"),
        ("on Friday", "2026-11-20T16:00"),
        ("on Tuesday at 5 pm", "2026-11-17T16:00"),
        ("Monday by 9:30 am", "2026-11-23T08:30"),
        ("Monday 14:30", "2026-11-23T13:30"),
        ("Monday 29:30", "2026-11-23T16:00"),
    ],
)
def test_a_promise_falls_due_in_the_company_s_own_time(words: str, at: str) -> None:
    moment = due(f"You will hear from us {words}.", SAID_AT, ZoneInfo("Europe/Stockholm"))

    assert moment == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize("words", ["soon", "within 4 business hours"])
def test_words_without_a_moment_of_their_own_promise_none(words: str) -> None:
    assert due(f"You will hear from us {words}.", SAID_AT, UTC) is None


async def test_an_unanswered_question_is_pointed_out_with_its_hours(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, agent("Which browser is it?", 59), customer("Firefox. Were the orders stored?", 30)
    )

    result = await company.escalate("chart page")

    (waiting,) = [s for s in result.brief.insights if "public answer" in s.text]
    assert waiting.text == "Ada Lund has waited 30 hours for a public answer: “Were the orders stored?”"
    assert (waiting.kind, waiting.cites) == ("derived", ("T-101/3",))


async def test_a_question_that_was_answered_in_public_is_not_pointed_out(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Were the orders stored?", 60), agent("They were.", 59))

    result = await company.escalate("chart page")

    assert pointed_out(result, "public answer") == []


async def test_an_internal_note_answers_no_question(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Were the orders stored?", 60, name=""), agent("They were.", 59, public=False))

    result = await company.escalate("chart page")

    assert pointed_out(result, "The customer has waited 60 hours")


async def test_a_question_on_a_solved_ticket_waits_for_nothing(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Were the orders stored?", 60), status="solved")

    result = await company.escalate("chart page")

    assert pointed_out(result, "public answer") == []


async def test_a_fix_that_waits_for_an_approval_is_pointed_out_with_its_hours(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, links=["ENG-1"])
    company.issue("Chart page", engineer("The fix is in PR 2291, waiting for approval.", 20))

    result = await company.escalate("chart page")

    (waiting,) = [s for s in result.brief.insights if "approval for" in s.text]
    assert waiting.text.startswith("A step has waited for an approval for 20 hours: “The fix is in PR 2291")
    assert waiting.cites == ("I-ENG-1/1",)


async def test_an_approval_that_came_is_not_waited_for(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, customer("I need an approval of my boss.", 40), links=["ENG-1"])
    company.issue("Chart page", engineer("It needs an approval.", 20), engineer("Approved and merged.", 10))

    result = await company.escalate("chart page")

    assert pointed_out(result, "approval for") == []


async def test_a_documented_mitigation_that_nobody_tried_is_pointed_out(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN)
    article = company.article("Chart page error: fail over to the secondary endpoint", "Do it.", kind="workaround")

    result = await company.escalate("chart page")

    (untried,) = [s for s in result.brief.insights if "mitigation" in s.text]
    assert (untried.kind, untried.cites) == ("absence", (article, "S-case"))


@pytest.mark.parametrize(
    ("spoken", "kind"),
    [("We moved to the secondary endpoint as a fail over.", "workaround"), ("I sent kb1.", "workaround"), ("", "faq")],
)
async def test_a_mitigation_that_somebody_named_or_that_is_none_is_not(tmp_path: Path, spoken: str, kind: str) -> None:
    company = thread(tmp_path, BROKEN, agent(f"We look into it. {spoken}", 50))
    company.article("Chart page error: fail over to the secondary endpoint", "Do it.", kind=kind)

    result = await company.escalate("chart page")

    assert pointed_out(result, "mitigation") == []


def two_reporters(folder: Path, **fields: Any) -> Company:
    """Two accounts with the same problem, and a tracker issue that is linked with both tickets."""
    company = Company(folder)
    for name in ("Acme Corp", "Pellworth Supply"):
        company.account(name)
        key = name.split()[0].lower()
        company.ticket("Chart page", customer("The chart page shows an error."), account=key, links=["ENG-1"])
    company.issue("Chart page", **fields)
    return company


async def test_a_reporter_whom_the_tracker_does_not_name_is_pointed_out(tmp_path: Path) -> None:
    company = two_reporters(tmp_path, body="Reported by Acme Corp.")

    result = await company.escalate("chart page")

    (missing,) = [s for s in result.brief.insights if "does not name" in s.text]
    assert missing.text == "ENG-1 does not name Pellworth Supply or ticket 102 as a reporter yet"
    assert (missing.kind, missing.cites) == ("absence", ("I-ENG-1", "T-102", "S-case"))


@pytest.mark.parametrize(
    "fields", [{"body": "Reported by Acme Corp and Pellworth Supply."}, {"links": ["101", "102"]}, {"status": "done"}]
)
async def test_reporters_whom_the_tracker_names_or_no_longer_needs_are_not(tmp_path: Path, fields: Record) -> None:
    company = two_reporters(tmp_path, **fields)

    result = await company.escalate("chart page")

    assert pointed_out(result, "does not name") == []


async def test_a_tracker_issue_without_news_for_two_days_is_pointed_out(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, links=["ENG-1"])
    company.issue("Chart page", hours=100, updated_at=ago(72))

    result = await company.escalate("chart page")

    assert "ENG-1 was updated 3 days ago; its status is open" in pointed_out(result, "ENG-1")


async def test_a_tracker_issue_with_news_is_not(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, links=["ENG-1"])
    company.issue("Chart page", hours=100, updated_at=ago(20))

    result = await company.escalate("chart page")

    assert pointed_out(result, "was updated") == []


async def test_a_running_sla_clock_is_pointed_out(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, sla={"name": "P2", "due_at": ago(-4)})

    result = await company.escalate("chart page")

    assert pointed_out(result, "SLA of ticket 101", "in 4 hours")


async def test_a_renewal_that_is_near_is_pointed_out_with_its_days(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, account="acme")
    account = company.account("Acme Corp", renewal_date=ago(-240))

    result = await company.escalate("chart page")

    (renewal,) = [s for s in result.brief.insights if "renews" in s.text]
    assert (renewal.text, renewal.cites) == ("Acme Corp renews on 2026-11-29, in 10 days", (account,))


@pytest.mark.parametrize("hours", [24, -24 * 300])
async def test_a_renewal_that_is_past_or_far_is_not(tmp_path: Path, hours: float) -> None:
    company = thread(tmp_path, BROKEN, account="acme")
    company.account("Acme Corp", renewal_date=ago(hours))

    result = await company.escalate("chart page")

    assert pointed_out(result, "renews") == []


async def test_a_change_just_before_the_first_report_is_a_lead_and_no_cause(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN)
    change = company.issue("New chart page", kind="task", hours=200, status="done", resolved_at=ago(62))

    result = await company.escalate("chart page")

    (lead,) = [s for s in result.brief.insights if "shortly before" in s.text]
    assert (lead.kind, lead.cites) == ("hypothesis", (change,))


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("New chart page", {"resolved_at": ago(50)}),
        ("New chart page", {"resolved_at": ago(130)}),
        ("New chart page", {"resolved_at": ago(62), "kind": "incident"}),
        ("New colours for the chart", {"resolved_at": ago(62)}),
    ],
)
async def test_a_change_at_another_time_or_of_another_kind_is_no_lead(
    tmp_path: Path, title: str, fields: Record
) -> None:
    company = thread(tmp_path, BROKEN)
    company.issue(title, hours=200, **{"kind": "task", **fields})

    result = await company.escalate("chart page")

    assert pointed_out(result, "shortly before") == []


async def test_a_claim_without_an_author_is_told_as_what_the_record_says(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, said("", "", "The page works again.", 30, public=True), customer("No, not fixed.", 20)
    )

    result = await company.escalate("chart page")

    assert [c.text for c in result.conflicts] == [
        "The record says: “The page works again.”; then Ada Lund (customer): “No, not fixed.”"
    ]


async def test_a_note_of_a_fix_that_the_customer_denies_is_a_conflict(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, customer("It is not fixed, the same error again.", 20))
    company.message("Chart page of ticket 101: it is fixed with the 14:05 deploy.", 30)

    result = await company.escalate("chart page")

    (conflict,) = result.conflicts
    assert "fixed with the 14:05 deploy" in conflict.text
    assert "then Ada Lund (customer): “It is not fixed" in conflict.text
    assert conflict.cites == ("M-m1", "T-101/2")


async def test_a_fix_that_ours_correct_is_a_conflict(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("Login works again since the rollback.", 30))
    company.message("Ticket 101: correction: only the cache was cleared.", 20)

    result = await company.escalate("chart page")

    assert [conflict.cites for conflict in result.conflicts] == [("T-101/2", "M-m1")]


@pytest.mark.parametrize("claim", ["It will be fixed soon.", "Is it fixed?", "It is not fixed."])
async def test_a_fix_that_is_only_hoped_for_is_no_claim(tmp_path: Path, claim: str) -> None:
    company = thread(tmp_path, BROKEN, agent(claim, 30), customer("No, the same error again.", 20))

    result = await company.escalate("chart page")

    assert result.conflicts == ()


async def test_a_fix_that_holds_is_no_conflict(tmp_path: Path) -> None:
    company = thread(
        tmp_path,
        customer("It is not fixed by clearing the cache.", 60),
        agent("It is fixed.", 30),
        customer("Great, thank you.", 20),
        said("agent", "Ravi Shah", "I wrote it down.", 10, public=False),
    )

    result = await company.escalate("chart page")

    assert result.conflicts == ()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("The audit log is planned for Q4.", "It was removed from Q4, so please do not quote Q4 any more."),
        ("It affects only CSV files.", "It is not limited to CSV, the other format is hit too."),
        ("We plan it for Q3.", "Q3 is off."),
    ],
)
async def test_a_quarter_or_a_limit_that_is_taken_back_is_a_conflict(tmp_path: Path, first: str, then: str) -> None:
    company = thread(tmp_path, BROKEN, agent(first, 40), engineer(then, 20))

    result = await company.escalate("chart page")

    assert [conflict.cites for conflict in result.conflicts] == [("T-101/2", "T-101/3")]


async def test_a_quarter_that_the_customer_names_or_that_stands_is_no_conflict(tmp_path: Path) -> None:
    company = thread(
        tmp_path, customer("We need it in Q4.", 60), agent("It is planned for Q4.", 40), agent("Q4 it is.", 20)
    )

    result = await company.escalate("chart page")

    assert result.conflicts == ()
