"""Step 4, the verdict: escalate or handle, to whom, how severe, who else to inform; the policy alone decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from customer_escalation.findings import NAMES
from customer_escalation.policy import holds, load
from tests.skill.companies import Company, Record, agent, ago, customer, holding, verdict

CRASH = "The chart page shows an error."


async def decided(folder: Path, *comments: Record, tier: str = "", **fields: Any) -> Company:
    """A company with one ticket, of an Acme Corp of this tier."""
    company = Company(folder)
    company.account("Acme Corp", tier=tier)
    company.ticket("Nightly job", *comments, account="acme", **fields)
    return company


async def test_what_support_can_settle_stays_in_support(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("How do we start the nightly job by hand?"))

    result = await company.escalate("nightly job")

    assert verdict(result) == ("handle_in_support", None, None)
    assert result.also_inform == ()
    assert result.brief.needed == ()


async def test_a_case_without_any_sign_goes_to_senior_support(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("Good morning."))

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "medium", "l2_support")


async def test_where_our_answer_did_not_help_senior_support_goes_on(tmp_path: Path) -> None:
    said = (
        customer("The lamp on the box blinks."),
        agent("Please press the button."),
        customer("Did that, to no avail."),
    )
    company = await decided(tmp_path, *said)

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "medium", "l2_support")


async def test_what_support_leaves_to_the_developers_goes_to_engineering(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("The lamp blinks."), agent("I am handing this to our developers."))

    result = await company.escalate("nightly job")

    assert result.target == "engineering"


async def test_what_support_leaves_to_the_product_people_goes_to_product(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("The lamp blinks."), agent("I shall ask our product people about it."))

    result = await company.escalate("nightly job")

    assert result.target == "product"


async def test_what_support_calls_the_security_team_for_goes_to_security(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("The lamp blinks."), agent("I am passing it to the security team."))

    result = await company.escalate("nightly job")

    assert result.target == "security"


async def test_what_support_takes_to_its_superiors_for_a_large_customer_goes_to_leadership(tmp_path: Path) -> None:
    said = (customer("We are not happy with the colours."), agent("I am taking it to my superiors."))
    company = await decided(tmp_path, *said, tier="Enterprise")

    result = await company.escalate("nightly job")

    assert result.target == "leadership"


async def test_deeper_investigation_goes_to_l2(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("The nightly job is slow through our custom middleware."))

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "medium", "l2_support")


@pytest.mark.parametrize(
    "comments",
    [
        pytest.param((customer(CRASH), agent("We can reproduce it.")), id="confirmed bug"),
        pytest.param((customer("The database server is overloaded."),), id="infrastructure"),
        pytest.param((customer(CRASH), agent("The root cause is a regression in 4.2.0.")), id="code change"),
        pytest.param((customer("The job stops with a stack trace: java.lang.OutOfMemoryError"),), id="system level"),
    ],
)
async def test_bugs_and_infrastructure_go_to_engineering(tmp_path: Path, comments: tuple[Record, ...]) -> None:
    company = await decided(tmp_path, *comments)

    result = await company.escalate("nightly job")

    assert (result.decision, result.target) == ("escalate", "engineering")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The nightly job does not support time zones.", id="feature gap"),
        pytest.param("It would be great to run the nightly job twice.", id="design decision"),
        pytest.param("We want a way to start the job by hand, that is our use case.", id="workflow"),
        pytest.param("+1, is a start by hand on the roadmap?", id="competing needs"),
    ],
)
async def test_gaps_in_the_product_go_to_product(tmp_path: Path, text: str) -> None:
    company = await decided(tmp_path, customer(text))

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "medium", "product")


async def test_security_bypasses_the_tiers(tmp_path: Path) -> None:
    company = await decided(
        tmp_path,
        customer("We see another customer's orders. Production is down and we will cancel our contract."),
        customer("How do we rotate the key? It would be nice to have an option."),
        tier="Enterprise",
    )

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "critical", "security")
    assert result.also_inform == ("leadership", "engineering")


async def test_security_goes_up_even_where_an_article_answers_the_rest(tmp_path: Path) -> None:
    company = await decided(
        tmp_path, customer("We see another customer's invoices."), agent("You can find it in our documentation.")
    )

    result = await company.escalate("nightly job")

    assert (result.decision, result.target) == ("escalate", "security")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("We will cancel our contract.", {}, id="churn"),
        pytest.param("When do you get to it?", {"sla": {"due_at": ago(5)}}, id="SLA of a critical account"),
        pytest.param("Our CEO demands a call with your leadership.", {}, id="executive"),
        pytest.param("Our lawyers are preparing legal action.", {}, id="legal"),
        pytest.param("We will post it on Twitter and warn others.", {}, id="public"),
    ],
)
async def test_what_only_leaders_can_settle_goes_to_leadership(tmp_path: Path, text: str, fields: Record) -> None:
    company = await decided(tmp_path, customer(text), tier="Enterprise", **fields)

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "high", "leadership")


async def test_a_refund_that_nobody_answers_goes_to_leadership(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("We were charged twice and want a refund. Nobody has replied."))

    result = await company.escalate("nightly job", "Acme Corp")

    assert verdict(result) == ("escalate", "high", "leadership")


async def test_a_threat_over_a_defect_of_an_ordinary_customer_goes_to_engineering_and_informs_leadership(
    tmp_path: Path,
) -> None:
    company = await decided(tmp_path, customer("The job crashes with error 500, we will cancel our contract."))

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "high", "engineering")
    assert result.also_inform == ("leadership",)


async def test_a_team_is_informed_once_and_never_the_target_itself(tmp_path: Path) -> None:
    company = await decided(
        tmp_path,
        customer("We will cancel our contract, our lawyers are informed, our CEO wants a call."),
        tier="Enterprise",
    )

    result = await company.escalate("nightly job")

    assert result.target == "leadership"
    assert result.also_inform == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Production is down.", id="production down"),
        pytest.param("All our orders are lost since the update.", id="data at risk"),
        pytest.param("We see another customer's orders.", id="security breach"),
    ],
)
async def test_outage_loss_and_breach_are_critical(tmp_path: Path, text: str) -> None:
    company = await decided(tmp_path, customer(text))

    result = await company.escalate("nightly job")

    assert result.severity == "critical"


async def test_a_defect_at_several_high_value_customers_is_critical(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name in ("Acme Corp", "Havelock Freight"):
        company.account(name, arr=250000, currency="USD")
        company.ticket("Chart page", customer(CRASH), account=name.split()[0].lower())

    result = await company.escalate("chart page")

    assert result.severity == "critical"
    assert result.also_inform == ("leadership",)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("The export fails with error 500.", {}, id="major functionality broken"),
        pytest.param("The export is missing rows.", {}, id="data incomplete"),
        pytest.param(CRASH, {"sla": {"due_at": ago(-3)}}, id="SLA at risk"),
        pytest.param(CRASH, {"sla": {"due_at": ago(3)}}, id="SLA breached"),
    ],
)
async def test_broken_functions_and_running_clocks_are_high(tmp_path: Path, text: str, fields: Record) -> None:
    company = await decided(tmp_path, customer(text), **fields)

    result = await company.escalate("nightly job")

    assert (result.decision, result.severity) == ("escalate", "high")


async def test_a_key_customer_that_is_blocked_is_high(tmp_path: Path) -> None:
    company = await decided(
        tmp_path,
        customer("We are blocked by an error."),
        agent("We can reproduce it. As a workaround, run it by hand."),
        tier="Enterprise",
    )

    result = await company.escalate("nightly job")

    assert "business.high_value_at_risk" in holding(result)
    assert verdict(result) == ("escalate", "high", "engineering")


async def test_a_confirmed_bug_with_a_workaround_is_medium(tmp_path: Path) -> None:
    company = await decided(
        tmp_path,
        customer("We are unable to save the chart."),
        agent("We can reproduce it. As a workaround, save it under a new name."),
    )

    result = await company.escalate("nightly job")

    assert verdict(result) == ("escalate", "medium", "engineering")


async def test_the_volume_of_a_thread_does_not_raise_the_severity(tmp_path: Path) -> None:
    wish = customer("It would be great to run the nightly job twice. URGENT!!! P1!!!")
    company = await decided(tmp_path, *([wish] * 9), priority="urgent", tags=["p1", "critical"])

    result = await company.escalate("nightly job, urgent, critical")

    assert verdict(result) == ("escalate", "medium", "product")


async def test_a_workspace_may_move_a_threshold_and_switch_a_criterion_off(tmp_path: Path) -> None:
    company = Company(
        tmp_path,
        policy={"thresholds": {"waiting_hours": 4}, "escalate": [{"id": "time.not_progressing", "enabled": False}]},
    )
    company.ticket("Nightly job", customer("The job is late."), hours=60)

    result = await company.escalate("nightly job")

    assert "time.waiting" in holding(result)
    assert "time.not_progressing" not in {reason.criterion for reason in result.reasons}


async def test_each_criterion_is_answered_once_in_the_order_of_the_policy(tmp_path: Path) -> None:
    company = await decided(tmp_path, customer("Good morning."))
    policy = load(None, NAMES)

    result = await company.escalate("nightly job")

    assert [r.criterion for r in result.reasons] == [c.id for c in (*policy.escalate, *policy.support)]
    assert all(reason.cites for reason in result.reasons)


def test_the_last_tier_and_the_last_severity_take_whatever_is_left() -> None:
    policy = load(None, NAMES)

    ends = policy.tiers[-1], policy.severity[-1], policy.decision[-1]

    assert all(holds(end.when, lambda name: False) for end in ends)
