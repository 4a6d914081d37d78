"""What is said later on invented cases, with traps: each leads to the right suggestion, and to nothing more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from customer_escalation.casebook import Casebook
from escalation_connectors.records import Account, Comment, Page, Person, Ticket
from tests.casebook.desk import Desk, shown
from tests.sources import NOW

CASES = cast("list[dict[str, Any]]", yaml.safe_load((Path(__file__).parent / "later.yaml").read_text(encoding="utf-8")))


async def opened(casebook: Casebook, case: dict[str, Any]) -> Desk:
    """The case as it stands before anybody says more."""
    customers = cast("dict[str, str]", case["customers"])
    accounts = [Account(id=f"a{number}", name=name) for number, name in enumerate(customers)]
    desk = Desk(
        casebook,
        [ticket(number, case, person) for number, person in enumerate(customers.values())],
        (),
        accounts,
    )
    await desk.open(f"{case['problem']} (ticket 900)")
    start = case.get("start", "open")
    if start in ("resolved", "closed", "fix_pending"):
        desk.event("moved", to="fix_pending" if start == "fix_pending" else "resolved")
    if start == "de_escalated":
        desk.event("de_escalated", condition="resolved_itself")
    if start in ("resolved", "closed"):
        for name in customers:
            desk.event("told", customer=name)
    if start == "closed":
        desk.event("closed", "all said so on the phone")
    return desk


def ticket(number: int, case: dict[str, Any], person: str) -> Ticket:
    """One customer's report of the problem; the second says that it is the same as the first."""
    problem = case["problem"]
    report = Comment(
        "1",
        case.get("said", f"{problem} since yesterday. It fails."),
        NOW - timedelta(hours=9),
        Person(person, "customer"),
    )
    return Ticket(
        id=str(900 + number), subject=problem, created_at=NOW - timedelta(hours=9), status="open",
        requester=Person(person, "customer"), account=f"a{number}", comments=Page((report,), 1),
        links=("900",) if number else (),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
async def test_what_is_said_later_leads_to(case: dict[str, Any]) -> None:
    casebook = Casebook(None)
    desk = await opened(casebook, case)
    numbers = {person: str(900 + number) for number, person in enumerate(case["customers"].values())}
    before = desk.state.status
    for who, text in case["posts"]:
        if who == "agent":
            desk.agent(text, ticket="900")
        elif who == "inside":
            desk.agent(text, ticket="900", public=False)
        elif who == "engineer":
            desk.says(text, "Nils Berg", "engineer", "900", public=False)
        else:
            desk.says(text, who, ticket=numbers[who])

    seen = await desk.watch()

    kinds = [each.kind for each in seen.news if each.kind not in ("contradicted", "status")]
    assert (shown(seen.suggestions), kinds) == ([tuple(each) for each in case["expect"]], case["news"]), case["why"]
    assert desk.state.status == before
    assert desk.state.unconfirmed == tuple(case["customers"])
    casebook.close()


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 25
    assert len({case["id"] for case in CASES}) == len(CASES)
