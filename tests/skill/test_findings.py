"""Step 4, the criteria: every line of both lists of the skill holds where the records show it, and cites the row."""

from __future__ import annotations

from pathlib import Path

from tests.skill.companies import Company, agent, ago, customer, engineer, holding, verdict


async def test_a_documented_solution_is_found_in_the_answer_that_names_it(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Webhook signatures", customer("How do we check the signature?"), agent("It is described in our webhook guide.")
    )

    result = await company.escalate("webhook signatures")

    assert holding(result)["support.documented_solution"].cites == (f"{ticket}/2",)


async def test_a_documented_solution_is_found_in_an_article_on_the_problem(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Rotate the webhook secret", customer("How do we rotate the webhook secret without downtime?"))
    article = company.article("Rotate the webhook secret", "1. Add a second secret.\n2. Remove the first.")

    result = await company.escalate("rotate the webhook secret")

    assert verdict(result) == ("handle_in_support", None, None)
    assert holding(result)["support.documented_solution"].cites == (article,)


async def test_an_article_on_something_else_is_no_solution(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Rotate the webhook secret", customer("Which way do we rotate the webhook secret?"))
    company.article("Delete the sandbox tenant", "Ask an owner.", labels=["webhook", "secret"])

    result = await company.escalate("rotate the webhook secret")

    assert "support.documented_solution" not in holding(result)


async def test_a_known_workaround_is_found_in_our_own_words(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Report page slow", customer("The report page is slow."), agent("As a workaround, filter by week.")
    )

    result = await company.escalate("report page slow")

    assert holding(result)["support.documented_solution"].cites == (f"{ticket}/2",)


async def test_a_workaround_that_fails_is_none(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Report page slow",
        customer("The report page is slow."),
        agent("As a workaround, filter by week."),
        customer("There is no workaround for us, the workaround does not help with our data."),
    )

    result = await company.escalate("report page slow")

    assert "support.documented_solution" not in holding(result)


async def test_a_wrong_setting_of_the_customers_is_a_configuration_matter(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Webhooks rejected",
        customer("Our webhooks are rejected."),
        agent("The webhook URL has a wrong callback setting in your configuration."),
    )

    result = await company.escalate("webhooks rejected")

    assert verdict(result) == ("handle_in_support", None, None)
    assert holding(result)["support.configuration"].cites == (f"{ticket}/2",)


async def test_a_customer_who_names_its_own_proxy_makes_it_a_configuration_matter(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Uploads stop", customer("Uploads stop at 10 MB."), customer("It turned out to be our own proxy.")
    )

    result = await company.escalate("uploads stop")

    assert holding(result)["support.configuration"].cites == (f"{ticket}/2",)


async def test_a_question_without_a_defect_needs_guidance(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Bulk invite", customer("How do we invite forty people at once?"))

    result = await company.escalate("bulk invite")

    assert verdict(result) == ("handle_in_support", None, None)
    assert f"{ticket}/1" in holding(result)["support.guidance"].cites


async def test_a_known_limitation_is_ours_to_state(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Spreadsheet of more than a million rows",
        customer("The spreadsheet stops after a million lines."),
        agent("That is a known limitation of the format; use the CSV file instead."),
    )

    result = await company.escalate("spreadsheet of more than a million rows")

    assert holding(result)["support.known_limitation"].cites == (f"{ticket}/2",)


async def test_a_limitation_that_only_the_customer_supposes_does_not_count(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Spreadsheet stops", customer("The spreadsheet stops, so it is a known limitation, right?"))

    result = await company.escalate("spreadsheet stops")

    assert "support.known_limitation" not in holding(result)


async def test_a_similar_ticket_that_support_settled_counts_as_resolved_before(tmp_path: Path) -> None:
    company = Company(tmp_path)
    earlier = company.ticket(
        "Bulk invite of colleagues", customer("How do we invite colleagues in bulk?"), hours=900, status="solved"
    )
    company.ticket("Bulk invite of colleagues", customer("How do we invite our colleagues in bulk?"))

    result = await company.escalate("bulk invite of colleagues")

    assert holding(result)["support.resolved_before"].cites == (earlier,)


async def test_a_similar_ticket_that_went_to_an_engineer_does_not_count_as_resolved_in_support(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Bulk invite of colleagues", customer("How do we invite colleagues in bulk?"), engineer("I set a flag."),
        hours=900, status="solved",
    )  # fmt: skip
    company.ticket("Bulk invite of colleagues", customer("How do we invite our colleagues in bulk?"))

    result = await company.escalate("bulk invite of colleagues")

    assert "support.resolved_before" not in holding(result)


async def test_access_that_support_lacks_is_found(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Nightly job", customer("The nightly job ends early."), agent("We need access to the production logs.")
    )

    result = await company.escalate("nightly job")

    assert holding(result)["complexity.access_needed"].cites == (f"{ticket}/2",)


async def test_a_custom_implementation_is_found(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Nightly job", customer("The nightly job runs through our custom middleware."))

    result = await company.escalate("nightly job")

    assert holding(result)["complexity.custom_implementation"].cites == (f"{ticket}/1",)


async def test_two_accounts_are_several_customers(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Orrefjord Handel")
    company.account("Dunmere Logistics")
    one = company.ticket("Export is cut short", customer("The export is cut short."), account="orrefjord")
    two = company.ticket("Export is cut short", customer("The export is cut short."), account="dunmere")

    result = await company.escalate("export is cut short")

    reason = holding(result)["impact.multiple_customers"]
    assert {one, two} <= set(reason.cites)
    assert reason.text == "Several customers are affected: “2 customers: Dunmere Logistics, Orrefjord Handel”"


async def test_two_tickets_of_one_account_are_one_customer(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Orrefjord Handel")
    company.ticket("Export is cut short", customer("The export is cut short."), account="orrefjord")
    company.ticket("Export is cut short", customer("The export is cut short."), account="Orrefjord Handel")

    result = await company.escalate("export is cut short")

    assert "impact.multiple_customers" not in holding(result)


async def test_a_high_value_customer_that_is_blocked_is_at_risk(tmp_path: Path) -> None:
    company = Company(tmp_path)
    account = company.account("Acme Corp", tier="Enterprise")
    ticket = company.ticket("Export fails", customer("The export fails, we cannot ship."), account="acme")

    result = await company.escalate("export fails")

    assert set(holding(result)["business.high_value_at_risk"].cites) >= {account, f"{ticket}/1"}


async def test_a_high_value_customer_with_a_question_is_not_at_risk(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Acme Corp", tier="Enterprise")
    company.ticket("Bulk invite", customer("How do we invite forty people at once?"), account="acme")

    result = await company.escalate("bulk invite")

    assert "business.high_value_at_risk" not in holding(result)


async def test_a_breached_sla_holds_for_business_and_for_time(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late."), sla={"name": "P2", "due_at": ago(3)})

    result = await company.escalate("reports late")

    assert holding(result)["business.sla"].cites == (ticket,)
    assert holding(result)["time.beyond_sla"].cites == (ticket,)


async def test_an_sla_that_runs_out_today_is_imminent(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late."), sla={"name": "P2", "due_at": ago(-4)})

    result = await company.escalate("reports late")

    assert holding(result)["business.sla"].cites == (ticket,)
    assert "time.beyond_sla" not in holding(result)


async def test_an_sla_of_a_solved_ticket_no_longer_counts(tmp_path: Path) -> None:
    company = Company(tmp_path)
    sla = {"name": "P2", "due_at": ago(3), "breached": True}
    company.ticket("Reports late", customer("Reports come late."), status="solved", sla=sla)

    result = await company.escalate("reports late")

    assert "business.sla" not in holding(result)


async def test_a_call_for_the_chief_executive_is_found(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Our CEO asks for a call with your leadership."))

    result = await company.escalate("reports late")

    assert holding(result)["business.executive_involvement"].cites == (f"{ticket}/1",)


async def test_a_lawyer_or_the_press_is_a_legal_or_public_risk(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Otherwise our lawyers will take over."))

    result = await company.escalate("reports late")

    assert holding(result)["business.legal_or_public"].cites == (f"{ticket}/1",)


async def test_an_open_report_of_four_days_has_waited_unreasonably_long(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late."), hours=96)

    result = await company.escalate("reports late")

    assert ticket in holding(result)["time.waiting"].cites
    assert "96 hours since the oldest open report" in holding(result)["time.waiting"].text


async def test_an_open_report_of_yesterday_has_not(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Reports late", customer("Reports come late."), hours=24)

    result = await company.escalate("reports late")

    assert "time.waiting" not in holding(result)


async def test_a_customer_who_hears_nothing_for_two_days_makes_no_progress(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late."), hours=60)

    result = await company.escalate("reports late")

    assert holding(result)["time.not_progressing"].cites == (f"{ticket}/1",)


async def test_a_public_answer_means_progress_and_an_internal_note_does_not(tmp_path: Path) -> None:
    answered = Company(tmp_path / "answered")
    answered.ticket("Reports late", customer("Reports come late.", 60), agent("Which report is it?", 50))
    noted = Company(tmp_path / "noted")
    noted.ticket("Reports late", customer("Reports come late.", 60), agent("Which report is it?", 50, public=False))

    with_answer, with_note = await answered.escalate("reports late"), await noted.escalate("reports late")

    assert "time.not_progressing" not in holding(with_answer)
    assert "time.not_progressing" in holding(with_note)


async def test_a_complaint_of_silence_means_no_progress(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late. Nobody has replied to us."))

    result = await company.escalate("reports late")

    assert holding(result)["time.not_progressing"].cites == (f"{ticket}/1",)


async def test_a_third_distinct_customer_makes_it_a_pattern(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name in ("Orrefjord Handel", "Dunmere Logistics", "Quillmark Partners"):
        company.account(name)
        key = name.split()[0].lower()
        company.ticket("Export is missing rows", customer("The export is missing rows."), account=key)

    result = await company.escalate("export is missing rows")

    assert verdict(result) == ("escalate", "high", "engineering")
    assert {"T-101", "T-102", "T-103"} <= set(holding(result)["pattern.same_issue"].cites)


async def test_reports_outside_the_window_make_no_pattern(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for number, name in enumerate(("Orrefjord Handel", "Dunmere Logistics", "Quillmark Partners")):
        company.account(name)
        key, hours = name.split()[0].lower(), 10 + 24 * 12 * number
        company.ticket("Export is missing rows", customer("The export is missing rows."), account=key, hours=hours)

    result = await company.escalate("export is missing rows")

    assert "pattern.same_issue" not in holding(result)


async def test_a_fixed_issue_that_comes_back_is_recurring(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Reports late", customer("Reports come late; it was supposedly fixed in October."))

    result = await company.escalate("reports late")

    assert holding(result)["pattern.recurring"].cites == (f"{ticket}/1",)


async def test_a_newer_reporter_within_three_days_means_that_it_grows(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Orrefjord Handel")
    company.account("Dunmere Logistics")
    company.ticket("Export is cut short", customer("The export is cut short."), account="orrefjord", hours=60)
    company.ticket("Export is cut short", customer("The export is cut short."), account="dunmere", hours=5)

    result = await company.escalate("export is cut short")

    assert {"T-101", "T-102"} <= set(holding(result)["pattern.increasing"].cites)


async def test_a_criterion_that_does_not_hold_says_so_and_cites_what_was_searched(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Bulk invite", customer("How do we invite forty people at once?"))

    result = await company.escalate("bulk invite")

    security = next(reason for reason in result.reasons if reason.criterion == "impact.security")
    assert not security.holds
    assert security.text == "There is a security concern: not found in what was read"
    assert security.cites == ("S-support_platform", "S-project_tracker", "S-crm", "S-knowledge_base")
