"""Real cases of the developers' shared folder, with what was said on them later: the right next state for each.

The posts of a case are put on its ticket as they were said, the case is looked at, and what is suggested is compared.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from msgspec.structs import replace

from customer_escalation import settings, workflow
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.opening import first, open_case
from customer_escalation.watching import Seen, watch
from escalation_connectors.fakes import FakeSupport
from escalation_connectors.records import Comment, Page, Person, Role, Ticket
from escalation_connectors.sources import Sources
from tests.casebook.desk import ACTOR, ANNA, shown

FOLDER = Path(os.environ.get("SHARED_CASES") or Path(__file__).resolve().parents[3] / "shared" / "cases")
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/case.json"))
STRICT = os.environ.get("CI_STRICT") == "1"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not NAMES and not STRICT, reason="the shared cases are not beside this checkout: SHARED_CASES"),
]


class Right(NamedTuple):
    """What has to be suggested (kind, to, condition), which news say so, and why that is right."""

    suggestions: list[tuple[str, str, str]]
    news: list[str]
    why: str


RIGHT = {
    "02-aks-upgrade-cluster-unavailable": Right(
        [("move", "resolved", ""), ("tell", "R1", "")],
        ["solved", "asks", "fixed", "cause"],
        "the vendor fixed it and names the cause, R1 confirms and still asks; R2 and R3 have to be told and asked",
    ),
    "04-serpapi-google-search-500-high-volume": Right(
        [("move", "resolved", "")],
        ["fixed"],
        "a fix is deployed, by an engineer's word; the customer has not confirmed yet",
    ),
    "10-edd-customers-removed-after-update": Right(
        [],
        [],
        "support handled it and reminds of the last step: nothing to move",
    ),
    "12-boss-charged-twice-refund": Right(
        [("move", "resolved", "")],
        ["fixed"],
        "the refund that was asked for was made; the customer has to confirm that it arrived",
    ),
    "14-etherpad-data-loss-unconfirmed": Right(
        [("de_escalate", "", "root_cause")],
        ["cause"],
        "the maintainer explains it by configuration, which support can settle; nobody fixed anything",
    ),
    "17-ofn-stripe-500-at-checkout": Right(
        [("move", "fix_pending", "")],
        ["fix_coming"],
        "a change that closes the issue is written; that it is live, or works for the shop, nobody says",
    ),
    "40-checkly-sso-provisioning-answered": Right(
        [],
        ["asks", "no_date", "no_date"],
        "no date is no end: it stays open, and the customer's question was answered",
    ),
}


def case_of(name: str) -> dict[str, Any]:
    """The whole case file."""
    return cast("dict[str, Any]", json.loads((FOLDER / name / "case.json").read_text(encoding="utf-8")))


def role_of(post: dict[str, Any]) -> Role:
    """The role under which the desk knows the author of a post."""
    said = str(post["role"])
    if "customer" in said:
        return "customer"
    return "engineer" if any(word in said for word in ("engineer", "developer", "maintainer")) else "agent"


async def follow(name: str, *, opened: bool = True) -> Seen:
    """Open the case at its time, put the later posts on its ticket, and look at it."""
    case = case_of(name)
    now = datetime.fromisoformat(case["now"])
    setting = settings.open_setting(FOLDER / name / "workspace")
    casebook = Casebook(None)
    try:
        result = await workflow.escalate(workflow.Request(case["issue"], now), setting)
        case_id = open_case(casebook, result, setting, actor=ACTOR)
        if opened and casebook.state(case_id).status == "kept":
            data = first(result, setting) | {"severity": "medium", "target": "l2_support"}
            casebook.record(case_id, "opened", actor=ANNA, at=now, data=data)
        support = setting.sources.support
        assert support is not None
        page = await support.search_tickets("", limit=50)
        primary = result.brief.supporting.tickets[0].id.removeprefix("T-")
        tickets = [with_posts(t, case["later"]) if t.id == primary else t for t in page.items]
        later = replace(setting, sources=Sources(support=FakeSupport(tickets)))
        last = max([now, *(moment(post) for post in case["later"])])
        return await watch(casebook, case_id, later, actor=ACTOR, now=last + timedelta(hours=1))
    finally:
        setting.close()
        casebook.close()


def moment(post: dict[str, Any]) -> datetime:
    """When a post was written: on its day, in the order of the posts."""
    return datetime.fromisoformat(f"{post['date']}T20:{int(post['n']):02d}:00+00:00")


def with_posts(ticket: Ticket, posts: list[dict[str, Any]]) -> Ticket:
    """The ticket with the later posts in its thread."""
    said = tuple(
        Comment(str(post["n"]), post["text"], moment(post), Person(post["author"], role_of(post))) for post in posts
    )
    items = (*ticket.comments.items, *said)
    return replace(ticket, comments=Page(items, len(items)))


@pytest.mark.parametrize("name", RIGHT)
async def test_what_was_said_later_leads_to_the_right_next_state(name: str) -> None:
    right = RIGHT[name]

    seen = await follow(name)

    kinds = [each.kind for each in seen.news if each.kind != "answered"]
    assert (shown(seen.suggestions), kinds) == (right.suggestions, right.news), right.why


async def test_the_fix_is_to_be_told_to_all_and_asked_of_those_who_said_nothing() -> None:
    seen = await follow("02-aks-upgrade-cluster-unavailable")

    assert seen.suggestions[0].text.endswith("tell and ask R2, R3")


async def test_what_support_handles_is_escalated_once_the_customer_asks_for_what_has_no_date() -> None:
    seen = await follow("40-checkly-sso-provisioning-answered", opened=False)

    [suggestion] = seen.suggestions
    assert (suggestion.kind, suggestion.to) == ("move", "open")
    assert suggestion.text == "Escalate it to product: R1 asks for what ours have no date for"


@pytest.mark.parametrize("name", ["10-edd-customers-removed-after-update", "12-boss-charged-twice-refund"])
async def test_what_support_has_handled_asks_for_nothing_more(name: str) -> None:
    assert (await follow(name, opened=False)).suggestions == ()


def test_every_case_with_later_posts_is_there() -> None:
    assert sorted(name for name in NAMES if case_of(name).get("later")) == sorted(RIGHT)
