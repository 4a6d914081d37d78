"""Step 6, the brief: the parts of the template in the words of the records, each with its rows; what support can do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.skill.companies import Company, Record, agent, ago, customer, engineer

BROKEN = customer("The chart page shows an error.")


def thread(folder: Path, *comments: Record, subject: str = "Chart page", **fields: Any) -> Company:
    """A company with one thread."""
    company = Company(folder)
    company.ticket(subject, *comments, **fields)
    return company


async def test_the_title_is_the_ticket_s_subject_with_whom_it_affects(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, account="Acme Corp")

    result = await company.escalate("chart page is broken")

    assert (result.brief.title.text, result.brief.title.cites) == ("Chart page (Acme Corp)", ("T-101",))


async def test_the_title_names_three_customers_and_says_that_there_are_more(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name in ("Acme", "Brackwater", "Dunmere", "Havelock"):
        company.ticket("Chart page", BROKEN, account=name)

    result = await company.escalate("chart page is broken")

    assert result.brief.title.text.count(",") == 2
    assert result.brief.title.text.endswith(" and others)")


async def test_a_subject_that_asks_is_quoted(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, subject="Chart page gone?", account="Acme")

    result = await company.escalate("chart page gone")

    assert result.brief.title.text == "“Chart page gone?” (Acme)"


async def test_the_header_says_who_reports_and_when_by_the_company_s_clock(tmp_path: Path) -> None:
    company = Company(tmp_path, timezone="Pacific/Auckland")
    company.ticket("Chart page", BROKEN)

    result = await company.escalate("chart page")

    assert (result.brief.reported_by, result.brief.date) == ("Larkfield Support", "2026-11-20")


async def test_the_workflow_impact_is_the_sentence_that_says_most_of_the_trouble(tmp_path: Path) -> None:
    company = thread(
        tmp_path, customer("The chart page is odd. We cannot save it: error 500 for every order. Thank you.")
    )

    result = await company.escalate("chart page")

    impact = result.brief.impact.workflow_impact
    assert impact.text == "Ada Lund (customer): “We cannot save it: error 500 for every order.”"
    assert (impact.kind, impact.cites) == ("stated_by_customer", ("T-101/1",))


async def test_our_words_serve_where_the_customer_says_nothing_of_it(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Good morning to you all."), agent("The chart page is broken for them."))

    result = await company.escalate("chart page")

    assert result.brief.impact.workflow_impact.kind == "stated_by_staff"


async def test_the_first_words_serve_where_nobody_says_anything_of_it(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Good morning to you all. How are you?"))

    result = await company.escalate("chart page")

    assert result.brief.impact.workflow_impact.text == "Ada Lund (customer): “Good morning to you all.”"


async def test_the_typed_words_serve_where_there_is_no_thread(tmp_path: Path) -> None:
    company = thread(tmp_path)

    result = await company.escalate("chart page")

    assert (result.brief.impact.workflow_impact.text, result.brief.impact.workflow_impact.cites) == (
        "As typed: “chart page”",
        ("R-0",),
    )
    assert [s.text for s in result.brief.description] == ["As typed: “chart page”"]


async def test_it_tells_since_when_in_the_reporter_s_words(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The chart page shows an error. It started on Monday after lunch."))

    result = await company.escalate("chart page")

    assert [(s.text, s.cites) for s in result.brief.impact.more] == [
        ("Ada Lund (customer) wrote on 2026-11-19T02:00:00Z: “It started on Monday after lunch.”", ("T-101/1",))
    ]


async def test_the_description_has_three_to_five_sentences_with_figure_cause_and_tracker(tmp_path: Path) -> None:
    company = thread(
        tmp_path,
        customer("Good morning. The chart page shows an error since the update."),
        agent("We can reproduce it on a test account."),
        customer("By now 63 of 2,140 charts fail with the same error."),
        engineer("Hypothesis, not proven yet: the cache may be too small for the new charts."),
        links=["ENG-1"],
    )
    company.issue("Chart page shows an error")

    result = await company.escalate("chart page")

    said = [statement.text for statement in result.brief.description]
    assert 3 <= len(said) <= 5
    assert said[0] == "Ada Lund (customer): “The chart page shows an error since the update.”"
    assert any("63 of 2,140" in text for text in said)
    assert any("Hypothesis" in text for text in said)
    assert said[-1] == "The tracker has it as ENG-1, “Chart page shows an error”; its status is open"


async def test_a_short_report_is_described_with_what_else_was_said(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, agent("Thank you for telling us about the page."), agent("It is on my list today.")
    )

    result = await company.escalate("chart page")

    assert len(result.brief.description) == 3


async def test_the_last_public_words_to_the_customer_are_the_last_update(tmp_path: Path) -> None:
    company = thread(
        tmp_path, BROKEN, agent("We are on it.", 8), agent("A second look.", 7), agent("Internal.", 6, public=False)
    )

    result = await company.escalate("chart page")

    last = result.brief.customer_communication.last_update
    assert last is not None
    assert last.text == "Ravi Shah (agent) wrote on 2026-11-19T05:00:00Z: “A second look.”"
    assert last.cites == ("T-101/3",)


async def test_that_nobody_answered_is_told_as_an_absence(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("Internal.", public=False))

    result = await company.escalate("chart page")

    last = result.brief.customer_communication.last_update
    assert last is not None
    assert (last.text, last.kind) == ("No public answer to the customer is on record", "absence")
    assert last.cites == ("S-case",)


async def test_what_the_customer_expects_by_when_and_may_do_next_is_told(tmp_path: Path) -> None:
    company = thread(
        tmp_path, customer("The chart page shows an error. We need it by Friday. Otherwise we will not renew with you.")
    )

    result = await company.escalate("chart page")

    told = result.brief.customer_communication
    assert told.expectation is not None
    assert told.escalation_risk is not None
    assert told.expectation.text == "Ada Lund (customer): “We need it by Friday.”"
    assert told.escalation_risk.text == "Ada Lund (customer): “Otherwise we will not renew with you.”"


async def test_where_nothing_was_expected_or_threatened_nothing_is_told(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN)

    result = await company.escalate("chart page")

    told = result.brief.customer_communication
    assert (told.expectation, told.escalation_risk) == (None, None)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("The chart page shows an error 500.", ["investigate", "fix"]),
        ("It would be great to have a dark mode.", ["decide", "prioritize"]),
        ("We see another customer's orders.", ["contain", "investigate"]),
        ("Our lawyers will take over.", ["decide", "approve"]),
        ("The page is slow through our custom middleware.", ["investigate"]),
    ],
)
async def test_each_team_is_asked_for_what_it_can_give(tmp_path: Path, text: str, asks: list[str]) -> None:
    company = thread(tmp_path, customer(text))

    result = await company.escalate("chart page")

    assert [need.ask for need in result.brief.needed] == asks
    assert "“Chart page”" in result.brief.needed[0].text
    assert {need.cites for need in result.brief.needed} == {("T-101",)}


async def test_a_tracked_bug_is_asked_to_be_carried_to_its_end(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, links=["ENG-1"])
    company.issue("Chart page")

    result = await company.escalate("chart page")

    need = result.brief.needed[-1]
    assert (need.ask, need.text, need.cites) == ("prioritize", "Carry ENG-1 to its end and say when", ("I-ENG-1",))


async def test_the_deadline_is_the_next_sla_clock(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart page", BROKEN, sla={"name": "P2", "due_at": ago(-9)})
    company.ticket("Chart page", BROKEN, sla={"name": "P1", "due_at": ago(-6)})
    company.ticket("Chart page", BROKEN, sla={"name": "P1", "due_at": ago(3)})

    result = await company.escalate("chart page")

    deadline = result.brief.deadline
    assert deadline is not None
    assert (deadline.why, deadline.cites) == ("The SLA of ticket 102 runs out (P1)", ("T-102",))


async def test_without_a_clock_the_cadence_of_the_severity_sets_the_deadline(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Production is down."))

    result = await company.escalate("chart page")

    deadline = result.brief.deadline
    assert deadline is not None
    assert deadline.at.isoformat() == "2026-11-19T16:00:00+00:00"
    assert deadline.cites[-1] == "Y-cadence-critical"


async def test_a_case_for_support_has_no_deadline_of_its_own(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("How do we invite forty people?"))

    result = await company.escalate("chart page")

    assert result.brief.deadline is None


async def test_the_supporting_context_lists_tickets_threads_issues_and_articles(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart page error", BROKEN, status="solved", hours=900)
    company.ticket("Chart page error", BROKEN, links=["ENG-1"], hours=10)
    company.message("Ticket 102: who knows the chart page?", 6, url="https://chat.example/m1")
    company.message("It is mine.", 5)
    company.issue("Chart page error", engineer("On it."), url="https://tracker.example/ENG-1")
    company.article("Chart page error after an update", "Wait.", kind="known_issue")

    result = await company.escalate("chart page error")

    found = result.brief.supporting
    assert [ref.id for ref in found.tickets] == ["T-102", "T-101"]
    assert [(ref.id, ref.url, ref.cites) for ref in found.discussions] == [
        ("M-m1", "https://chat.example/m1", ("M-m1", "M-m2"))
    ]
    assert [(ref.id, ref.url) for ref in found.issues] == [("I-ENG-1", "https://tracker.example/ENG-1")]
    assert [ref.id for ref in found.articles] == ["K-kb1"]


async def test_support_is_told_which_article_to_follow_and_its_steps(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("How do we rotate the webhook secret?"), subject="Rotate the webhook secret")
    article = company.article("Rotate the webhook secret", "First read this.\n1. Add a secret.\n- Remove the old one.")

    result = await company.escalate("rotate the webhook secret")

    assert result.handling is not None
    assert [(s.text, s.cites) for s in result.handling.how] == [
        ("Follow the article “Rotate the webhook secret”", (article,)),
        ("It says: “Add a secret.”", (article,)),
        ("It says: “Remove the old one.”", (article,)),
    ]
    assert [ref.id for ref in result.handling.articles] == [article]


async def test_support_is_told_how_an_earlier_ticket_was_settled(tmp_path: Path) -> None:
    company = Company(tmp_path)
    question = customer("How do we invite colleagues in bulk?")
    company.ticket("Bulk invite", question, agent("You can open Users and choose Import."), hours=900, status="solved")
    company.ticket("Bulk invite", question)

    result = await company.escalate("bulk invite")

    assert result.handling is not None
    assert [(s.text, s.cites) for s in result.handling.how] == [
        ("Ticket 101 was settled before: “Bulk invite”", ("T-101",)),
        ("Ravi Shah (agent): “You can open Users and choose Import.”", ("T-101/2",)),
    ]


async def test_an_earlier_ticket_without_an_answer_is_only_named(tmp_path: Path) -> None:
    company = Company(tmp_path)
    question = customer("How do we invite colleagues in bulk?")
    company.ticket("Bulk invite", question, hours=900, status="solved")
    company.ticket("Bulk invite", question)

    result = await company.escalate("bulk invite")

    assert result.handling is not None
    assert [s.cites for s in result.handling.how] == [("T-101",)]


async def test_support_is_told_what_settled_the_matter(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN, agent("The fix has been released today."), customer("Thanks, that solved it."))

    result = await company.escalate("chart page")

    assert result.handling is not None
    assert [s.cites for s in result.handling.how] == [("T-101/3",), ("T-101/2",)]


async def test_support_is_told_the_cause_that_was_found(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("Webhooks are rejected."), agent("It was caused by your firewall."))

    result = await company.escalate("chart page")

    assert result.handling is not None
    assert "Ravi Shah (agent): “It was caused by your firewall.”" in [s.text for s in result.handling.how]


async def test_support_answers_what_was_asked_where_nothing_else_is_known(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("How do we invite forty people?"))

    result = await company.escalate("chart page")

    assert result.handling is not None
    assert [(s.text, s.cites) for s in result.handling.how] == [("Answer what was asked: “Chart page”", ("T-101",))]


async def test_an_escalation_has_nothing_for_support_to_settle(tmp_path: Path) -> None:
    company = thread(tmp_path, BROKEN)

    result = await company.escalate("chart page")

    assert result.handling is None


async def test_a_ticket_that_only_resembles_the_case_says_how_it_stands_to_it(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The chart page shows an error."), account="acme", subject="Chart page error")
    old = (
        customer("The chart page shows an error."),
        agent("It was a full disk. It is fixed."),
        customer("Works again."),
    )
    company.ticket("Chart page error", *old, account="acme", hours=24 * 200, status="closed")

    result = await company.escalate("chart page error")

    assert [ref.note for ref in result.brief.supporting.tickets] == ["", "earlier"]
