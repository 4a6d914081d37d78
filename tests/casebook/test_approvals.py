"""Only a person's yes to the exact text is an approval: everything else is refused, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import update

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.outbox import deliver, settle
from customer_escalation.casebook.proposal import Proposal
from customer_escalation.casebook.proposals import approve, decline, edit, expire, find, proposals
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.casebook.tables import PROPOSALS
from tests.casebook.office import ANNA, BO, CHANNEL, MODEL, NOW, Office, office, setting
from tests.casebook.sweeping import sweep


@pytest.fixture
def desk(casebook: Casebook, tmp_path: Path) -> Office:
    return office(casebook, setting(folder=tmp_path))


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "outbox").glob("*.md"))


def test_a_persons_yes_to_what_they_saw_is_an_approval(desk: Office) -> None:
    seen = desk.proposed()

    approved = approve(desk.casebook, seen.id, seen.sha256, actor=ANNA, at=NOW)

    assert (approved.state, approved.approved_by, approved.approved_at) == ("approved", ANNA, NOW)
    assert find(desk.casebook, seen.id) == approved
    assert desk.trail() == ["proposed", "approved"]
    said = desk.casebook.events(desk.case_id)[-1]
    assert said.actor == ANNA
    assert dict(said.data) == {
        "proposal": seen.id,
        "kind": "post_to_chat",
        "destination": {"sink": "outbox", "to": CHANNEL, "options": {}},
        "sha256": seen.sha256,
    }


@pytest.mark.parametrize("actor", [MODEL, "code:worker", "", "person:", "person: ", "anna", "Person:anna"])
def test_nobody_but_a_person_approves_declines_or_settles(desk: Office, actor: str) -> None:
    seen = desk.proposed()

    acts: tuple[Callable[[], object], ...] = (
        lambda: approve(desk.casebook, seen.id, seen.sha256, actor=actor, at=NOW),
        lambda: decline(desk.casebook, seen.id, actor=actor, at=NOW),
        lambda: settle(desk.casebook, seen.id, True, actor=actor, at=NOW),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match=r"^only a person may"):
            act()

    assert find(desk.casebook, seen.id).state == "pending"
    assert desk.trail() == ["proposed"]


def test_a_text_that_was_edited_after_it_was_seen_is_not_approved(desk: Office) -> None:
    seen = desk.proposed()
    edited = edit(desk.casebook, seen.id, "Another text.", actor=MODEL, at=NOW)

    with pytest.raises(NotAllowed, match="is not the text you saw"):
        approve(desk.casebook, seen.id, seen.sha256, actor=ANNA, at=NOW)

    assert edited.sha256 != seen.sha256
    assert find(desk.casebook, seen.id).state == "pending"
    assert approve(desk.casebook, seen.id, edited.sha256, actor=ANNA, at=NOW).payload == "Another text."


async def test_editing_takes_an_approval_back(desk: Office, tmp_path: Path) -> None:
    yes = desk.approved()

    edited = edit(desk.casebook, yes.id, "Another text.", actor=MODEL, at=NOW)

    assert (edited.state, edited.approved_by, edited.approved_at) == ("pending", "", None)
    with pytest.raises(NotAllowed, match="is pending, not approved"):
        await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)
    assert await sweep(desk.casebook, desk.sinks, worker="w", clock=lambda: NOW) == 0
    assert files(tmp_path) == []


@pytest.mark.parametrize("forged", ["", "0" * 64, "f" * 63, "latest"])
def test_a_forged_hash_is_refused(desk: Office, forged: str) -> None:
    seen = desk.proposed()

    for sha256 in (forged, seen.sha256.upper(), seen.sha256 + " "):
        with pytest.raises(NotAllowed, match="is not the text you saw"):
            approve(desk.casebook, seen.id, sha256, actor=ANNA, at=NOW)

    assert desk.trail() == ["proposed"]


def test_the_hash_of_the_same_text_in_another_case_or_for_another_place_is_refused(
    desk: Office, tmp_path: Path
) -> None:
    other = office(desk.casebook, setting(folder=tmp_path))
    seen, elsewhere = other.proposed(), desk.proposed("post_to_chat", "#security-incidents")
    here = desk.proposed()

    assert len({seen.sha256, elsewhere.sha256, here.sha256}) == 3
    for sha256 in (seen.sha256, elsewhere.sha256):
        with pytest.raises(NotAllowed, match="is not the text you saw"):
            approve(desk.casebook, here.id, sha256, actor=ANNA, at=NOW)


def test_a_draft_and_a_reply_that_is_sent_have_different_hashes(desk: Office) -> None:
    draft = desk.proposed("reply_to_customer", "51842")
    sent = desk.proposed("reply_to_customer", "51842", send=True)

    assert draft.sha256 != sent.sha256


def test_another_teams_proposal_is_unknown(casebook: Casebook, tmp_path: Path) -> None:
    desk = office(casebook.of_team("red"), setting(folder=tmp_path))
    seen = desk.proposed()
    blue = casebook.of_team("blue")

    acts: tuple[Callable[[], object], ...] = (
        lambda: approve(blue, seen.id, seen.sha256, actor=ANNA, at=NOW),
        lambda: edit(blue, seen.id, "Another text.", actor=ANNA, at=NOW),
        lambda: decline(blue, seen.id, actor=ANNA, at=NOW),
        lambda: find(blue, seen.id),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match=r"^no proposal '"):
            act()

    assert proposals(blue) == ()
    assert expire(blue, actor="code:w", at=NOW + timedelta(days=9)) == 0
    assert find(casebook, seen.id) == seen


async def test_another_teams_approved_proposal_is_not_delivered(casebook: Casebook, tmp_path: Path) -> None:
    desk = office(casebook.of_team("red"), setting(folder=tmp_path))
    yes = desk.approved()
    blue = casebook.of_team("blue")

    with pytest.raises(NotAllowed, match=r"^no proposal '"):
        await deliver(blue, yes.id, desk.sinks, worker="w", now=NOW)
    assert await sweep(blue, desk.sinks, worker="w", clock=lambda: NOW) == 0
    assert files(tmp_path) == []


def test_an_expired_proposal_is_not_approved(desk: Office) -> None:
    seen = desk.proposed()

    with pytest.raises(NotAllowed, match=r"has expired; propose it again$"):
        approve(desk.casebook, seen.id, seen.sha256, actor=ANNA, at=NOW + timedelta(hours=24))
    with pytest.raises(NotAllowed, match=r"is expired; propose it again$"):
        approve(desk.casebook, seen.id, seen.sha256, actor=ANNA, at=NOW)

    assert desk.trail() == ["proposed", "expired"]


def test_it_is_approved_until_the_last_moment(desk: Office) -> None:
    seen = desk.proposed()

    at = NOW + timedelta(hours=24) - timedelta(microseconds=1)
    assert approve(desk.casebook, seen.id, seen.sha256, actor=ANNA, at=at).state == "approved"


async def test_an_approval_that_was_not_acted_on_within_an_hour_sends_nothing(desk: Office, tmp_path: Path) -> None:
    yes = desk.approved()

    late = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW + timedelta(hours=1))

    assert late.state == "expired"
    assert files(tmp_path) == []
    with pytest.raises(NotAllowed, match=r"is expired; propose it again$"):
        approve(desk.casebook, yes.id, yes.sha256, actor=ANNA, at=NOW + timedelta(hours=1))


async def test_what_nobody_acted_on_expires_by_itself(desk: Office) -> None:
    waiting, yes = desk.proposed(), desk.approved()

    assert expire(desk.casebook, actor="code:w", at=NOW + timedelta(minutes=59)) == 0
    assert expire(desk.casebook, actor="code:w", at=NOW + timedelta(minutes=60)) == 1
    assert find(desk.casebook, yes.id).state == "expired"
    assert await sweep(desk.casebook, desk.sinks, worker="w", clock=lambda: NOW + timedelta(hours=24)) == 1
    assert find(desk.casebook, waiting.id).state == "expired"


async def test_an_approval_is_used_once(desk: Office, tmp_path: Path) -> None:
    yes = desk.approved()

    with pytest.raises(NotAllowed, match="was approved already"):
        approve(desk.casebook, yes.id, yes.sha256, actor=BO, at=NOW)
    await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)
    with pytest.raises(NotAllowed, match="was approved already"):
        approve(desk.casebook, yes.id, yes.sha256, actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="is delivered, not approved; nothing was sent"):
        await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)
    with pytest.raises(NotAllowed, match="cannot be edited: it is delivered"):
        edit(desk.casebook, yes.id, "Another text.", actor=ANNA, at=NOW)

    assert len(files(tmp_path)) == 1


def test_a_declined_proposal_stays_declined(desk: Office) -> None:
    yes = desk.approved()

    assert decline(desk.casebook, yes.id, actor=BO, at=NOW, why="not now").state == "declined"

    with pytest.raises(NotAllowed, match=r"is declined; propose it again$"):
        approve(desk.casebook, yes.id, yes.sha256, actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="cannot be edited: it is declined"):
        edit(desk.casebook, yes.id, "Another text.", actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="cannot be declined: it is declined"):
        decline(desk.casebook, yes.id, actor=ANNA, at=NOW)
    last = desk.casebook.events(desk.case_id)[-1]
    assert (last.kind, last.actor, last.why) == ("declined", BO, "not now")


def test_of_those_who_approve_at_the_same_time_one_wins(where: Path | str, tmp_path: Path) -> None:
    first = Casebook(where)
    desk = office(first, setting(folder=tmp_path))
    seen = desk.proposed()
    many = [Casebook(where) for _ in range(6)]
    together = Barrier(len(many))

    def say_yes(number: int) -> str:
        together.wait()
        try:
            return approve(many[number], seen.id, seen.sha256, actor=f"person:p{number}", at=NOW).approved_by
        except NotAllowed as error:
            return str(error)

    with ThreadPoolExecutor(len(many)) as threads:
        said = list(threads.map(say_yes, range(len(many))))

    assert sum(each.startswith("person:p") for each in said) == 1
    assert sum("was approved already" in each for each in said) == 5
    assert find(first, seen.id).approved_by in said
    assert desk.trail() == ["proposed", "approved"]
    for each in (first, *many):
        each.close()


def test_a_yes_and_an_edit_at_the_same_time_never_approve_an_unseen_text(where: Path | str, tmp_path: Path) -> None:
    first = Casebook(where)
    desk = office(first, setting(folder=tmp_path))
    one, other = Casebook(where), Casebook(where)
    for _ in range(8):
        seen = desk.proposed()
        together = Barrier(2)

        def say_yes(seen: Proposal = seen, together: Barrier = together) -> None:
            together.wait()
            try:
                approve(one, seen.id, seen.sha256, actor=ANNA, at=NOW)
            except NotAllowed:
                return

        def change(seen: Proposal = seen, together: Barrier = together) -> None:
            together.wait()
            edit(other, seen.id, "Another text.", actor=MODEL, at=NOW)

        with ThreadPoolExecutor(2) as threads:
            for task in (threads.submit(say_yes), threads.submit(change)):
                task.result()

        after = find(first, seen.id)
        assert (after.state, after.payload) == ("pending", "Another text.")
    for each in (first, one, other):
        each.close()


@pytest.mark.parametrize(
    "behind",
    [
        {"payload": "Pay invoice 4 to another account."},
        {"destination": '{"options":{},"sink":"outbox","to":"#exec-escalations"}'},
        {"kind": "inform_team"},
        {"payload": "Another text.", "sha256": "0" * 64},
    ],
)
async def test_a_row_that_was_changed_behind_the_casebooks_back_is_not_sent(
    desk: Office, tmp_path: Path, behind: dict[str, str]
) -> None:
    yes = desk.approved()
    with desk.casebook.database.writing() as db:
        db.execute(update(PROPOSALS).where(PROPOSALS.c.id == yes.id).values(behind))

    after = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert after.state == "failed"
    assert files(tmp_path) == []
    assert desk.trail() == ["proposed", "approved", "sending", "failed"]


async def test_a_row_that_only_says_that_it_was_approved_is_not_sent(desk: Office, tmp_path: Path) -> None:
    seen = desk.proposed()
    said = {"state": "approved", "approved_by": ANNA, "approved_at": NOW}
    with desk.casebook.database.writing() as db:
        db.execute(update(PROPOSALS).where(PROPOSALS.c.id == seen.id).values(said))

    assert await sweep(desk.casebook, desk.sinks, worker="w", clock=lambda: NOW) == 1

    assert find(desk.casebook, seen.id).error == "it is not the text that was approved; nothing was sent"
    assert files(tmp_path) == []
