"""What the problem does to the customers' work, how deeply and since when, in their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.skill.companies import Company, Record, agent, customer

BROKEN = "The order page fails with error 500."


def thread(folder: Path, *comments: Record) -> Company:
    """A company with one thread."""
    company = Company(folder)
    company.ticket("Order page", *comments)
    return company


@pytest.mark.parametrize(
    "effect",
    [
        "Our people key in around 60 orders a day.",
        "Without it we carry a finding into the audit in January.",
        "The stores take bookings by phone and write them down.",
        "Our drivers cannot deliver 40 parcels that wait at the dock.",
        "We invoice all clients from these files on Friday.",
    ],
)
async def test_what_it_does_to_their_work_comes_before_the_symptom(effect: str, tmp_path: Path) -> None:
    company = thread(tmp_path, customer(f"{BROKEN} {effect} Thank you."), agent("We are on it."))

    result = await company.escalate("order page")

    assert result.brief.impact.workflow_impact.text == f"Ada Lund (customer): “{effect}”"


async def test_an_alarm_that_was_taken_back_is_no_impact(tmp_path: Path) -> None:
    said = (
        customer("All orders are gone, we cannot ship 40 orders."),
        customer("False alarm, it was our own mistake."),
    )
    company = thread(tmp_path, *said)

    result = await company.escalate("order page")

    assert result.brief.impact.workflow_impact.text == "Ada Lund (customer): “False alarm, it was our own mistake.”"


async def test_a_line_of_a_log_is_no_impact(tmp_path: Path) -> None:
    company = thread(
        tmp_path, customer("05:58:14 POST /order -> 500 error order_write_failed\nThe order page is slow.")
    )

    result = await company.escalate("order page")

    assert "05:58:14" not in result.brief.impact.workflow_impact.text


async def test_a_depth_that_nobody_states_is_called_a_conclusion(tmp_path: Path) -> None:
    company = thread(tmp_path, customer("The order page shows a wrong total, 40 orders are missing."))

    result = await company.escalate("order page")

    depth = result.brief.impact.depth
    assert depth is not None
    assert (depth.level, depth.said) == (
        "inconvenienced",
        "a conclusion, none of these rows says that work has stopped",
    )


async def test_a_depth_that_the_customer_states_is_quoted(tmp_path: Path) -> None:
    company = thread(tmp_path, customer(f"{BROKEN} We are late rather than blocked."))

    result = await company.escalate("order page")

    depth = result.brief.impact.depth
    assert depth is not None
    assert (depth.level, depth.said) == ("inconvenienced", "Ada Lund (customer): “We are late rather than blocked.”")


async def test_a_step_that_could_not_be_tried_does_not_mean_that_work_has_stopped(tmp_path: Path) -> None:
    tried = customer("We tried another format, but sorting cannot be set. Orders are missing in the file.")
    company = thread(tmp_path, tried)

    result = await company.escalate("order page")

    depth = result.brief.impact.depth
    assert depth is not None
    assert depth.level == "inconvenienced"
