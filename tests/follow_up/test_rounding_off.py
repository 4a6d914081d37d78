"""How a case ends for those who follow it up: its duties proposed, what is left named, what was learned kept."""

from __future__ import annotations

from typing import Any, cast

import pytest

from customer_escalation.casebook.state import NotAllowed
from customer_escalation.follow_up import Office, approving, ending, proposing, rounding_off, showing, updating
from tests.follow_up.conftest import CASE, kinds

EIGHT = 8
WRITES = ["inform_team → #eng-orders", "internal_note → 51842", "internal_note → 51871",
          "reply_to_customer → 51842", "reply_to_customer → 51871", "draft_article → knowledge"]  # fmt: skip


def down(anna: Office) -> dict[str, Any]:
    """Anna steps the case down."""
    return cast("dict[str, Any]", ending.de_escalate(anna, CASE, "workaround", "the failover is enough"))


def over(anna: Office) -> None:
    """It is solved, and everybody knows and says so."""
    updating.update(anna, CASE, "resolved")
    for what in ("told", "confirmed"):
        for customer in ("Acme Corp", "Pellworth Supply"):
            updating.update(anna, CASE, what, customer=customer)


def test_stepping_down_proposes_every_duty_and_writes_nothing(anna: Office) -> None:
    answer = down(anna)

    assert [line[EIGHT + 1 :] for line in answer["proposed"]] == WRITES
    assert [(each["id"], len(each["waiting"])) for each in answer["duties"]] == [
        ("notify_team", 1),
        ("update_ticket", 2),
        ("inform_customer", 2),
        ("document", 1),
    ]
    assert kinds(anna) == ["de_escalated", *["proposed"] * 6]


async def test_each_duty_is_approved_by_its_id_and_done_then(anna: Office) -> None:
    for line in down(anna)["proposed"]:
        mine = approving.found(anna, line[:EIGHT])
        await approving.approve(anna, mine.id, mine.sha256)

    shown = cast("dict[str, Any]", showing.show(anna, CASE))

    assert [(each["id"], each.get("done")) for each in shown["duties"]] == [
        ("notify_team", True),
        ("update_ticket", True),
        ("inform_customer", None),  # the replies stayed drafts
        ("document", True),
    ]


def test_a_solved_case_shows_its_duties_and_their_words_propose_them(anna: Office, model: Office) -> None:
    updating.update(anna, CASE, "resolved")
    shown = cast("dict[str, Any]", showing.show(model, CASE))

    made = proposing.proposed(model, CASE, "inform_customer", to="pellworth supply", send=True)
    again = proposing.proposed(model, CASE, "inform_customer", to="51871", send=True)
    article = proposing.proposed(model, CASE, "document")

    assert [line for each in shown["duties"] for line in each["writes"]] == [
        "update_ticket → 51842",
        "update_ticket → 51871",
        "inform_customer → 51842",
        "inform_customer → 51871",
        "document → knowledge",
    ]
    assert (made.kind, made.destination.to, made.destination.sends) == ("reply_to_customer", "51871", True)
    assert again.id == made.id
    assert article.payload.startswith("# API returning 500 errors intermittently\n")


@pytest.mark.parametrize(
    ("duty", "to", "says"),
    [
        ("inform_customer", "", "inform_customer: say which by `to`: 51842, 51871"),
        ("inform_customer", "Hollin", "say which by `to`"),
        ("notify_team", "", "notify_team: case-1 asks for nothing of it now"),
    ],
)
def test_a_duty_that_is_not_one_write_has_to_be_named(anna: Office, duty: str, to: str, says: str) -> None:
    updating.update(anna, CASE, "resolved")

    with pytest.raises(NotAllowed, match=says):
        proposing.proposed(anna, CASE, duty, to=to)


def test_closing_too_early_names_what_is_left_with_its_duties(anna: Office) -> None:
    updating.update(anna, CASE, "resolved")
    updating.update(anna, CASE, "told", customer="Acme Corp")

    with pytest.raises(NotAllowed) as refused:
        ending.close(anna, CASE)

    assert str(refused.value) == (
        "not yet: Pellworth Supply not told of the end; no confirmation from Acme Corp, Pellworth Supply; "
        "ticket 51842 not updated; "
        "ticket 51871 not updated; "
        "what was learned is not documented; close it with a reason, or finish that first"
    )


def test_a_persons_reason_closes_it_and_what_was_left_is_kept(anna: Office) -> None:
    down(anna)

    answer = cast("dict[str, Any]", ending.close(anna, CASE, "both left us"))

    closed = anna.casebook.events(CASE)[-1]
    assert (answer["status"], closed.why) == ("closed", "both left us")
    assert cast("list[str]", closed.data["left"])[0].startswith("Acme Corp, Pellworth Supply not told of the end")
    assert [each["id"] for each in answer["duties"]] == [
        "notify_team",
        "update_ticket",
        "inform_customer",
        "document",
    ]


def test_once_everybody_confirmed_it_is_closed_and_its_open_duties_are_named(anna: Office) -> None:
    over(anna)

    answer = cast("dict[str, Any]", ending.close(anna, CASE))

    assert answer["status"] == "closed"
    assert [each["id"] for each in answer["duties"]] == ["update_ticket", "document"]


def test_what_was_learned_is_recorded_shown_and_told(anna: Office) -> None:
    updating.update(anna, CASE, "learned", value="root cause", why="Two lookups share a pool. [I-ORD-3310]")
    updating.update(anna, CASE, "learned", value="fix_version", why="2026.11.5")

    shown = cast("dict[str, Any]", showing.show(anna, CASE))

    assert shown["learned"] == {"root_cause": "Two lookups share a pool.", "fix_version": "2026.11.5"}
    assert shown["trail"][-2].endswith("person:anna learned: Two lookups share a pool.")
    assert rounding_off.asked(anna, CASE) == ()


@pytest.mark.parametrize(
    ("value", "why", "says"),
    [
        ("", "x", "no such learning: 'nothing'; it is one of root_cause, fix, fix_version"),
        ("root_cause", "", "root_cause: say it in 1 to"),
        ("root_cause", "Bad luck [T-1]", "the case holds no evidence T-1"),
    ],
)
def test_a_learning_says_what_about_and_cites_what_is_there(anna: Office, value: str, why: str, says: str) -> None:
    with pytest.raises(NotAllowed, match=says):
        updating.update(anna, CASE, "learned", value=value, why=why)


def test_a_model_alone_learns_nothing(model: Office) -> None:
    with pytest.raises(NotAllowed, match="only a person"):
        updating.update(model, CASE, "learned", value="root_cause", why="A full disk.")


def test_a_case_shows_the_earlier_ones_of_its_problem(anna: Office) -> None:
    case = anna.casebook.get(CASE)
    second = anna.casebook.add(case.result, customer="Acme", workspace="Larkfield", opened_at=anna.now)

    shown = cast("dict[str, Any]", showing.show(anna, second))

    assert shown["earlier"]["note"] == (
        "The same report is kept already as case-1 (open, fix version 2026.11.4, since 19 November)."
    )
    assert "earlier" not in showing.show(anna, CASE)


def test_a_duty_that_a_person_did_by_hand_is_done_once_they_say_how(anna: Office, model: Office) -> None:
    down(anna)

    for office, value, why, says in (
        (model, "document", "in the wiki", "only a person may say this of a case: document was done by hand"),
        (anna, "tidy_up", "done", "no such duty"),
        (anna, "document", "", "say how it was done"),
    ):
        with pytest.raises(NotAllowed, match=says):
            updating.update(office, CASE, "done", value=value, why=why)
    updating.update(anna, CASE, "done", value="document", why="in the wiki")
    updating.update(anna, CASE, "done", value="update_ticket 51842", why="noted it there")

    shown = cast("dict[str, Any]", showing.show(anna, CASE))
    found = {each["id"]: (each.get("done"), each.get("open", [])) for each in shown["duties"]}
    assert found["document"] == (True, [])
    assert found["update_ticket"] == (None, ["ticket 51871 not updated"])
    assert shown["trail"][-1].endswith("person:anna noted: update_ticket; noted it there")


def test_no_duty_is_done_before_the_end_that_asks_for_it(anna: Office) -> None:
    with pytest.raises(NotAllowed, match=r"^done: case-1 goes on; only its end asks for duties"):
        updating.update(anna, CASE, "done", value="document", why="in the wiki")


def test_what_says_how_the_case_stands_lapses_when_it_stands_otherwise(anna: Office) -> None:
    post, link = proposing.proposed(anna, CASE, "n1"), proposing.proposed(anna, CASE, "link_ticket")
    lines = down(anna)["proposed"]
    shown = cast("dict[str, Any]", showing.show(anna, CASE))

    assert shown["lapsed"] == [
        f"{post.id[:8]} post_to_chat → #eng-orders: the case is de escalated since Thu 19 Nov 2026, 18:00 CET"
    ]
    with pytest.raises(NotAllowed, match=r"has lapsed: the case is de escalated since .*; propose it again if"):
        approving.say_yes(anna, post.id, post.sha256)
    assert approving.say_yes(anna, link.id, link.sha256).state == "approved"

    updating.update(anna, CASE, "escalated")

    reply = next(approving.found(anna, line[:EIGHT]) for line in lines if "reply_to_customer" in line)
    with pytest.raises(NotAllowed, match="has lapsed: the case is open since"):
        approving.say_yes(anna, reply.id, reply.sha256)
    assert approving.pending(anna, CASE) == []


def test_what_its_end_asked_for_may_still_be_approved_once_it_is_closed(anna: Office) -> None:
    reply = next(approving.found(anna, line[:EIGHT]) for line in down(anna)["proposed"] if "reply_to_customer" in line)

    ending.close(anna, CASE, "opened twice")

    assert approving.say_yes(anna, reply.id, reply.sha256).state == "approved"


@pytest.mark.parametrize(
    ("reason", "row", "doubted"),
    [
        ("with retries everything goes through in the end", "T-51871/1", False),
        ("retrying with the same key works", "T-51842/5", True),
    ],
)
def test_a_reason_that_its_rows_do_not_say_is_recorded_with_the_doubt(
    anna: Office, reason: str, row: str, doubted: bool
) -> None:
    answer = ending.de_escalate(anna, CASE, "workaround", reason, [row])

    assert answer["status"] == "de_escalated"
    assert str(answer.get("doubt", "")).startswith(f"{row}: no sentence of a cited row says this" if doubted else "")
    assert ("doubt" in answer) == doubted
