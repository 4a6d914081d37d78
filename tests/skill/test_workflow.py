"""The seven steps as one call: what it refuses, what it reports, what it gives, and that it never depends on chance."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation import settings, workflow
from customer_escalation.render import render
from customer_escalation.workflow import NothingRead, Request
from escalation_connectors.errors import InputError
from escalation_connectors.fakes import FakeSupport, Trouble
from escalation_connectors.sources import Sources
from tests.skill.companies import NOW, Company, customer

BROKEN = customer("The export is broken.")


@pytest.mark.parametrize("issue", ["", "  \n\t"])
async def test_an_empty_issue_is_refused_with_what_to_do(tmp_path: Path, issue: str) -> None:
    company = Company(tmp_path)

    with pytest.raises(InputError, match="ISSUE: is empty; say in a few words"):
        await company.escalate(issue)


async def test_no_readable_source_is_its_own_error_with_each_reason(tmp_path: Path) -> None:
    setting = settings.open_setting(Company(tmp_path).write())
    broken = replace(setting, sources=Sources(support=FakeSupport([], trouble=Trouble(fault="denied"))))

    with pytest.raises(NothingRead, match=r"none could be read: support_platform: .*crm: not_connected"):
        await workflow.escalate(Request("export", NOW), broken)

    setting.close()


async def test_an_empty_source_was_read(tmp_path: Path) -> None:
    company = Company(tmp_path)

    result = await company.escalate("export")

    assert (result.decision, result.severity, result.target) == ("escalate", "medium", "l2_support")
    assert {source.status for source in result.sources} == {"empty"}


async def test_each_step_is_reported_as_it_goes(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN)
    setting = settings.open_setting(company.write())
    heard: list[tuple[str, str]] = []

    result = await workflow.escalate(Request("export", NOW), setting, lambda step, detail: heard.append((step, detail)))

    setting.close()
    said = result.verification
    assert heard[0][0] == "gather"
    assert heard[-2:] == [
        ("assess", "1 tickets tell of it"),
        ("verify", f"{said.supported} of {said.statements} statements supported"),
    ]


async def test_two_runs_say_the_same_but_for_the_time_they_took(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for name in ("acme", "havelock", "sundale"):
        company.account(name.title(), arr=1000, currency="USD")
        company.ticket("Export", customer("The export is missing rows."), account=name)
        company.message(f"{name.title()} has trouble with the export.")

    first, second = await company.escalate("export is missing rows"), await company.escalate("export is missing rows")

    assert render(replace(first, stats=second.stats), "json") == render(second, "json")


async def test_nothing_from_after_the_given_moment_is_seen(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN)
    company.ticket("Export", customer("All our orders are gone after the export."), hours=-5)

    result = await company.escalate("export")

    assert [ref.id for ref in result.brief.supporting.tickets] == ["T-101"]


async def test_the_customer_is_the_one_that_was_named(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Acme Corp", aliases=["ACME"])
    company.ticket("Export", BROKEN, account="acme")
    company.ticket("Export", BROKEN, account="havelock")

    result = await company.escalate("export", "ACME")

    assert result.customer == "Acme Corp"


async def test_the_customer_of_the_only_ticket_need_not_be_named(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN, account="Havelock Freight")

    result = await company.escalate("export")

    assert result.customer == "Havelock Freight"


async def test_several_customers_are_no_customer(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN, account="acme")
    company.ticket("Export", BROKEN, account="havelock")

    result = await company.escalate("export")

    assert result.customer is None


async def test_the_result_says_how_it_was_made(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export", BROKEN)

    result = await company.escalate("export")

    assert (result.planner, result.model, result.issue, result.now) == ("rules", None, "export", NOW)
    assert result.verification.statements == result.verification.supported > 0
    assert (result.stats.model_turns, result.stats.input_tokens, result.stats.output_tokens) == (0, 0, 0)


def test_progress_needs_no_listener() -> None:
    workflow.quiet("gather", "crm: 3")
