"""What may be proposed, where it goes, and how a person's yes carries it out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace

from customer_escalation.casebook.opening import open_case
from customer_escalation.casebook.proposals import proposals
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.follow_up import Office, approving, by_hand
from customer_escalation.follow_up.proposing import not_offered, offered, proposed
from customer_escalation.people import NotTheirs, Person
from tests.casebook.office import ANNA, MODEL, NOW, setting
from tests.follow_up.conftest import CASE, files, kinds
from tests.server import results


def test_a_next_step_is_proposed_by_its_id_or_its_kind(model: Office) -> None:
    seen = {write: proposed(model, CASE, write) for write in ("n1", "post_to_chat", "n4", "n6", "n7", "n8")}

    assert {write: (each.kind, each.destination.to) for write, each in seen.items()} == {
        "n1": ("post_to_chat", "#eng-orders"),
        "post_to_chat": ("post_to_chat", "#eng-orders"),
        "n4": ("reply_to_customer", "51842"),
        "n6": ("reply_to_customer", "51842"),
        "n7": ("internal_note", "51842"),
        "n8": ("reply_to_customer", "51842"),
    }
    assert len({each.id for each in seen.values()}) == 5
    assert seen["n4"].payload != seen["n8"].payload
    assert kinds(model) == ["proposed"] * 5
    assert len(offered(model, CASE)) == 8
    assert not_offered(model, CASE) == []


def test_a_kind_that_stands_there_twice_has_to_be_told_apart(model: Office) -> None:
    with pytest.raises(NotAllowed, match=r"say which .*n4 reply_to_customer → 51842, 51871"):
        proposed(model, CASE, "reply_to_customer")

    assert proposed(model, CASE, "reply_to_customer", to="51871").destination.to == "51871"
    assert proposed(model, CASE, "n4", to="pellworth supply").destination.to == "51871"


@pytest.mark.parametrize(
    ("write", "to", "where"),
    [
        ("post_to_chat", "", "#eng-orders"),
        ("inform_team", "#security-incidents", "#security-incidents"),
        ("internal_note", "51871", "51871"),
        ("reply_to_customer", "Acme Corp", "51842"),
        ("n8", "", "51842"),
        ("link_ticket", "ORD-3310", "ORD-3310"),
        ("update_ticket", "51842", "51842"),
        ("draft_article", "", CASE),
        ("schedule_follow_up", "", "Larkfield Support"),
    ],
)
def test_a_text_of_ones_own_goes_where_code_says(model: Office, write: str, to: str, where: str) -> None:
    own = {"update_ticket": "priority: high", "schedule_follow_up": "Look at 2026-11-20T09:00+01:00."}
    text = own.get(write, "In our own words.")

    mine = proposed(model, CASE, write, to=to, text=text)

    assert (mine.destination.to, mine.payload, mine.state) == (where, text, "pending")


@pytest.mark.parametrize(
    ("write", "to"),
    [
        ("post_to_chat", "#general"),
        ("post_to_chat", "https://evil.example/hook"),
        ("reply_to_customer", "40118"),  # a ticket that was read, of a customer who is not in this case
        ("reply_to_customer", "dana@evil.example"),
        ("internal_note", ""),  # two tickets: it has to be said which
        ("link_ticket", "ORD-1"),
        ("file_issue", "EVIL"),
        ("schedule_follow_up", "#general"),
        ("delete_everything", ""),
    ],
)
def test_it_goes_nowhere_else(model: Office, write: str, to: str) -> None:
    with pytest.raises(NotAllowed):
        proposed(model, CASE, write, to=to, text="In our own words.")

    assert kinds(model) == []


def test_a_reply_is_a_draft_until_sending_it_is_asked_for(model: Office) -> None:
    draft, sent = proposed(model, CASE, "n4"), proposed(model, CASE, "n4", send=True)

    assert approving.what(draft) == "Reply to the customer, left as a draft"
    assert approving.what(sent) == "Reply to the customer, SENT to them at once"
    assert draft.sha256 != sent.sha256
    assert proposed(model, CASE, draft.id, send=True).id == sent.id
    shorter = proposed(model, CASE, draft.id, text="Shorter.", send=True)
    assert (shorter.payload, shorter.destination.sends) == ("Shorter.", True)
    assert proposed(model, CASE, draft.id) == draft
    with pytest.raises(NotAllowed, match="is no reply"):
        proposed(model, CASE, "n1", send=True)


@pytest.mark.parametrize(("write", "says"), [
    ("n99", "no step, proposal or kind of write 'n99' in case-1; the brief has these steps: n1 (post_to_chat), "),
    ("", "say what to write; the brief has these steps: n1 (post_to_chat), "),
    ("0" * 32, f"no step, proposal or kind of write '{'0' * 32}' in case-1"),
])  # fmt: skip
def test_what_is_no_step_is_answered_with_the_steps(model: Office, write: str, says: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        proposed(model, CASE, write)

    assert str(refused.value).startswith(says)


def test_an_issue_goes_to_the_project_of_the_team_that_the_brief_names(model: Office) -> None:
    profile = model.setting.profile
    exports = next(area for area in profile.areas["engineering"] if area.name == "data-export")
    whole = replace(profile, areas={})

    assert proposed(model, CASE, "file_issue", text="A title").destination.to == "ORD"
    areas = replace(profile, teams={}, areas={"engineering": (exports,), "product": profile.areas["engineering"]})
    for where, project in ((whole, "ORD"), (areas, None)):
        office = replace(model, setting=replace(model.setting, profile=where))
        if project is None:
            with pytest.raises(NotAllowed, match="file_issue: say where it goes; it may go to ADM, EXP, "):
                proposed(office, CASE, "file_issue", text="Another title")
        else:
            assert proposed(office, CASE, "file_issue", text="Another title").destination.to == project


async def test_a_yes_writes_at_once_and_once(model: Office, anna: Office, outbox: Path) -> None:
    seen = proposed(model, CASE, "n1")

    answer = await approving.approve(anna, seen.id[:8], seen.sha256)

    assert (answer["state"], answer["approved_by"]) == ("delivered", ANNA)
    assert answer["says"] == "Written once to #eng-orders (outbox)."
    assert [seen.payload in each for each in files(outbox)] == [True]
    with pytest.raises(NotAllowed, match="was approved already"):
        await approving.approve(anna, seen.id, seen.sha256)
    assert len(files(outbox)) == 1
    assert approving.shown(anna, proposed(model, CASE, "n1"))["again"] == "2026-11-19T18:00+01:00"


async def test_only_a_person_who_may_approve_says_yes_or_no(model: Office, outbox: Path) -> None:
    seen = proposed(model, CASE, "n1")
    guest = replace(model, person=Person("guest", approves=False), actor="person:guest")

    for office, error in ((model, NotAllowed), (guest, NotTheirs)):
        with pytest.raises(error):
            await approving.approve(office, seen.id, seen.sha256)
        with pytest.raises(error):
            approving.decline(office, seen.id)
        with pytest.raises(error):
            approving.settle(office, seen.id, there=True)

    assert kinds(model) == ["proposed"]
    assert files(outbox) == []


async def test_an_edited_a_forged_and_an_expired_one_are_refused(model: Office, anna: Office, outbox: Path) -> None:
    seen = proposed(model, CASE, "n1")
    edited = proposed(model, CASE, seen.id, text="Wire the money to …")
    later = replace(anna, now=NOW + timedelta(hours=24))

    assert edited.id == seen.id
    with pytest.raises(NotAllowed, match="is not the text you saw"):
        await approving.approve(anna, seen.id, seen.sha256)
    with pytest.raises(NotAllowed, match="is not the text you saw"):
        await approving.approve(anna, seen.id, "0" * 64)
    with pytest.raises(NotAllowed, match="has expired"):
        await approving.approve(later, seen.id, edited.sha256)
    assert files(outbox) == []
    assert proposed(later, CASE, "n1").id != seen.id


def test_a_proposal_of_another_case_is_refused(model: Office) -> None:
    other = open_case(model.casebook, results.acme(), model.setting, actor=MODEL)
    theirs = proposed(model, other, "n1")

    with pytest.raises(NotAllowed, match=f"belongs to {other}, not to {CASE}"):
        proposed(model, CASE, theirs.id)
    with pytest.raises(NotAllowed, match="no step, proposal or kind of write"):
        proposed(model, CASE, "f" * 32)


def test_a_person_declines_edits_and_settles(model: Office, anna: Office) -> None:
    seen = proposed(model, CASE, "n1")

    assert approving.edit(anna, seen.id, "Shorter.")["text"] == "Shorter."
    assert [each["text"] for each in approving.pending(anna, CASE)] == ["Shorter."]
    assert approving.decline(anna, seen.id, "not now")["state"] == "declined"
    with pytest.raises(NotAllowed, match="is declined already"):
        approving.must_wait(anna, approving.found(anna, seen.id))
    with pytest.raises(NotAllowed, match="nothing to settle"):
        approving.settle(anna, seen.id, there=True)


def test_the_same_text_proposed_by_many_at_once_is_one_proposal(model: Office) -> None:
    start = Barrier(4)

    def run(_: int) -> str:
        start.wait()
        return proposed(model, CASE, "n1").id

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(run, range(4)))

    assert len(ids) == 1
    assert ids <= {each.id for each in proposals(model.casebook, CASE)}


def test_where_nothing_is_connected_nothing_is_offered_and_it_says_why(model: Office) -> None:
    where = setting()
    nowhere = replace(model, setting=where)

    assert offered(nowhere, CASE) == ["n5 schedule_follow_up → Larkfield Support: Remind me to check on this at"
                                      " 19 November, 20:50 UTC"]  # fmt: skip
    with pytest.raises(NotAllowed, match="no destination is connected"):
        proposed(nowhere, CASE, "n1")
    assert any("no destination is connected" in each for each in not_offered(nowhere, CASE))


def test_what_a_model_gave_is_no_command_on_the_line_that_a_person_runs() -> None:
    hostile = "x'; rm -rf / #\n--approve"

    line = by_hand.update(CASE, "told", customer=hostile, why="--yes $(id)")

    assert line == (
        "customer-escalation update case-1 told --customer='x'\"'\"'; rm -rf / # --approve' --why='--yes $(id)'"
    )
    assert by_hand.approve("ab12") == "customer-escalation approve ab12"
    assert by_hand.close(CASE) == "customer-escalation close case-1"
    assert by_hand.de_escalate(CASE, "workaround", "it holds", ["T-1"]) == (
        "customer-escalation de-escalate case-1 workaround --why='it holds' --evidence=T-1"
    )
