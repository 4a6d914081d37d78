"""The tools of follow-through, through a real client in both eras: what they show, whom they ask, what they do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from customer_escalation.casebook.proposals import approve, find
from tests.server.conftest import answer_of, error_of
from tests.server.people import CASE, Human, Team, call, refused

ANNA = "person:anna"


async def test_cases_are_listed_with_what_is_due_next(team: Team, era: str) -> None:
    team.open()

    answer = await call(team, era, "case_list", limit=1)

    assert answer["cases"] == [
        {
            "case_id": "case-2",
            "title": "API returning 500 errors intermittently (Acme Corp, Pellworth Supply)",
            "customer": "Acme Corp",
            "status": "open",
            "severity": "high",
            "opened_at": "2026-11-19T17:50+01:00",
            "next_due": "2026-11-19T21:48+01:00",
        }
    ]
    assert answer["read"] == "1 of 2 cases"
    assert (await call(team, era, "case_list", status="closed"))["cases"] == []
    assert "no status 'lost'; there are all, live, kept, open" in await refused(team, "case_list", status="lost")


async def test_a_case_is_shown_with_all_that_the_next_step_needs(team: Team, era: str) -> None:
    answer = await call(team, era, "case_show", case_id=CASE)

    assert (answer["status"], answer["severity"], answer["target"]) == ("open", "high", "engineering")
    assert answer["customers"] == [
        {"name": "Acme Corp", "tickets": ["51842"], "sla_due_at": "2026-11-19T21:48+01:00"},
        {"name": "Pellworth Supply", "tickets": ["51871"], "sla_due_at": "2026-11-24T14:26+01:00"},
    ]
    assert [each["name"] for each in answer["clocks"]] == [
        "customer:Acme Corp",
        "internal",
        "customer:Pellworth Supply",
    ]
    assert answer["offered"][0].startswith("n1 post_to_chat → #eng-orders: ")
    assert answer["unfinished"].startswith("it is neither resolved nor de-escalated")
    assert (answer["events"], answer["trail_intact"], len(answer["trail"])) == (1, True, 1)
    assert "pending" not in answer
    assert "no case 'case-9'" in await refused(team, "case_show", case_id="case-9")


async def test_a_yes_in_the_form_writes_the_exact_text_once(team: Team, era: str) -> None:
    human = Human()

    answer = await call(team, era, "case_approve", human, case_id=CASE, write="n1")

    [form], [page] = human.saw, [each for each in team.written if each]
    head, where, text, *lines = form.split("\n")
    assert (head, where, text) == (
        "Message to the team's channel: write it, once?",
        "│ #eng-orders (outbox), case-1",
        "Text:",
    )
    assert all(line.startswith("│ ") for line in lines)
    assert page.partition("---\n\n")[2] == "\n".join(line.removeprefix("│ ") for line in lines) + "\n"
    assert (answer["state"], answer["says"]) == ("delivered", "Written once to #eng-orders (outbox).")
    assert answer["receipt"]["id"].endswith(f"{answer['id']}.md")
    assert team.trail == [
        ("model:mcp", "proposed"),
        (ANNA, "approved"),
        ("code:outbox", "sending"),
        ("code:outbox", "delivered"),
        ("code:outbox", "checked"),
    ]


@pytest.mark.parametrize(
    ("human", "because"),
    [
        (None, "this client cannot show a form to the person"),
        (Human("cancel"), "the person closed the form"),
        (Human(content={}), "the client gave no answer that could be read"),
        (Human(content={"approve": "perhaps"}), "the client gave no answer that could be read"),
    ],
)
async def test_without_a_yes_nothing_is_written_and_the_proposal_waits(
    team: Team, era: str, human: Human | None, because: str
) -> None:
    answer = await call(team, era, "case_approve", human, case_id=CASE, write="n1")

    assert (answer["done"], answer["because"]) == (False, because)
    assert answer["a_person_runs"] == f"customer-escalation approve {answer['pending']} --workspace=here"
    shown = await call(team, era, "case_show", case_id=CASE)
    [waiting] = shown["pending"]
    assert (waiting["id"], waiting["state"], waiting["to"]) == (answer["pending"], "pending", "#eng-orders")
    assert len(waiting["sha256"]) == 64
    assert (team.written, team.kinds()) == ([], ["proposed"])


@pytest.mark.parametrize("human", [Human("decline"), Human(content={"approve": False})])
async def test_a_no_in_the_form_declines_the_proposal_and_nobody_is_asked_again(
    team: Team, era: str, human: Human
) -> None:
    answer = await call(team, era, "case_approve", human, case_id=CASE, write="n1")

    assert {key: value for key, value in answer.items() if key != "declined"} == {
        "done": False, "because": "the person said no", "state": "declined",
    }  # fmt: skip
    shown = await call(team, era, "case_show", case_id=CASE)
    assert ("pending" in shown, team.written) == (False, [])
    assert team.trail == [("model:mcp", "proposed"), (ANNA, "declined")]
    assert "is declined already" in await refused(
        team, "case_approve", Human(), case_id=CASE, write=str(answer["declined"])
    )


async def test_what_waits_is_approved_later_by_its_id(team: Team, era: str) -> None:
    waiting = (await call(team, era, "case_approve", case_id=CASE, write="n8"))["pending"]

    answer = await call(team, era, "case_approve", Human(), case_id=CASE, write=waiting[:8])

    assert (answer["id"], answer["state"]) == (waiting, "delivered")
    assert f"proposal {waiting[:8]} is delivered already" in await refused(
        team, "case_approve", Human(), case_id=CASE, write=waiting
    )


async def test_a_models_own_text_goes_where_code_says_and_a_person_sees_whose_it_is(team: Team, era: str) -> None:
    human = Human()
    text = "We are still investigating.\n│ #general\nApproved by Anna."

    answer = await call(
        team, era, "case_approve", human, case_id=CASE, write="reply_to_customer", to="acme corp", text=text, send=True
    )

    assert human.saw == [
        "Reply to the customer, SENT to them at once: write it, once?\n"
        "│ 51842, Acme Corp (outbox), case-1\n"
        "Text:\n"
        "│ We are still investigating.\n│ │ #general\n│ Approved by Anna."
    ]
    assert answer["to"] == "51842"
    assert team.kinds()[-1] == "told"
    assert "it may go to #eng-orders" in await refused(
        team, "case_approve", Human(), case_id=CASE, write="post_to_chat", to="#general", text="Hello."
    )


async def test_the_form_says_when_the_same_text_went_there_before(team: Team, era: str) -> None:
    human = Human()
    await call(team, era, "case_approve", human, case_id=CASE, write="n1")
    await call(team, era, "case_approve", human, case_id=CASE, write="n1")

    assert "The very same text was approved" not in human.saw[0]
    assert "\nThe very same text was approved for this place at 2026-11-19T17:50+01:00.\nText:\n" in human.saw[1]
    assert team.kinds().count("delivered") == 2


async def test_what_is_due_comes_with_its_draft_which_is_approved_as_it_is(team: Team, era: str) -> None:
    team.later(hours=8)
    await call(team, era, "case_approve", case_id=CASE, write="n1")

    answer = await call(team, era, "case_due", hours=0)

    assert [(each["clock"], each["overdue"]) for each in answer["due"]] == [
        ("customer:Acme Corp", "4 h 2 min"),
        ("internal", "4 h 0 min"),
        ("customer:Pellworth Supply", "0 h 0 min"),
    ]
    assert [each["to"] for each in answer["waiting"]] == ["#eng-orders"]
    first = answer["due"][0]
    done = await call(team, era, "case_approve", Human(), case_id=first["case_id"], write="reply_to_customer",
                      to=first["customer"], text=first["draft"], send=True)  # fmt: skip
    assert done["state"] == "delivered"
    left = (await call(team, era, "case_due", hours=0))["due"]
    assert [each["clock"] for each in left] == ["internal", "customer:Pellworth Supply"]
    assert len((await call(team, era, "case_due", hours=336, limit=1))["due"]) == 1


async def test_a_case_is_followed_to_its_end(team: Team, era: str) -> None:
    async with team.client(era, Human()) as client:

        async def do(tool: str, **arguments: object) -> dict[str, Any]:
            team.later(minutes=5)
            return answer_of(await client.call_tool(tool, {"case_id": CASE, **arguments}))

        await do("case_update", what="promised", customer="Acme Corp", due="2026-11-20T12:00:00Z")
        await do("case_update", what="kept", value="2")
        await do("case_update", what="resolved")
        for name in ("Acme Corp", "Pellworth Supply"):
            await do("case_update", what="told", customer=name)
            stands = await do("case_update", what="confirmed", customer=name)
        assert (stands["status"], "unfinished" in stands) == ("confirmed", False)
        done = await do("case_close")
        assert (done["status"], done["recorded"], "clocks" in done) == ("closed", "case-1 is closed", False)
        again = await do("case_update", what="escalated", value="critical", why="it is back")
        assert (again["status"], again["severity"]) == ("open", "critical")

    assert {actor for actor, _ in team.trail} == {ANNA}


async def test_an_unfinished_case_is_closed_for_a_persons_reason_alone(team: Team, era: str) -> None:
    human = Human()
    async with team.client(era, human) as client:
        assert "not yet: it is neither resolved" in error_of(await client.call_tool("case_close", {"case_id": CASE}))
        assert human.saw == []
        await client.call_tool("case_close", {"case_id": CASE, "reason": "opened twice; see case-2"})

    assert human.saw == [
        "Close case-1?\n│ case-1 is closed, although it is neither resolved nor de-escalated; no confirmation from"
        " Acme Corp, Pellworth Supply\nReason:\n│ opened twice; see case-2"
    ]
    assert team.trail == [(ANNA, "closed")]


async def test_a_case_steps_down_by_a_condition_of_the_policy(team: Team, era: str) -> None:
    human = Human()
    wanted = {"case_id": CASE, "condition": "workaround", "reason": "They retry.", "evidence_ids": "T-51842, R-0"}

    told = await call(team, era, "case_de_escalate", Human("cancel"), **wanted)
    answer = await call(team, era, "case_de_escalate", human, **wanted)

    assert told["a_person_runs"] == (
        "customer-escalation de-escalate case-1 workaround --why='They retry.' --evidence='T-51842 R-0'"
        " --workspace=here"
    )
    assert human.saw == [
        "De-escalate case-1?\n│ case-1 steps down: A workaround unblocks the customer [T-51842,R-0]"
        "\n│ The rows may not say so: T-51842, R-0: the cited rows do not speak of this (retr…): cite the rows that do"
        "\nReason:\n│ They retry."
    ]
    assert answer["status"] == "de_escalated"
    down, *drafted = team.trail
    assert down == (ANNA, "de_escalated")
    assert dict(team.book.events(CASE)[1].data) == {
        "condition": "workaround",
        "evidence": ["T-51842", "R-0"],
        "through": "model:mcp",
    }
    assert drafted == [("code:duties", "proposed")] * len(answer["proposed"])
    assert len(drafted) == 6


async def test_a_step_down_needs_a_known_condition_a_reason_and_evidence_of_the_case(team: Team) -> None:
    human = Human()
    wrong = {
        "no condition 'tired'; a case steps down by one of these: root_cause: ": {"condition": "tired", "reason": "x"},
        "say why the condition holds": {"condition": "workaround", "reason": " "},
        "case-1 holds no evidence T-1": {"condition": "workaround", "reason": "x", "evidence_ids": "T-1 R-0"},
    }

    for error, arguments in wrong.items():
        assert error in await refused(team, "case_de_escalate", human, case_id=CASE, **arguments)

    assert (human.saw, team.trail) == ([], [])


async def test_a_broken_trail_is_said_and_nothing_else_is_shown(team: Team, era: str) -> None:
    from sqlalchemy import update

    from customer_escalation.casebook.tables import EVENTS

    with team.book.database.writing() as db:
        db.execute(update(EVENTS).values(actor="person:bo"))

    answer = await call(team, era, "case_show", case_id=CASE)

    assert answer["trail_intact"] == "case-1: event 1 was changed"
    assert set(answer) == {"case_id", "title", "trail_intact"}


async def test_a_proposal_that_ran_out_is_proposed_anew(team: Team, era: str) -> None:
    waiting = (await call(team, era, "case_approve", case_id=CASE, write="n1"))["pending"]
    team.later(hours=25)

    assert f"proposal {waiting[:8]} has expired" in await refused(
        team, "case_approve", Human(), case_id=CASE, write=waiting
    )
    assert "pending" not in await call(team, era, "case_show", case_id=CASE)
    assert (await call(team, era, "case_approve", Human(), case_id=CASE, write="n1"))["state"] == "delivered"
    assert team.now - team.book.events(CASE)[0].at == timedelta(hours=25)


async def test_what_an_end_asks_for_is_written_by_the_name_of_the_duty(team: Team, era: str) -> None:
    down = {"condition": "workaround", "reason": "They retry."}
    ended = await call(team, era, "case_de_escalate", Human(), case_id=CASE, **down)
    duties = {each["id"]: each for each in (await call(team, era, "case_show", case_id=CASE))["duties"]}

    assert [each for each in duties if "done" in duties[each]] == []
    assert len(ended["proposed"]) == sum(len(each.get("waiting", ())) for each in duties.values())
    human = Human()
    told = await call(team, era, "case_approve", human, case_id=CASE, write="inform_customer", to="Acme Corp")
    assert (told["state"], told["to"], len(human.saw)) == ("delivered", "51842", 1)
    sent = await call(team, era, "case_approve", human, case_id=CASE, write="inform_customer", to="51871", send=True)
    assert (sent["state"], "SENT" in sent["what"], len(human.saw)) == ("delivered", True, 2)
    assert team.kinds()[-1] == "told"


async def test_what_was_approved_and_is_not_known_to_be_written_stands_apart(team: Team, era: str) -> None:
    seen = find(team.book, (await call(team, era, "case_approve", case_id=CASE, write="n1"))["pending"])
    approve(team.book, seen.id, seen.sha256, actor=ANNA, at=team.now)

    answer = await call(team, era, "case_show", case_id=CASE)

    [apart] = answer["unsettled"]
    assert (apart["id"], apart["state"], "pending" in answer) == (seen.id, "approved", False)
    assert apart["says"].startswith("Approved; whether it reached #eng-orders (outbox) is not known yet")


async def test_of_many_proposals_the_newest_are_shown(team: Team, era: str) -> None:
    async with team.client(era) as client:
        for number in range(25):
            team.later(seconds=1)
            note = {"case_id": CASE, "write": "internal_note", "to": "51842", "text": f"Note {number}."}
            await client.call_tool("case_approve", note)
        shown = answer_of(await client.call_tool("case_show", {"case_id": CASE}))
        due = answer_of(await client.call_tool("case_due", {}))

    assert [each["text"] for each in shown["pending"]] == [f"Note {number}." for number in range(5, 25)]
    assert len(due["waiting"]) == 20
