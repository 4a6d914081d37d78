"""Slow, failing and silent sources: the brief comes in time, and says what it could not read."""

from __future__ import annotations

from typing import get_args

import pytest

from customer_escalation import workflow
from customer_escalation.brief import Result
from escalation_connectors.fakes import Fault, Trouble
from escalation_connectors.records import CATEGORIES, Category
from escalation_connectors.sources import Sources
from tests.sources import brief_over, company, report_of
from tests.virtual_time import elapsed

SLOTS: dict[Category, str] = dict(zip(CATEGORIES, ("support", "crm", "chat", "tracker", "knowledge"), strict=True))
WHY: dict[Fault, str] = {
    "hang": "no answer in time",
    "rate_limited": "too many requests; wait and try again",
    "denied": "the credentials were refused; check the credentials and their scopes",
    "malformed": "the answer could not be understood; report this to the connector's author",
    "down": "the service is not available; try again later",
}
LATENCY, WAVES = 0.2, 3


def others(result: Result, category: Category) -> list[str]:
    """What became of the other sources."""
    return [report.status for report in result.sources if report.category != category]


def test_every_fault_has_its_words() -> None:
    assert set(get_args(Fault)) - {"", "crash"} == set(WHY)


def test_gathering_takes_three_round_trips_however_much_there_is_to_ask() -> None:
    sources = company(everywhere=Trouble(delay=LATENCY))
    result, seconds = elapsed(brief_over(sources))

    assert {report.status for report in result.sources} == {"ok"}
    assert seconds <= 1.15 * WAVES * LATENCY


@pytest.mark.parametrize("fault", WHY)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_source_that_fails_is_said_to_have_failed_and_why(category: Category, fault: Fault) -> None:
    result, seconds = elapsed(brief_over(company(**{SLOTS[category]: Trouble(fault=fault)})))

    assert seconds <= 30.0
    found = report_of(result, category)
    assert (found.status, found.records, found.error) == ("failed", 0, WHY[fault])
    assert others(result, category) == ["ok"] * 4
    assert any(f"could not be read ({WHY[fault]})" in line for line in result.unknown)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_source_that_fails_is_not_an_empty_one(category: Category) -> None:
    failed, _ = elapsed(brief_over(company(**{SLOTS[category]: Trouble(fault="down")})))

    row = failed.evidence[f"S-{category}"]
    assert not row.complete
    assert "failed: the service is not available" in row.text


@pytest.mark.parametrize("fault", WHY)
def test_credentials_that_run_out_in_the_middle_keep_what_was_read_and_say_so(fault: Fault) -> None:
    result, _ = elapsed(brief_over(company(support=Trouble(fault=fault, after=2))))

    found = report_of(result, "support_platform")
    assert found.status == "ok"
    assert found.records == 2
    assert found.error == WHY[fault]
    assert found.note == f"partly failed: {WHY[fault]}"
    assert not result.evidence["S-case"].complete
    assert [each for each in result.brief.insights if each.kind == "absence"] == []


def test_five_sources_that_hang_after_the_first_wave_hold_the_brief_no_longer_than_its_deadline() -> None:
    result, seconds = elapsed(brief_over(company(everywhere=Trouble(fault="hang", after=1)), deadline_s=12.0))

    assert seconds <= 12.1
    assert {report.note for report in result.sources} >= {"partly failed: no answer in time"}


def test_a_slow_source_is_cut_off_at_the_deadline_and_the_rest_is_used() -> None:
    result, seconds = elapsed(brief_over(company(crm=Trouble(delay=60.0)), deadline_s=5.0))

    assert seconds <= 5.1
    assert (report_of(result, "crm").status, report_of(result, "crm").error) == ("failed", "no answer in time")
    assert report_of(result, "support_platform").status == "ok"
    assert result.brief.impact.revenue_at_risk is None


def test_no_source_at_all_is_an_error_of_its_own() -> None:
    with pytest.raises(workflow.NothingRead, match="none could be read: support_platform: not_connected"):
        elapsed(brief_over(Sources()))


def test_five_failing_sources_are_an_error_that_names_each() -> None:
    with pytest.raises(workflow.NothingRead) as caught:
        elapsed(brief_over(company(everywhere=Trouble(fault="denied"))))

    assert all(f"{category}: the credentials were refused" in str(caught.value) for category in CATEGORIES)


def test_a_defect_in_a_connector_costs_its_source_and_is_not_taken_for_an_empty_answer() -> None:
    result, _ = elapsed(brief_over(company(chat=Trouble(fault="crash"))))

    [chat] = [source for source in result.sources if source.category == "chat"]
    assert (chat.status, chat.error) == ("failed", "fake chat: the connector broke (RuntimeError); report it")
