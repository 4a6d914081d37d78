"""What the end of a case asks for, which of it is done, and the drafts for what is open; on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation.brief import Target
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.duties import Duty, duties, propose_open, remaining
from customer_escalation.casebook.outbox import deliver
from customer_escalation.casebook.proposals import approve, decline, proposals, propose
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.delivery.connected import ConnectedSinks
from customer_escalation.policy import Duty as Asked
from customer_escalation.profile import Team
from customer_escalation.settings import Setting
from tests.casebook.by_person import did
from tests.casebook.office import ANNA, LATER, MODEL, NOW, TICKET, Office, office, setting

THEIRS = "51871"
EVERYTHING = ["notify_team", "update_ticket", "inform_customer", "document"]


@pytest.fixture
def company(tmp_path: Path) -> Setting:
    return setting(folder=tmp_path / "company")


@pytest.fixture
def ended(casebook: Casebook, company: Setting) -> Office:
    """The Acme case, stepped down because a workaround is enough for Acme."""
    world = office(casebook, company)
    casebook.record(
        world.case_id, "de_escalated", actor=ANNA, at=NOW, why="Acme Corp says that the failover is enough",
        data={"condition": "workaround"},
    )  # fmt: skip
    return world


def of(world: Office, company: Setting, *, send: bool = False) -> dict[str, Duty]:
    found = duties(world.casebook, world.case_id, company, world.sinks, NOW, send=send)
    return {each.id: each for each in found}


async def delivered(world: Office, company: Setting, *, send: bool = True) -> None:
    """Everything that is open is proposed, approved by Anna and sent."""
    for each in propose_open(world.casebook, world.case_id, company, world.sinks, actor=MODEL, at=NOW, send=send):
        approve(world.casebook, each.id, each.sha256, actor=ANNA, at=NOW)
        sent = await deliver(world.casebook, each.id, world.sinks, worker="w1", now=NOW + LATER)
        assert sent.state == "delivered", sent.error


def test_a_case_that_goes_on_has_no_duties(casebook: Casebook, company: Setting) -> None:
    assert of(office(casebook, company), company) == {}


def test_stepping_down_asks_for_four_things_in_the_policys_order(ended: Office, company: Setting) -> None:
    found = of(ended, company)

    assert [(each.id, each.done, each.open) for each in found.values()] == [
        ("notify_team", False, ("Engineering not notified",)),
        ("update_ticket", False, ("ticket 51842 not updated", "ticket 51871 not updated")),
        ("inform_customer", False, ("Acme Corp not told of the end", "Pellworth Supply not told of the end")),
        ("document", False, ("what was learned is not documented",)),
    ]
    assert [(draft.kind, draft.destination.to) for each in found.values() for draft in each.drafts] == [
        ("inform_team", "#eng-orders"),
        ("internal_note", TICKET),
        ("internal_note", THEIRS),
        ("reply_to_customer", TICKET),
        ("reply_to_customer", THEIRS),
        ("draft_article", "knowledge"),
    ]


def test_the_team_that_solved_it_is_not_told_that_it_is_solved(casebook: Casebook, company: Setting) -> None:
    world = office(casebook, company)
    casebook.record(world.case_id, "moved", actor=ANNA, at=NOW, why="Deployed at noon", data={"to": "resolved"})

    found = of(world, company)

    assert list(found) == EVERYTHING[1:]
    assert found["update_ticket"].drafts[0].payload.startswith("Resolved Thu 19 Nov 2026, 18:00 CET.\nReason: Deployed")


def test_the_team_reads_why_and_what_was_learned(ended: Office, company: Setting) -> None:
    ended.casebook.record(ended.case_id, "learned", actor=ANNA, at=NOW, data={"root_cause": "The pool ran dry."})

    assert of(ended, company)["notify_team"].drafts[0].payload == (
        "case-1 (high): API returning 500 errors intermittently (Acme Corp, Pellworth Supply)\n"
        "De-escalated Thu 19 Nov 2026, 18:00 CET: A workaround unblocks the customer.\n"
        "Reason: Acme Corp says that the failover is enough\n"
        "Cause: The pool ran dry.\n"
        "It is no longer escalated to you; support follows it up with the customers."
    )


def test_a_cause_that_nobody_recorded_is_said_as_not_recorded(ended: Office, company: Setting) -> None:
    assert "Cause: not recorded." in of(ended, company)["notify_team"].drafts[0].payload


def test_the_note_on_a_ticket_names_no_customer(ended: Office, company: Setting) -> None:
    for draft in of(ended, company)["update_ticket"].drafts:
        assert "Acme" not in draft.payload
        assert "Reason: (a customer) says that the failover is enough" in draft.payload


def test_each_customer_reads_of_their_own_ticket_and_of_nothing_inside(ended: Office, company: Setting) -> None:
    ended.casebook.record(ended.case_id, "learned", actor=ANNA, at=NOW, data={"root_cause": "Rasmus broke the pool."})

    acme, pellworth = of(ended, company)["inform_customer"].drafts

    assert pellworth.payload == (
        "Hello Pellworth Supply,\n\nabout your ticket 51871: There is a way around it. Our support team has taken it"
        " over again from the specialists. Please tell us whether anything is still open for you."
    )
    for draft, others in ((acme, ("Pellworth", THEIRS)), (pellworth, ("Acme", TICKET))):
        for word in (*others, "Rasmus", "pool", "ORD-3310", "high", "Engineering", "case-1", "failover"):
            assert word not in draft.payload


@pytest.mark.parametrize("send", [True, False])
def test_a_reply_goes_out_only_where_somebody_asks_for_it(ended: Office, company: Setting, send: bool) -> None:
    assert {draft.destination.sends for draft in of(ended, company, send=send)["inform_customer"].drafts} == {send}


async def test_what_was_delivered_is_done(ended: Office, company: Setting) -> None:
    await delivered(ended, company)

    assert [each.done for each in of(ended, company).values()] == [True] * 4
    assert ended.casebook.state(ended.case_id).untold == ()


async def test_a_reply_that_stays_a_draft_informs_nobody(ended: Office, company: Setting) -> None:
    await delivered(ended, company, send=False)

    assert [each.id for each in of(ended, company).values() if not each.done] == ["inform_customer"]


def test_what_waits_for_a_person_is_not_proposed_twice(ended: Office, company: Setting) -> None:
    first = propose_open(ended.casebook, ended.case_id, company, ended.sinks, actor=MODEL, at=NOW)
    again = propose_open(ended.casebook, ended.case_id, company, ended.sinks, actor=MODEL, at=NOW)

    found = of(ended, company)
    assert (len(first), again) == (6, ())
    assert [(each.done, len(each.waiting)) for each in found.values()] == [
        (False, 1),
        (False, 2),
        (False, 2),
        (False, 1),
    ]
    assert {each.state for each in proposals(ended.casebook, ended.case_id)} == {"pending"}


def test_what_a_person_declined_is_still_open_and_drafted_again(ended: Office, company: Setting) -> None:
    first = propose_open(ended.casebook, ended.case_id, company, ended.sinks, actor=MODEL, at=NOW)[0]
    decline(ended.casebook, first.id, actor=ANNA, at=NOW, why="too short")

    assert [draft.kind for draft in of(ended, company)["notify_team"].drafts] == ["inform_team"]


def test_a_proposal_from_before_the_end_serves_no_duty(casebook: Casebook, company: Setting) -> None:
    world = office(casebook, company)
    world.proposed("internal_note", TICKET, "Escalated.")
    casebook.record(world.case_id, "moved", actor=ANNA, at=NOW, data={"to": "resolved"})

    assert len(of(world, company)["update_ticket"].drafts) == 2


async def test_what_was_done_before_it_was_escalated_again_counts_no_more(ended: Office, company: Setting) -> None:
    await delivered(ended, company)
    ended.casebook.record(ended.case_id, "re_escalated", actor=ANNA, at=NOW + timedelta(days=1))
    assert of(ended, company) == {}

    ended.casebook.record(ended.case_id, "moved", actor=ANNA, at=NOW + timedelta(days=2), data={"to": "resolved"})

    assert [each.done for each in of(ended, company).values()] == [False] * 3


async def test_the_team_is_told_where_the_brief_was_posted(casebook: Casebook, company: Setting) -> None:
    world = office(casebook, company)
    posted = world.approved("post_to_chat", "#eng-escalations")
    await deliver(casebook, posted.id, world.sinks, worker="w1", now=NOW + LATER)
    casebook.record(world.case_id, "de_escalated", actor=ANNA, at=NOW + LATER, data={"condition": "root_cause"})

    assert of(world, company)["notify_team"].drafts[0].destination.to == "#eng-escalations"


def test_another_target_means_its_own_channel(casebook: Casebook, company: Setting) -> None:
    world = office(casebook, company)
    case = casebook.get(world.case_id)
    target: Target = "security"
    casebook.change(case, replace(case.result, target=target))
    casebook.record(world.case_id, "de_escalated", actor=ANNA, at=NOW, data={"condition": "root_cause"})
    named = replace(company.profile, teams={"engineering": Team(channel="#eng-main")})
    other = replace(company, profile=named)
    sinks = ConnectedSinks(other.name, named, (), None)

    [duty] = [each for each in duties(casebook, world.case_id, other, sinks, NOW) if each.id == "notify_team"]

    assert duty.open == ("Engineering not notified: no destination is connected for inform_team",)


def test_without_a_channel_a_person_tells_the_team_and_says_so(ended: Office, company: Setting) -> None:
    bare = replace(company, profile=replace(company.profile, teams={}, areas={}))
    result = ended.casebook.get(ended.case_id)
    ended.casebook.change(result, replace(result.result, next_steps=()))

    before = of(ended, bare)["notify_team"]
    did(ended.casebook, ended.case_id, "notify_team", "told Tove at the stand-up", bare.policy)

    assert before.open == (
        "Engineering not notified: no channel of Engineering is configured; tell them otherwise and say so",
    )
    assert before.drafts == ()
    assert of(ended, bare)["notify_team"].done


def test_a_person_may_have_updated_one_ticket_by_hand(ended: Office, company: Setting) -> None:
    did(
        ended.casebook,
        ended.case_id,
        "update_ticket",
        "wrote it myself",
        company.policy,
        place=TICKET,
    )

    assert of(ended, company)["update_ticket"].open == ("ticket 51871 not updated",)


@pytest.mark.parametrize(
    ("duty", "why", "says"),
    [
        ("tidy_up", "done", "no such duty"),
        ("inform_customer", "by phone", "say of each customer"),
        ("document", "  ", "say how it was done"),
    ],
)
def test_a_duty_is_taken_over_by_a_person_who_says_how(
    ended: Office, company: Setting, duty: str, why: str, says: str
) -> None:
    with pytest.raises(NotAllowed, match=says):
        did(ended.casebook, ended.case_id, duty, why, company.policy)

    assert [each.done for each in of(ended, company).values()] == [False] * 4


def test_a_companys_own_duty_is_done_when_a_person_says_so(ended: Office, company: Setting) -> None:
    own = replace(company, policy=replace(company.policy, duties=(Asked("postmortem", "Hold a post-mortem"),)))
    before = of(ended, own)["postmortem"].open

    did(ended.casebook, ended.case_id, "postmortem", "held on Friday", own.policy)

    assert before == ("nobody has said that it is done",)
    assert of(ended, own)["postmortem"].done


def test_a_customer_without_a_ticket_is_told_otherwise(ended: Office, company: Setting) -> None:
    ended.casebook.record(ended.case_id, "joined", actor=ANNA, at=NOW, data={"customer": "Hollin & Co"})

    found = of(ended, company)["inform_customer"]

    assert (
        found.open[-1]
        == "Hollin & Co not told of the end: no ticket of theirs is known; tell them otherwise and say so"
    )
    ended.casebook.record(ended.case_id, "told", actor=ANNA, at=NOW + LATER, data={"customer": "Hollin & Co"})
    assert len(of(ended, company)["inform_customer"].open) == 2


def test_an_article_that_a_person_names_documents_the_case(ended: Office, company: Setting) -> None:
    ended.casebook.record(ended.case_id, "learned", actor=ANNA, at=NOW, data={"article": "kb-pool"})

    assert of(ended, company)["document"].done


def test_every_draft_may_be_proposed_where_it_goes(ended: Office, company: Setting) -> None:
    for duty in of(ended, company, send=True).values():
        for draft in duty.drafts:
            assert propose(ended.casebook, ended.case_id, draft, ended.sinks, actor=MODEL, at=NOW).state == "pending"


def test_what_is_left_names_customers_once_and_every_open_duty(casebook: Casebook, company: Setting) -> None:
    world = office(casebook, company)
    casebook.record(world.case_id, "moved", actor=ANNA, at=NOW, data={"to": "resolved"})
    for kind in ("told", "confirmed"):
        casebook.record(world.case_id, kind, actor=ANNA, at=NOW + LATER, data={"customer": "Acme Corp"})

    assert remaining(casebook.state(world.case_id), of(world, company).values()) == (
        "Pellworth Supply not told of the end; no confirmation from Pellworth Supply",
        "ticket 51842 not updated",
        "ticket 51871 not updated",
        "what was learned is not documented",
    )
