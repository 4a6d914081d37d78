"""What is broken or wanted: findings about the product, from what people report first hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.skill.companies import Company, Record, agent, customer, engineer, holding, verdict


@pytest.mark.parametrize(
    "text",
    [
        "I can see another customer's invoices.",
        "There was unauthorized access to our tenant.",
        "We found a vulnerability in the login form.",
        "This is a GDPR violation.",
        "Your page shows our API key in plain text.",
    ],
)
async def test_exposure_intrusion_vulnerability_and_compliance_are_security(tmp_path: Path, text: str) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Odd page", customer(text))

    result = await company.escalate("odd page")

    assert verdict(result) == ("escalate", "critical", "security")
    assert holding(result)["impact.security"].cites == (f"{ticket}/1",)


async def test_a_security_questionnaire_is_no_concern(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Questionnaire", customer("Could you fill in our security questionnaire?"))

    result = await company.escalate("questionnaire")

    assert "impact.security" not in holding(result)


async def test_a_whole_system_that_is_down_is_production_down(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Monday morning", customer("Production is down since 9:00."))

    result = await company.escalate("monday morning")

    assert verdict(result) == ("escalate", "critical", "engineering")
    assert holding(result)["impact.production_down"].cites == (f"{ticket}/1",)


async def test_a_core_function_that_fails_for_everyone_is_production_down(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Login", customer("Login fails with error 500 for all our users."))

    result = await company.escalate("login")

    assert f"{ticket}/1" in holding(result)["impact.production_down"].cites


async def test_a_core_function_that_fails_for_one_person_is_not(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Login", customer("Login fails with error 500 for my colleague."))

    result = await company.escalate("login")

    assert "impact.production_down" not in holding(result)


async def test_a_test_environment_that_is_down_is_not_production(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Tenant unavailable", customer("The cluster is down. It is our sandbox."))

    result = await company.escalate("tenant unavailable")

    assert "impact.production_down" not in holding(result)


async def test_lost_records_that_the_customer_saw_are_data_loss(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Orders", customer("All our orders are gone after the migration."))

    result = await company.escalate("orders")

    assert verdict(result) == ("escalate", "critical", "engineering")
    assert holding(result)["technical.data_loss"].cites == (f"{ticket}/1",)


async def test_a_label_of_a_wish_does_not_turn_a_loss_into_one(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Orders", customer("All our orders are gone after the migration."), tags=["feature-orders"], links=["ENG-1"]
    )
    company.issue("Orders archive", kind="feature")

    result = await company.escalate("orders")

    assert verdict(result) == ("escalate", "critical", "engineering")


async def test_hearsay_and_questions_do_not_confirm_a_loss(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Orders",
        customer("Some users reported that their orders are gone. Were our orders deleted in the migration?"),
    )

    result = await company.escalate("orders")

    assert "technical.data_loss" not in holding(result)
    assert "impact.data_integrity" in holding(result)


async def test_a_loss_that_was_only_typed_is_not_confirmed(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Order list looks odd", customer("The order list looks odd today."))

    result = await company.escalate("order list looks odd, all orders are deleted")

    assert "technical.data_loss" not in holding(result)


async def test_a_loss_that_an_engineer_found_is_data_loss(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Balance", customer("The balance looks odd."), engineer("The migration deleted the old entries."))

    result = await company.escalate("balance")

    assert "technical.data_loss" in holding(result)


async def test_data_that_ours_say_is_intact_is_not_lost(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Orders",
        customer("All our orders are gone after the migration."),
        agent("The stored data is intact, only the list is wrong."),
    )

    result = await company.escalate("orders")

    assert "technical.data_loss" not in holding(result)


async def test_missing_rows_put_the_integrity_of_data_at_risk(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Export", customer("The export is missing rows."))

    result = await company.escalate("export")

    assert holding(result)["impact.data_integrity"].cites == (f"{ticket}/1",)


async def test_a_bug_that_ours_reproduce_is_confirmed(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Chart", customer("The chart shows an error."), agent("We can reproduce it on a test account.")
    )

    result = await company.escalate("chart")

    assert verdict(result) == ("escalate", "medium", "engineering")
    assert holding(result)["technical.bug_confirmed"].cites == (f"{ticket}/2",)


async def test_a_label_alone_is_no_finding(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Bulk invite", customer("How do we invite forty people at once?"),
        tags=["bug-confirmed", "security", "production-down", "critical"], priority="urgent",
    )  # fmt: skip

    result = await company.escalate("bulk invite")

    assert verdict(result) == ("handle_in_support", None, None)
    assert {"technical.bug_confirmed", "impact.security", "impact.production_down"}.isdisjoint(holding(result))


async def test_a_label_confirms_a_bug_that_is_reported(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Chart", customer("The chart shows an error."), tags=["bug-confirmed"])

    result = await company.escalate("chart")

    assert holding(result)["technical.bug_confirmed"].cites == (ticket,)


async def test_an_open_bug_that_is_linked_needs_a_code_fix(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart", customer("The chart shows an error."), links=["ENG-1"])
    issue = company.issue("Chart shows an error")

    result = await company.escalate("chart")

    assert holding(result)["technical.bug_confirmed"].cites == (issue,)


@pytest.mark.parametrize("fields", [{"kind": "task"}, {"status": "done"}, {"resolved_at": "2026-11-19T08:00:00Z"}])
async def test_a_task_or_a_finished_issue_needs_no_code_fix(tmp_path: Path, fields: Record) -> None:
    company = Company(tmp_path)
    company.ticket("Chart", customer("The chart shows an error."), links=["ENG-1"])
    company.issue("Chart shows an error", **fields)

    result = await company.escalate("chart")

    assert "technical.bug_confirmed" not in holding(result)


async def test_an_open_bug_that_nobody_linked_does_not_confirm_anything(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart shows an error", customer("The chart shows an error."))
    company.issue("Chart shows an error")

    result = await company.escalate("chart shows an error")

    assert "technical.bug_confirmed" not in holding(result)


async def test_a_failing_cluster_has_to_be_investigated(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Charts late", customer("The charts come late."), engineer("The database replica is overloaded.")
    )

    result = await company.escalate("charts late")

    assert holding(result)["technical.infrastructure"].cites == (f"{ticket}/2",)


async def test_a_server_error_has_to_be_investigated_too(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Charts", customer("The chart page answers with an internal server error."))

    result = await company.escalate("charts")

    assert holding(result)["technical.infrastructure"].cites == (f"{ticket}/1",)


async def test_a_defect_that_support_cannot_reproduce_is_beyond_support(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Chart", customer("The chart shows an error."), agent("I cannot reproduce it on my machine.")
    )

    result = await company.escalate("chart")

    assert holding(result)["complexity.beyond_support"].cites == (f"{ticket}/2",)


async def test_a_defect_that_nobody_explains_is_beyond_support(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Chart", customer("The chart shows an error."))

    result = await company.escalate("chart")

    assert holding(result)["complexity.beyond_support"].cites == (f"{ticket}/1",)


async def test_a_form_that_tells_what_happened_instead_is_a_defect(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Chart", customer("Expected: three bars\nActual: two bars"))

    result = await company.escalate("chart")

    assert holding(result)["complexity.beyond_support"].cites == (f"{ticket}/1",)


async def test_a_wish_is_a_gap_in_the_product(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Dark mode", customer("Feature request: dark mode for the console."))

    result = await company.escalate("dark mode")

    assert verdict(result) == ("escalate", "medium", "product")
    assert holding(result)["complexity.product_decision"].cites == (f"{ticket}/1",)


async def test_a_tracked_feature_is_a_gap_in_the_product(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Dark mode", customer("Our people work at night, in the dark."), links=["ENG-1"])
    issue = company.issue("Dark mode", kind="feature")

    result = await company.escalate("dark mode")

    assert holding(result)["complexity.product_decision"].cites == (issue,)


async def test_a_wish_in_an_error_report_is_still_an_error(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Chart", customer("The chart shows an exception. It would be nice to have bars."))

    result = await company.escalate("chart")

    assert "complexity.product_decision" not in holding(result)


async def test_a_blocked_customer_without_an_error_still_reports_a_defect(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Chart", customer("We are unable to save the chart."))

    result = await company.escalate("chart")

    assert holding(result)["complexity.beyond_support"].cites == (f"{ticket}/1",)


async def test_a_customer_who_cannot_cancel_has_a_billing_matter_and_no_defect(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Subscription", customer("We cannot find where to change the subscription."))

    result = await company.escalate("subscription")

    assert "complexity.beyond_support" not in holding(result)
