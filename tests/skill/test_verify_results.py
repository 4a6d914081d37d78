"""A whole result: every line is a claim, in the template's order, and each is held to its own duties."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from customer_escalation.brief import (
    Conflict,
    CustomerCommunication,
    CustomersAffected,
    Deadline,
    EscalationBrief,
    Handling,
    Impact,
    Kind,
    Need,
    NextStep,
    Reason,
    Ref,
    Reproduction,
    Result,
    Revenue,
    Statement,
    Supporting,
    TimeInQueue,
    Tried,
    Verification,
)
from customer_escalation.claims import claims
from customer_escalation.verify import verify, verify_text
from tests.skill.verify_rows import NOW, at, ledger, row

SAID: Kind = "stated_by_customer"
REVENUE = Revenue(
    arr=2_512_000,
    pipeline=100_000,
    currency="EUR",
    by_account={"Acme Corp": {"arr": 2_512_000, "pipeline": 100_000.0, "currency": "EUR"}},
    cites=("A-acme", "D-1"),
    by_currency={"EUR": {"arr": 2_512_000, "pipeline": 100_000}},
    text="EUR 2,512,000 ARR; EUR 100,000 in open deals",
)
QUEUE = TimeInQueue(at(16, 8), 80.0, ("T-101",), "80.0 hours since the oldest open report")
IMPACT = Impact(
    customers_affected=CustomersAffected(
        2, ("Acme Corp", "Beta Ltd"), True, ("T-101", "T-102"), "2 customers: Acme Corp, Beta Ltd"
    ),
    workflow_impact=Statement("12 of 40 exports failed.", ("T-101/1",), SAID),
    revenue_at_risk=REVENUE,
    time_in_queue=QUEUE,
    more=(Statement("Acme Corp is an Enterprise customer.", ("A-acme",)),),
)
BRIEF = EscalationBrief(
    title=Statement("Exports are empty (Acme Corp, Beta Ltd)", ("T-101", "T-102")),
    reported_by="Larkfield Support",
    date="2026-11-19",
    impact=IMPACT,
    description=(Statement("The nightly exports are empty since 16 November.", ("T-101/1",), SAID),),
    tried=(Tried("Nils Berg restarted the export worker", "Dana Reyes: “It is NOT fixed”", ("T-101/3", "T-101/4")),),
    reproduction=Reproduction(
        preconditions=(Statement("Worker 5.2.0 is in use.", ("T-101/1",), SAID),),
        steps=(Statement("Start the nightly exports.", ("T-101/1",), SAID),),
        expected=Statement("The exports should be safe.", ("T-101/1",), "hypothesis"),
        actual=Statement("12 of 40 exports failed.", ("T-101/1",), SAID),
        environment={"worker": "5.2.0"},
        frequency=Statement("12 of 40 exports failed.", ("T-101/1",), SAID),
        ruled_out=(Statement("Restarting the importer did not help.", ("T-101/1",), SAID),),
        cites=("T-101/1",),
        missing=("the exact steps",),
    ),
    customer_communication=CustomerCommunication(
        last_update=Statement("Ravi Shah promised an answer by noon of 17 November.", ("T-101/2",), "stated_by_staff"),
        expectation=Statement("Dana Reyes needs it by Friday.", ("T-101/4",), SAID),
        escalation_risk=Statement("Dana Reyes says that nobody told them anything.", ("T-101/4",), SAID),
    ),
    needed=(Need("fix", "Fix the empty exports of worker 5.2.0", ("T-101/1",)),),
    deadline=Deadline(at(19, 20), "The SLA of ticket 101 runs out", ("T-101",)),
    supporting=Supporting(
        tickets=(Ref("T-101", "Exports are empty", None, ("T-101", "T-101/1")),),
        discussions=(Ref("M-1", "#eng", None, ("M-1",)),),
        issues=(Ref("I-EXP-7", "Empty export files", None, ("I-EXP-7",)),),
        articles=(Ref("K-empty", "Empty exports", None, ("K-empty",)),),
    ),
    insights=(Statement("EXP-7 does not name Beta Ltd.", ("I-EXP-7", "T-102", "S-project_tracker"), "absence"),),
)
RESULT = Result(
    issue="3 customers of ours report empty exports",
    customer="Acme Corp",
    now=NOW,
    planner="rules",
    model=None,
    decision="escalate",
    reasons=(
        Reason("impact.multiple_customers", True, "Several customers: Acme Corp and Beta Ltd", ("T-101", "T-102")),
        Reason("impact.security", False, "There is a security concern: not found in what was read", ("R-0",)),
    ),
    severity="high",
    target="engineering",
    also_inform=(),
    brief=BRIEF,
    handling=Handling(
        (Statement("Follow the article “Empty exports”", ("K-empty",)),),
        (Ref("K-empty", "Empty exports", None, ("K-empty",)),),
    ),
    unknown=(),
    conflicts=(Conflict("Nils Berg: “It may be the cache.”; Dana Reyes: “It is NOT fixed”", ("T-101/3", "T-101/4")),),
    evidence=ledger(),
    verification=Verification(0, 0),
    next_steps=(
        NextStep("n1", "post_to_chat", "Post", "#eng-help", "Acme Corp: 12 of 40 exports failed. Post to #eng-help."),
    ),
    sources=(),
)  # fmt: skip


def failing(result: Result) -> dict[str, str]:
    return {found.path: found.why for found in verify(result).unsupported}


def impact(**changes: Any) -> Result:
    return replace(RESULT, brief=replace(BRIEF, impact=replace(IMPACT, **changes)))


def revenue(**changes: Any) -> Result:
    return impact(revenue_at_risk=replace(REVENUE, **changes))


def affected(**changes: Any) -> Result:
    return impact(customers_affected=replace(IMPACT.customers_affected, **changes))


def brief(**changes: Any) -> Result:
    return replace(RESULT, brief=replace(BRIEF, **changes))


def test_every_line_of_a_true_result_is_supported() -> None:
    found = verify(RESULT)

    assert found.unsupported == ()
    assert found.statements == found.supported == len(list(claims(RESULT)))


def test_the_claims_come_in_the_order_of_the_template() -> None:
    heads = list(dict.fromkeys(claim.path.partition("[")[0] for claim in claims(RESULT)))

    assert heads == [
        "brief.title",
        "brief.impact.customers_affected.count",
        "brief.impact.customers_affected.text",
        "brief.impact.customers_affected.names",
        "brief.impact.workflow_impact",
        "brief.impact.revenue_at_risk.arr",
        "brief.impact.revenue_at_risk.pipeline",
        "brief.impact.revenue_at_risk.by_account",
        "brief.impact.revenue_at_risk.by_currency",
        "brief.impact.revenue_at_risk.text",
        "brief.impact.time_in_queue.since",
        "brief.impact.time_in_queue.hours",
        "brief.impact.time_in_queue.text",
        "brief.impact.more",
        "brief.description",
        "brief.tried",
        "brief.reproduction.preconditions",
        "brief.reproduction.steps",
        "brief.reproduction.expected",
        "brief.reproduction.actual",
        "brief.reproduction.environment",
        "brief.reproduction.frequency",
        "brief.reproduction.ruled_out",
        "brief.customer_communication.last_update",
        "brief.customer_communication.expectation",
        "brief.customer_communication.escalation_risk",
        "brief.needed",
        "brief.deadline.at",
        "brief.deadline.why",
        "brief.insights",
        "brief.supporting.tickets",
        "brief.supporting.discussions",
        "brief.supporting.issues",
        "brief.supporting.articles",
        "handling.how",
        "handling.articles",
        "reasons",
        "conflicts",
        "next_steps",
    ]


def test_what_a_result_does_not_hold_is_no_claim() -> None:
    bare = replace(
        BRIEF,
        impact=Impact(CustomersAffected(0), IMPACT.workflow_impact),
        reproduction=None,
        customer_communication=CustomerCommunication(),
        deadline=None,
        needed=(),
        supporting=Supporting(),
        insights=(),
    )
    result = replace(RESULT, brief=bare, handling=None, reasons=(), conflicts=(), next_steps=())

    assert verify(result).unsupported == ()
    assert [claim.path for claim in claims(result)] == [
        "brief.title",
        "brief.impact.customers_affected.count",
        "brief.impact.workflow_impact",
        "brief.description[0]",
        "brief.tried[0]",
    ]


@pytest.mark.parametrize(
    ("result", "path", "reason"),
    [
        (affected(count=3), "brief.impact.customers_affected.count", "3 customers, and the cited rows name 2"),
        (affected(cites=("T-999",)), "brief.impact.customers_affected.count", "no evidence row T-999"),
        (affected(cites=()), "brief.impact.customers_affected.count", "cites nothing"),
        (affected(names=("Acme Corp", "Beta GmbH")), "brief.impact.customers_affected.names[1]", "not counted"),
        (affected(text="4 customers: Acme Corp, Beta Ltd"), "brief.impact.customers_affected.text", "“4”, and 2"),
        (affected(text="2 customers: Acme Corp, Dana Reyes"), "brief.impact.customers_affected.text", "“Dana Reyes”"),
        (
            affected(cites=("T-101", "T-102", "K-empty")),
            "brief.impact.customers_affected.text",
            "[K-empty] has nothing",
        ),
        (affected(names=("Acme Corp",)), "brief.impact.customers_affected.text", "[T-102] belongs to a customer"),
        (affected(names=(), text="2 customers, named below"), "brief.impact.customers_affected.text", "no customer is"),
        (revenue(arr=2_513_000), "brief.impact.revenue_at_risk.arr", "add up to 2,512,000.00"),
        (revenue(pipeline=1), "brief.impact.revenue_at_risk.pipeline", "add up to 100,000.00"),
        (revenue(currency="USD"), "brief.impact.revenue_at_risk.arr", "are in EUR, not USD"),
        (revenue(cites=("A-acme", "A-beta", "D-1")), "brief.impact.revenue_at_risk.arr", "several currencies"),
        (revenue(cites=("A-none",)), "brief.impact.revenue_at_risk.arr", "no evidence row A-none"),
        (revenue(cites=("A-acme", "D-1", "K-empty")), "brief.impact.revenue_at_risk.text", "[K-empty] has nothing"),
        (revenue(text="EUR 9M ARR"), "brief.impact.revenue_at_risk.text", "“EUR 9M” is in none"),
        (revenue(text="EUR 2.6M added up"), "brief.impact.revenue_at_risk.text", "not added up"),
        (
            revenue(by_account={"Acme Corp": {"arr": 3}}),
            "brief.impact.revenue_at_risk.by_account[Acme Corp]",
            "arr 3.00",
        ),
        (revenue(by_account={"Zeta": {"arr": 3}}), "brief.impact.revenue_at_risk.by_account[Zeta]", "is about Zeta"),
        (
            revenue(by_account={"Acme Corp": {"currency": "SEK"}}),
            "brief.impact.revenue_at_risk.by_account[Acme Corp]",
            "are not in SEK",
        ),
        (
            revenue(by_currency={"EUR": {"arr": 1}}),
            "brief.impact.revenue_at_risk.by_currency[EUR]",
            "arr in EUR is 1.00",
        ),
        (
            impact(time_in_queue=replace(QUEUE, hours=81.0)),
            "brief.impact.time_in_queue.hours",
            "it says 81 h, and it is 80.0 h",
        ),
        (
            impact(time_in_queue=replace(QUEUE, since=at(15, 8))),
            "brief.impact.time_in_queue.since",
            "is in none of the cited rows",
        ),
        (
            impact(time_in_queue=TimeInQueue(at(16, 8), 80.0, ("T-101", "K-empty"), "80 hours")),
            "brief.impact.time_in_queue.text",
            "[K-empty] has nothing",
        ),
        (brief(deadline=Deadline(at(21, 20), "Soon", ("T-101",))), "brief.deadline.at", "is in none of the cited rows"),
        (
            brief(deadline=Deadline(at(19, 20), "By the SLA", ("T-101", "K-empty"))),
            "brief.deadline.why",
            "[K-empty] has nothing",
        ),
        (brief(needed=(Need("fix", "Fix worker 5.3.0", ("T-101/1",)),)), "brief.needed[0]", "“5.3.0” is in none"),
        (
            brief(tried=(Tried("Nils Berg replaced worker 9", "done", ("T-101/3",)),)),
            "brief.tried[0]",
            "“9” is in none",
        ),
        (
            brief(tried=(Tried("Nils Berg restarted the export worker", "not recorded", ("T-101/3",)),)),
            "brief.tried[0]",
            "[T-101/4] follows in that thread",
        ),
        (
            brief(supporting=Supporting(tickets=(Ref("T-101", "Exports are slow", None, ("T-101",)),))),
            "brief.supporting.tickets[0]",
            "is not the title of T-101",
        ),
        (
            brief(supporting=Supporting(tickets=(Ref("T-777", "Exports are empty", None, ("T-101",)),))),
            "brief.supporting.tickets[0]",
            "T-777 is not the record",
        ),
        (
            brief(supporting=Supporting(tickets=(Ref("T-101", "Exports are empty", None, ()),))),
            "brief.supporting.tickets[0]",
            "cites nothing",
        ),
        (replace(RESULT, handling=Handling((), (Ref("K-1", "X", None, ("K-1",)),))), "handling.articles[0]", "K-1"),
        (
            replace(RESULT, reasons=(Reason("x", True, "Several customers: Zeta GmbH", ("T-101",)),)),
            "reasons[0]",
            "Zeta",
        ),
        (replace(RESULT, reasons=(Reason("x", False, "Nothing found", ()),)), "reasons[0]", "cites nothing"),
        (
            replace(RESULT, conflicts=(Conflict("“No” against “Yes, 17”", ("T-101/3",)),)),
            "conflicts[0]",
            "does not stand",
        ),
        (
            replace(RESULT, next_steps=(NextStep("n1", "x", "y", "#z", "Zeta GmbH lost 7777 files: “all gone”"),)),
            "next_steps[0].preview",
            "“7777” is nowhere in the evidence; “Zeta GmbH” is nowhere in the evidence; “all gone”",
        ),
        (brief(title=Statement("Exports are slow (Zeta)", ("T-101",))), "brief.title", "“Zeta”"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(result: Result, path: str, reason: str) -> None:
    assert reason in failing(result)[path]


def test_a_cited_figure_is_the_number_of_customers() -> None:
    figure = row("C-1", "2 customers", origin="computed", formula="count([T-101], [T-102])", inputs=("T-101", "T-102"))
    result = replace(affected(cites=("C-1", "T-101", "T-102")), evidence=ledger(figure))
    wrong = replace(affected(cites=("C-1", "T-101", "T-102"), count=3), evidence=ledger(figure))

    assert failing(result) == {}
    assert "and the cited figure is 2" in failing(wrong)["brief.impact.customers_affected.count"]


def test_a_computed_deadline_may_be_cited() -> None:
    policy = row("Y-1", "high: customer update every 4 hours", category="policy", customer_hours=4.0)
    formula = "add_hours(now, [Y-1].customer_hours)"
    figure = row("C-1", "Due at 2026-11-19T20:00Z", origin="computed", formula=formula, inputs=("Y-1",))
    deadline = Deadline(NOW + timedelta(hours=4), "The policy: customer update every 4 hours", ("C-1", "Y-1"))
    result = replace(brief(deadline=deadline), evidence=ledger(policy, figure))

    assert failing(result) == {}
    late = replace(deadline, at=NOW + timedelta(hours=5))
    assert set(failing(replace(brief(deadline=late), evidence=ledger(policy, figure)))) == {"brief.deadline.at"}


def test_a_figure_that_cannot_be_worked_out_supports_no_total() -> None:
    figure = row("C-1", "EUR 5", origin="computed", formula="sum(", inputs=("A-acme",))
    result = replace(revenue(cites=("C-1", "A-acme", "D-1")), evidence=ledger(figure))

    assert "ends too early" in failing(result)["brief.impact.revenue_at_risk.arr"]


def test_totals_of_nothing_are_no_figures() -> None:
    assert "brief.impact.revenue_at_risk.arr" not in failing(revenue(arr=0))
    assert "brief.impact.revenue_at_risk.arr" not in failing(revenue(arr=None))


def test_a_free_text_says_only_what_some_row_says() -> None:
    text = "Hello Dana Reyes, 12 of 40 exports failed on 16 November at 08:00 UTC. “It is NOT fixed”, as you say."

    assert verify_text(text, ledger(), NOW) == ()
    assert verify_text("We fix it in #ops by 23:17.", ledger(), NOW, ("#ops",)) == (
        "“23:17” is nowhere in the evidence",
    )
