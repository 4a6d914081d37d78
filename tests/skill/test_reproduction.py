"""Step 5, reproduction steps: the seven practices of the skill; only what the records hold, what is missing by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from customer_escalation.brief import Reproduction, Result
from tests.skill.companies import Company, agent, customer, engineer

FORM = """Start state: an admin on a Starter plan, feature flag new-charts on
Steps to reproduce:
1. Open Reports > Sales at 09:00
2. Click the Export button in the top-right of the page
3. Choose 2026-11-01 to 2026-11-15
Expected: 5000 rows are exported correctly
Actual: 4812 rows are missing 188 orders
Environment: Chrome 141, Windows 11"""


def report(folder: Path, *texts: str) -> Company:
    """A company with one ticket, whose customer wrote these texts."""
    company = Company(folder)
    company.ticket("Export", *(customer(text) for text in texts))
    return company


def reproduction(result: Result) -> Reproduction:
    """The reproduction of a result that has one."""
    assert result.brief.reproduction is not None
    return result.brief.reproduction


async def test_it_starts_from_the_state_that_the_source_gives(tmp_path: Path) -> None:
    company = report(tmp_path, FORM)

    result = await company.escalate("export")

    (state,) = reproduction(result).preconditions
    assert state.text == "“an admin on a Starter plan, feature flag new-charts on”"
    assert (state.kind, state.cites) == ("stated_by_customer", ("T-101/1",))


async def test_the_steps_are_as_specific_as_their_source_and_in_its_order(tmp_path: Path) -> None:
    company = report(tmp_path, FORM)

    result = await company.escalate("export")

    assert [step.text for step in reproduction(result).steps] == [
        "“Open Reports > Sales at 09:00”",
        "“Click the Export button in the top-right of the page”",
        "“Choose 2026-11-01 to 2026-11-15”",
    ]
    assert {step.cites for step in reproduction(result).steps} == {("T-101/1",)}


async def test_expected_and_actual_keep_their_exact_values(tmp_path: Path) -> None:
    company = report(tmp_path, FORM)

    result = await company.escalate("export")

    expected, actual = reproduction(result).expected, reproduction(result).actual
    assert expected is not None
    assert actual is not None
    assert expected.text == "“5000 rows are exported correctly”"
    assert actual.text == "“4812 rows are missing 188 orders”"
    assert result.conflicts == ()


async def test_the_environment_is_what_the_source_states_and_versions_from_the_thread(tmp_path: Path) -> None:
    company = report(tmp_path, FORM, "We run larkfield-python 4.8.2 and version 5.2.0 of the worker, v5.2.0.")

    result = await company.escalate("export")

    found = reproduction(result)
    assert found.environment == {
        "stated": "Chrome 141, Windows 11",
        "larkfield-python": "4.8.2",
        "version": "version 5.2.0",
    }
    assert {"T-101/1", "T-101/2"} <= set(found.cites)


async def test_a_status_code_is_no_software(tmp_path: Path) -> None:
    company = report(tmp_path, "The export fails: HTTP/1.1 500, on step 2.1 and with Firefox 131.")

    result = await company.escalate("export")

    assert reproduction(result).environment == {"Firefox": "131"}


@pytest.mark.parametrize("often", ["The export fails 3 of 40 times.", "The export intermittently fails with an error."])
async def test_how_often_it_happens_is_captured(tmp_path: Path, often: str) -> None:
    company = report(tmp_path, "The export is broken.", often)

    result = await company.escalate("export")

    frequency = reproduction(result).frequency
    assert frequency is not None
    assert (frequency.text, frequency.cites) == (f"“{often}”", ("T-101/2",))


async def test_a_count_tells_more_than_a_word(tmp_path: Path) -> None:
    company = report(tmp_path, "The export sometimes fails with an error.", "The export failed for 3 % of the orders.")

    result = await company.escalate("export")

    frequency = reproduction(result).frequency
    assert frequency is not None
    assert "3 %" in frequency.text


async def test_error_texts_and_request_ids_are_evidence(tmp_path: Path) -> None:
    company = report(
        tmp_path, "The export fails with ORDER_WRITE_FAILED. The request id is req_8f41c2d07b.", "Please help."
    )

    result = await company.escalate("export")

    assert [(s.text, s.cites) for s in reproduction(result).evidence] == [
        ("“The export fails with ORDER_WRITE_FAILED.”", ("T-101/1",)),
        ("“The request id is req_8f41c2d07b.”", ("T-101/1",)),
    ]


async def test_an_attachment_is_evidence(tmp_path: Path) -> None:
    company = Company(tmp_path)
    shot = {"name": "console.png", "text": "TypeError: rows is undefined"}
    company.ticket("Export", {**customer("The export fails."), "attachments": [shot]})

    result = await company.escalate("export")

    assert any("console.png" in s.text for s in reproduction(result).evidence)


async def test_what_was_ruled_out_is_kept_once(tmp_path: Path) -> None:
    company = report(
        tmp_path,
        "The export fails. Ruled out: the browser cache\nTested in Chrome and Firefox, same behavior in both.",
        "It is not account-specific, we reproduced it on a test account.",
        "It is not account-specific, we reproduced it on a test account.",
    )

    result = await company.escalate("export")

    said = [(s.text, s.cites) for s in reproduction(result).ruled_out]
    assert ("“Tested in Chrome and Firefox, same behavior in both.”", ("T-101/1",)) in said
    assert [cites for text, cites in said if "account-specific" in text] == [("T-101/2",)]


async def test_a_heading_for_what_was_ruled_out_is_read(tmp_path: Path) -> None:
    company = report(tmp_path, "The export fails.\n\nRuled out:\n- the browser cache\n- our own proxy")

    result = await company.escalate("export")

    assert [s.text for s in reproduction(result).ruled_out] == ["“the browser cache”", "“our own proxy”"]


async def test_what_is_missing_is_asked_for_by_name(tmp_path: Path) -> None:
    company = report(tmp_path, "The export is broken.")

    result = await company.escalate("export")

    assert reproduction(result).missing == (
        "the start state (account type, configuration, permissions)",
        "the exact steps with exact values",
        "the expected result",
        "the actual result",
        "the environment (version, browser or client, operating system, plan)",
        "how often it happens",
        "error text, request ids, logs or screenshots",
    )
    assert f"Reproduction: {reproduction(result).missing[0]}" in result.unknown


async def test_a_step_that_the_source_leaves_out_is_asked_for(tmp_path: Path) -> None:
    company = report(tmp_path, "The export is broken.\nSteps to reproduce:\n1. Open the page\n3. Click Export")

    result = await company.escalate("export")

    assert "step 2: the source's numbering leaves it out" in reproduction(result).missing


async def test_expected_and_actual_the_wrong_way_round_are_swapped_and_said(tmp_path: Path) -> None:
    company = report(tmp_path, "Expected: 11764 rows, 236 missing\nActual: 12000 rows should be in the file")

    result = await company.escalate("export")

    found, (conflict,) = reproduction(result), result.conflicts
    assert found.expected is not None
    assert found.expected.text == "“12000 rows should be in the file”"
    assert "the brief swaps them" in conflict.text
    assert conflict.cites == ("T-101/1",)


async def test_prose_after_a_numbered_list_is_no_step(tmp_path: Path) -> None:
    company = report(
        tmp_path, "The export is broken.\nHow to reproduce\n1. Open the page\n2. Click Export\nThat is all we know."
    )

    result = await company.escalate("export")

    assert len(reproduction(result).steps) == 2


async def test_the_tracker_gives_the_steps_that_the_ticket_lacks(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", customer("The export is broken."), links=["ENG-1"])
    company.issue("Export", body="Steps to reproduce:\n1. Export 5000 orders\n2. Count the rows")

    result = await company.escalate("export")

    assert [step.cites for step in reproduction(result).steps] == [("I-ENG-1",), ("I-ENG-1",)]


async def test_a_resolved_issue_gives_no_steps(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", customer("The export is broken."), links=["ENG-1"])
    company.issue("Export", body="Steps to reproduce:\n1. Export 5000 orders", resolved_at="2026-11-19T09:00:00Z")

    result = await company.escalate("export")

    assert reproduction(result).steps == ()


async def test_the_fullest_list_of_steps_wins(tmp_path: Path) -> None:
    short, long = "Steps:\n1. Export", "Steps:\n1. Open the page\n2. Click Export\n3. Count the rows"
    company = report(tmp_path, f"The export is broken.\n{short}", long)

    result = await company.escalate("export")

    assert [step.cites for step in reproduction(result).steps] == [("T-101/2",)] * 3


async def test_a_wish_has_nothing_to_reproduce(tmp_path: Path) -> None:
    company = report(tmp_path, "It would be great to have a dark mode.")

    result = await company.escalate("export")

    assert result.brief.reproduction is None


async def test_steps_are_kept_even_where_nothing_is_escalated(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Export",
        customer("The export is broken.\nSteps to reproduce:\n1. Open the page\n2. Click Export"),
        agent("You can find it in our documentation."),
    )

    result = await company.escalate("export")

    assert result.decision == "handle_in_support"
    assert len(reproduction(result).steps) == 2


async def test_a_second_heading_of_the_same_name_and_an_empty_line_end_a_part(tmp_path: Path) -> None:
    company = report(
        tmp_path,
        "The export is broken.\nEnvironment: Linux\n\nWe are on holiday.\nEnvironment: a second one\nSteps:\n- Export",
    )

    result = await company.escalate("export")

    assert reproduction(result).environment == {"stated": "Linux"}


async def test_our_own_observation_is_marked_as_ours(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Export", customer("The export is broken."), engineer("Steps to reproduce:\n1. Export\n2. Count", public=True)
    )

    result = await company.escalate("export")

    assert {step.kind for step in reproduction(result).steps} == {"stated_by_staff"}


async def test_a_report_without_headings_tells_its_step_with_what_was_wanted_and_what_came(tmp_path: Path) -> None:
    did = "Under Files > Shared I open the contract of May and get the contract of another company."
    company = report(tmp_path, f"The file page shows an error. {did}")

    result = await company.escalate("export")

    found = reproduction(result)
    assert [step.text for step in found.steps] == ["“Under Files > Shared I open the contract of May”"]
    assert found.expected is not None
    assert found.expected.text == "“the contract of May”"
    assert found.actual is not None
    assert found.actual.text == "“get the contract of another company.”"
    assert "the actual result" not in found.missing


async def test_what_the_customer_sees_is_the_actual_result_where_no_heading_says_so(tmp_path: Path) -> None:
    company = report(tmp_path, "The export fails with an error 500 for all orders of May. It should show 40 rows.")

    result = await company.escalate("export")

    found = reproduction(result)
    assert found.actual is not None
    assert found.actual.text == "“The export fails with an error 500 for all orders of May.”"
    assert found.expected is not None
    assert found.expected.text == "“It should show 40 rows.”"


async def test_the_environment_of_another_report_serves_where_the_meant_one_names_none(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export fails with error 500", customer("The export fails with error 500."), links=["ENG-1"])
    said = customer("The export fails with error 500, with Chrome 142 and Edge 142: all the same.")
    company.ticket("Export gives error 500", said, links=["ENG-1"], hours=4)
    company.issue("Export fails")

    result = await company.escalate("export fails with error 500")

    assert reproduction(result).environment == {"Chrome": "142", "Edge": "142"}
    assert "all the same" in reproduction(result).ruled_out[0].text


async def test_the_latest_count_tells_how_often_it_happens(tmp_path: Path) -> None:
    company = report(tmp_path, "The export fails for 2.1 % of the orders.", "Today it fails for 2.9 % of the orders.")

    result = await company.escalate("export")

    frequency = reproduction(result).frequency
    assert frequency is not None
    assert "2.9 %" in frequency.text


@pytest.mark.parametrize(
    "often", ["It happens on every run since Monday.", "I opened it three times, twice the old one and once ours."]
)
async def test_how_much_is_missing_is_not_how_often_it_happens(tmp_path: Path, often: str) -> None:
    company = report(tmp_path, "The export had 4,812 of 5,000 rows, orders are missing.", often)

    result = await company.escalate("export")

    frequency = reproduction(result).frequency
    assert frequency is not None
    assert frequency.text == f"“{often}”"
