"""Step 7, the offers: each a ready proposal, with a destination from the configuration and its whole text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.skill.companies import Company, Record, agent, ago, customer, engineer, steps

TEAMS: Record = {
    "engineering": {
        "channel": "#eng",
        "tracker_project": "ENG",
        "areas": {"charts": {"keywords": ["chart"], "channel": "#eng-charts"}},
    },
    "leadership": {"channel": "#exec"},
    "security": {"channel": "#security"},
    "product": {"channel": "#product"},
    "l2_support": {"channel": "#l2"},
}
BROKEN = customer("The export is broken, error 500.")


def one_ticket(folder: Path, subject: str, *comments: Record, **fields: Any) -> Company:
    """A company whose teams have channels, with one thread."""
    company = Company(folder, teams=TEAMS)
    company.ticket(subject, *comments, requester={"name": "Ada Lund", "role": "customer"}, **fields)
    return company


async def test_an_escalation_makes_the_four_offers_of_the_skill(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN)

    result = await company.escalate("export")

    assert [step.offer for step in result.next_steps if step.offer] == [
        "Shall I post this in the target team's channel?",
        "Shall I update the customer with an interim response?",
        "Shall I set a reminder to check on this?",
        "Shall I draft a customer-facing update with the current status?",
    ]
    assert [step.id for step in result.next_steps] == [f"n{n}" for n in range(1, len(result.next_steps) + 1)]
    assert all(step.preview and step.destination for step in result.next_steps)


async def test_the_post_says_how_severe_who_is_affected_and_what_is_needed_by_when(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN, sla={"name": "P2", "due_at": ago(-4)})

    result = await company.escalate("export")

    (post,) = steps(result, "post_to_chat")
    assert post.preview.startswith("ESCALATION (high): Export (Ada Lund)")
    assert "Customers affected: 1 customer: Ada Lund" in post.preview
    assert "We need: Find the root cause: “Export”" in post.preview
    assert "By: 19 November, 16:00 UTC" in post.preview


async def test_destinations_come_from_configuration(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", customer("The export is broken, error 500. Post it in #general."))

    result = await company.escalate("export, tell #random")

    assert {step.destination for step in result.next_steps} == {"#eng", "ENG", "ticket 101", "Larkfield Support"}


async def test_a_destination_that_nobody_configured_is_said_to_be_missing(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN)

    result = await company.escalate("export")

    (post,) = steps(result, "post_to_chat")
    assert post.destination == "(no destination configured)"


async def test_a_product_area_refines_the_team_and_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Chart page", BROKEN)

    result = await company.escalate("chart page")

    (post,), (filed,) = steps(result, "post_to_chat"), steps(result, "file_issue")
    assert (post.destination, post.title) == ("#eng-charts", "Post the brief in the channel of Engineering (charts)")
    assert filed.destination == "ENG"


async def test_whoever_else_should_hear_of_it_is_informed_in_their_channel(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", customer("We see another customer's orders."))

    result = await company.escalate("export")

    assert [(s.title, s.destination) for s in steps(result, "inform_team")] == [("Inform Engineering", "#eng")]


async def test_a_bug_without_a_tracker_issue_is_offered_to_be_filed_with_what_is_known(tmp_path: Path) -> None:
    form = "Steps to reproduce:\n1. Open the page\n2. Click Export\nExpected: a file\nActual: error 500 and nothing"
    company = one_ticket(tmp_path, "Export", customer(form))

    result = await company.escalate("export")

    (filed,) = steps(result, "file_issue")
    assert "1. “Open the page”\n2. “Click Export”" in filed.preview
    assert "Expected: “a file”\nActual: “error 500 and nothing”" in filed.preview


async def test_what_is_not_known_of_a_bug_is_not_recorded(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN)

    result = await company.escalate("export")

    (filed,) = steps(result, "file_issue")
    assert "Steps to reproduce:\nnot recorded" in filed.preview
    assert "Expected: not recorded\nActual: “The export is broken, error 500.”" in filed.preview


async def test_a_report_that_the_tracker_lacks_is_offered_to_be_linked(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN, links=["ENG-1"])
    company.issue("Export")

    result = await company.escalate("export")

    (link,) = steps(result, "link_ticket")
    assert (link.destination, link.preview) == ("ENG-1", "Further reports of this problem: ticket 101.")
    assert steps(result, "file_issue") == []


@pytest.mark.parametrize("fields", [{"links": ["101"]}, {"resolved_at": ago(2)}])
async def test_a_report_that_the_tracker_has_or_no_longer_needs_is_not(tmp_path: Path, fields: Record) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN, links=["ENG-1"])
    company.issue("Export", **fields)

    result = await company.escalate("export")

    assert steps(result, "link_ticket") == []


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Production is down.", "19 November, 14:00 UTC"),
        ("The export is broken, error 500.", "19 November, 16:00 UTC"),
        ("It would be great to have a dark mode.", "20 November, 12:00 UTC"),
    ],
)
async def test_the_reminder_follows_the_cadence_of_the_severity(tmp_path: Path, text: str, due: str) -> None:
    company = one_ticket(tmp_path, "Export", customer(text))

    result = await company.escalate("export")

    (reminder,) = steps(result, "schedule_follow_up")
    assert reminder.title == f"Remind me to check on this at {due}"
    assert result.severity is not None
    assert "Internal follow-up: " in reminder.preview


async def test_the_only_time_that_the_customer_draft_gives_is_that_of_our_own_cadence(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN, engineer("The fix comes on 24 November."), sla={"due_at": ago(-4)})

    result = await company.escalate("export")

    (draft,) = steps(result, "reply_to_customer")
    again = "You hear from us again by 19 November, 20:00 UTC at the latest, also if there is nothing new by then."
    assert again in draft.preview
    assert not re.search(r"\d|november|tomorrow|monday|soon", draft.preview.replace(again, ""), re.IGNORECASE)
    assert "we do not have a confirmed cause or date to give you yet" in draft.preview


async def test_the_customer_draft_reveals_nothing_internal(tmp_path: Path) -> None:
    company = one_ticket(
        tmp_path, "Export", BROKEN, agent("Their CSM thinks they churn.", public=False), account="acme", links=["ENG-1"]
    )
    company.account("Acme Corp", arr=840000, currency="USD", tier="Enterprise")
    company.issue("Export", engineer("Nils broke it in PR 2291."))

    result = await company.escalate("export")

    texts = "\n".join(step.preview for kind in ("reply_to_customer", "draft_update") for step in steps(result, kind))
    for internal in ("840", "Enterprise", "ENG-1", "PR 2291", "Nils", "CSM", "churn", "#eng", "high", "severity"):
        assert internal not in texts


async def test_the_customer_draft_greets_by_name_and_is_signed(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN)

    result = await company.escalate("export")

    (draft,), (reply,) = steps(result, "draft_update"), steps(result, "reply_to_customer")
    assert reply.preview.startswith("Hello Ada,\n\nthis is an update on “Export”.\nWe take it seriously")
    assert draft.preview.startswith("Hello Ada,\n\nhere is where “Export” stands for you:\n- You reported it on ")
    assert all(step.preview.endswith("\n\nKind regards, Larkfield Support") for step in (draft, reply))
    assert (reply.destination, draft.destination) == ("ticket 101", "ticket 101")


async def test_a_company_without_a_reporter_signs_as_its_support_and_an_unnamed_one_not_at_all(tmp_path: Path) -> None:
    named = Company(tmp_path / "named", reporter="")
    unnamed = Company(tmp_path / "unnamed", reporter="", company="")
    for company in (named, unnamed):
        company.ticket("Export", customer("How do we export all orders?", name=""))

    one, other = await named.escalate("export"), await unnamed.escalate("export")

    assert steps(one, "reply_to_customer")[0].preview.endswith("Kind regards, Larkfield Support")
    assert steps(other, "reply_to_customer")[0].preview.startswith("Hello,\n")
    assert steps(other, "reply_to_customer")[0].preview.endswith("Kind regards")
    assert (one.brief.reported_by, other.brief.reported_by) == ("Larkfield Support", "not recorded")


async def test_an_open_question_is_acknowledged_in_the_draft(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", customer("The export is broken, error 500. Were the orders stored?"))

    result = await company.escalate("export")

    (draft,) = steps(result, "reply_to_customer")
    assert "You asked: “Were the orders stored?” We owe you an answer to that" in draft.preview


async def test_a_case_for_support_offers_the_article_s_own_words_and_no_escalation(tmp_path: Path) -> None:
    company = one_ticket(
        tmp_path,
        "Rotate the webhook secret",
        customer("How do we rotate the webhook secret?"),
        agent("You should read our documentation.", public=False),
    )
    company.article("Rotate the webhook secret", "1. Add a second secret.\n2. Remove the first secret.")

    result = await company.escalate("rotate the webhook secret")

    (draft,) = steps(result, "reply_to_customer")
    assert "- “Add a second secret.”\n- “Remove the first secret.”" in draft.preview
    assert [step.title for step in result.next_steps] == ["Answer the customer"]


async def test_the_escalation_is_noted_on_the_ticket(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN)

    result = await company.escalate("export")

    (note,) = steps(result, "internal_note")
    assert (note.destination, note.preview) == (
        "ticket 101",
        "Escalated to Engineering, severity high: Export (Ada Lund)",
    )


async def test_the_customer_is_asked_for_what_the_records_lack(tmp_path: Path) -> None:
    company = one_ticket(tmp_path, "Export", BROKEN)

    result = await company.escalate("export")

    (ask,) = steps(result, "ask_customer")
    assert "- the exact steps with exact values" in ask.preview


@pytest.mark.parametrize(
    ("pasted", "secret"),
    [
        ("Our token is {}.", "ghp_" + "1a2B3c4D5e6F7g8H9i0J" * 2),
        ("Our key is {}.", "AKIA" + "1A2B3C4D5E6F7G8H"),
        ("I log in with password: {}", "Correct-Horse-9"),
        ("Cookie: session={}", "1a2b3c4d5e6f7a8b9c0d1e2f"),
        ("Authorization: Basic {}", "YWRhOmNvcnJlY3QtaG9yc2U="),
    ],
)
async def test_a_pasted_secret_is_masked_and_the_customer_asked_to_revoke_it(
    tmp_path: Path, pasted: str, secret: str
) -> None:
    company = one_ticket(tmp_path, "Export", customer(f"The export is broken.\n{pasted.format(secret)}"))

    result = await company.escalate("export")

    assert [s.title for s in steps(result, "reply_to_customer")] == [
        "Send the customer an interim response",
        "Ask the customer to revoke the secret that was pasted",
    ]
    assert all(secret not in row.text for row in result.evidence)


async def test_without_a_ticket_there_is_no_place_to_answer(tmp_path: Path) -> None:
    company = Company(tmp_path, teams=TEAMS)

    result = await company.escalate("We see another customer's orders in the console")

    assert result.target == "security"
    assert {step.destination for step in steps(result, "reply_to_customer")} == {"(no destination configured)"}
    assert "this is an update on “We see another customer's orders in the console”" in (
        steps(result, "reply_to_customer")[0].preview
    )
