"""A write that was approved arrives once, whatever dies when, and nobody claims more than is known."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from msgspec import Struct, field
from sqlalchemy import update

from customer_escalation.casebook import Casebook, outbox
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.outbox import LEASE, deliver, settle
from customer_escalation.casebook.proposal import Draft, Proposal
from customer_escalation.casebook.proposals import approve, decline, find
from customer_escalation.casebook.state import NotAllowed, State
from customer_escalation.casebook.store import Case
from customer_escalation.casebook.tables import PROPOSALS
from customer_escalation.delivery import CannotTell, Sink
from escalation_connectors.errors import AccessDenied, PerhapsWritten, Unavailable
from escalation_connectors.writing import Receipt
from tests.casebook.office import ANNA, BO, CHANNEL, NOW, THEIRS, TICKET, Office, office, setting
from tests.casebook.sweeping import sweep

Point = Literal["", "before", "after"]
GONE = NOW + LEASE


class Killed(Exception):  # noqa: N818 - named by what happened
    """The worker's process ended here."""


class World(Struct):
    """What is outside: what was written under which key, and what happens to the next that writes or asks."""

    written: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    dies: Point = ""
    error: Exception | None = None
    answers: Exception | None = None
    forgets: bool = False
    asked: int = 0

    def check(self, case: Case, state: State, draft: Draft) -> None:
        """Everything may go everywhere."""

    def of(self, proposal: Proposal) -> Sink:
        """The one sink."""
        return Outside(self)


class Outside(Struct):
    """A destination that is not in this process."""

    world: World

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        dies, self.world.dies = self.world.dies, ""
        error, self.world.error = self.world.error, None
        if dies == "before":
            raise error or Killed
        self.world.written.setdefault(key, []).append(proposal.payload)
        if dies == "after" or error is not None:
            raise error or Killed
        return Receipt("r1", "https://there.example/r1")

    async def find(self, key: str) -> Receipt | None:
        self.world.asked += 1
        if self.world.answers is not None:
            raise self.world.answers
        return Receipt("found") if key in self.world.written and not self.world.forgets else None


@pytest.fixture
def desk(casebook: Casebook, tmp_path: Path) -> Office:
    return office(casebook, setting(folder=tmp_path))


@pytest.fixture
def world() -> World:
    return World()


def moment(at: datetime) -> datetime:
    return at


async def sent(desk: Office, world: World, proposal: Proposal, now: datetime = NOW, worker: str = "w1") -> Proposal:
    return await deliver(desk.casebook, proposal.id, world, worker=worker, now=now)


async def test_what_was_approved_is_sent_and_its_receipt_kept(desk: Office, world: World) -> None:
    yes = desk.approved("internal_note", TICKET)

    done = await sent(desk, world, yes)

    assert (done.state, done.receipt) == ("delivered", Receipt("r1", "https://there.example/r1"))
    assert find(desk.casebook, yes.id) == done
    assert world.written == {yes.id: ["The exact text."]}
    assert desk.trail() == ["proposed", "approved", "sending", "delivered"]
    last = desk.casebook.events(desk.case_id)[-1]
    assert (last.actor, last.text("receipt"), last.text("url")) == ("code:w1", "r1", "https://there.example/r1")
    assert all("The exact text." not in str(event) for event in desk.casebook.events(desk.case_id))


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_a_worker_that_dies_while_sending_leaves_one_write(desk: Office, world: World, dies: Point) -> None:
    yes = desk.approved("internal_note", TICKET)
    world.dies = dies
    with pytest.raises(Killed):
        await sent(desk, world, yes)
    assert find(desk.casebook, yes.id).state == "sending"

    for at in (NOW, NOW + timedelta(seconds=119)):
        assert await sweep(desk.casebook, world, worker="w2", clock=partial(moment, at)) == 0
        with pytest.raises(NotAllowed, match="is being sent by w1"):
            await sent(desk, world, yes, at, "w2")
    assert await sweep(desk.casebook, world, worker="w2", clock=lambda: GONE) == 1

    assert find(desk.casebook, yes.id).state == "delivered"
    assert world.written == {yes.id: ["The exact text."]}
    again = ["sending"] if dies == "before" else []
    assert desk.trail() == ["proposed", "approved", "sending", *again, "delivered"]


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("error", [PerhapsWritten("there", "no answer came to a write"), TimeoutError()])
async def test_a_write_without_an_answer_is_found_out_about(
    desk: Office, world: World, dies: Point, error: Exception
) -> None:
    yes = desk.approved("internal_note", TICKET)
    world.dies, world.error = dies, error

    unknown = await sent(desk, world, yes)
    assert (unknown.state, world.asked) == ("sending", 0)
    assert "no answer came" in unknown.error
    await sweep(desk.casebook, world, worker="w2", clock=lambda: GONE)

    assert find(desk.casebook, yes.id).state == "delivered"
    assert world.written == {yes.id: ["The exact text."]}


async def test_where_it_cannot_be_told_a_person_says_that_it_is_there(desk: Office, world: World) -> None:
    yes = await unsure(desk, world)

    done = settle(desk.casebook, yes.id, True, actor=BO, at=GONE)

    assert (done.state, len(world.written[yes.id])) == ("delivered", 1)
    assert desk.trail() == ["proposed", "approved", "sending", "unsure", "delivered", "checked"]
    assert desk.casebook.events(desk.case_id)[-2].actor == BO
    with pytest.raises(NotAllowed, match="there is nothing to settle"):
        settle(desk.casebook, yes.id, False, actor=BO, at=GONE)


async def test_where_it_cannot_be_told_a_person_has_it_sent_again(desk: Office, world: World) -> None:
    yes = await unsure(desk, world)
    assert await sweep(desk.casebook, world, worker="w3", clock=lambda: GONE + LEASE) == 0

    settle(desk.casebook, yes.id, False, actor=BO, at=GONE)
    await sweep(desk.casebook, world, worker="w3", clock=lambda: GONE)

    done = find(desk.casebook, yes.id)
    assert (done.state, done.approved_by, len(world.written[yes.id])) == ("delivered", BO, 2)
    assert desk.trail()[-5:] == ["unsure", "approved", "sending", "delivered", "checked"]


async def test_who_looks_in_vain_for_what_was_never_approved_does_not_approve_it(desk: Office, world: World) -> None:
    forged = desk.proposed()
    values = {"state": "sending", "approved_by": ANNA, "approved_at": NOW, "claimed_until": NOW}
    with desk.casebook.database.writing() as db:
        db.execute(update(PROPOSALS).where(PROPOSALS.c.id == forged.id).values(values))
    await sweep(desk.casebook, world, worker="w1", clock=lambda: NOW)
    assert find(desk.casebook, forged.id).state == "unsure"

    settled = settle(desk.casebook, forged.id, False, actor=BO, at=NOW)
    await sweep(desk.casebook, world, worker="w1", clock=lambda: NOW)

    assert (settled.state, settled.approved_by, world.written) == ("failed", "", {})
    assert desk.trail() == ["proposed", "unsure", "failed"]
    assert approve(desk.casebook, forged.id, forged.sha256, actor=BO, at=NOW).state == "approved"


async def unsure(desk: Office, world: World) -> Proposal:
    yes = desk.approved()
    world.dies, world.answers = "after", CannotTell("there: it cannot be told")
    with pytest.raises(Killed):
        await sent(desk, world, yes)
    assert await sweep(desk.casebook, world, worker="w2", clock=lambda: GONE) == 1
    now = find(desk.casebook, yes.id)
    assert (now.state, now.error) == ("unsure", "there: it cannot be told")
    return now


async def test_a_destination_that_is_down_is_asked_later_and_at_last_a_person(desk: Office, world: World) -> None:
    yes = desk.approved()
    world.dies, world.answers = "after", Unavailable("there", "the service is not available")
    with pytest.raises(Killed):
        await sent(desk, world, yes)

    states: list[str] = []
    for turn in range(1, 6):
        await sweep(desk.casebook, world, worker="w2", clock=partial(moment, NOW + turn * LEASE))
        states.append(find(desk.casebook, yes.id).state)

    assert states == ["sending", "sending", "sending", "unsure", "unsure"]
    assert (world.asked, len(world.written[yes.id])) == (4, 1)


async def test_what_did_not_arrive_is_not_sent_after_the_approval_is_over(desk: Office, world: World) -> None:
    yes = desk.approved()
    world.dies = "before"
    with pytest.raises(Killed):
        await sent(desk, world, yes)

    await sweep(desk.casebook, world, worker="w2", clock=lambda: NOW + timedelta(hours=1))

    assert (find(desk.casebook, yes.id).state, world.written) == ("expired", {})


async def test_a_refusal_is_told_and_may_be_approved_again(desk: Office, world: World) -> None:
    yes = desk.approved()
    world.dies, world.error = "before", AccessDenied("slack", "the credentials lack a right for this (HTTP 403)")

    failed = await sent(desk, world, yes)

    assert (failed.state, failed.approved_by) == ("failed", "")
    assert failed.error == (
        "slack: the credentials lack a right for this (HTTP 403); check the credentials and their scopes"
    )
    assert await sweep(desk.casebook, world, worker="w", clock=lambda: NOW) == 0
    assert approve(desk.casebook, yes.id, yes.sha256, actor=BO, at=NOW).state == "approved"
    assert await sweep(desk.casebook, world, worker="w", clock=lambda: NOW) == 1
    assert find(desk.casebook, yes.id).state == "delivered"


async def test_of_many_workers_one_sends(where: Path | str, tmp_path: Path, world: World) -> None:
    first = Casebook(where)
    desk = office(first, setting(folder=tmp_path))
    approved = [desk.approved(text=f"Text {number}.") for number in range(6)]
    books = [Casebook(where) for _ in range(4)]

    def work(number: int) -> int:
        return asyncio.run(sweep(books[number], world, worker=f"w{number}", clock=lambda: NOW))

    with ThreadPoolExecutor(4) as threads:
        acted = sum(threads.map(work, range(4)))

    assert acted == 6
    assert {key: len(texts) for key, texts in world.written.items()} == {each.id: 1 for each in approved}
    assert sorted(desk.trail()).count("delivered") == 6
    for each in (first, *books):
        each.close()


async def test_a_worker_whose_claim_was_taken_over_changes_nothing(desk: Office, world: World) -> None:
    """Its clock stood still: it believes that it is first, while another one has found its write."""
    yes = desk.approved("internal_note", TICKET)

    class Slow(Struct):
        async def send(self, proposal: Proposal, key: str) -> Receipt:
            world.written[key] = ["The exact text."]
            await sweep(desk.casebook, world, worker="w2", clock=lambda: GONE)
            return Receipt("slow")

        async def find(self, key: str) -> Receipt | None:
            return None

    class Slowly(Struct):
        def check(self, case: Case, state: State, draft: Draft) -> None: ...
        def of(self, proposal: Proposal) -> Sink:
            return Slow()

    done = await deliver(desk.casebook, yes.id, Slowly(), worker="w1", now=NOW)

    assert (done.state, done.receipt, done.claimed_by) == ("delivered", Receipt("found"), "w2")
    assert desk.trail() == ["proposed", "approved", "sending", "delivered"]


async def test_a_sink_that_never_answers_is_left_within_the_deadline(
    desk: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "DEADLINE_S", 0.01)
    yes = desk.approved()

    class Silent(Struct):
        async def send(self, proposal: Proposal, key: str) -> Receipt:
            await asyncio.Event().wait()
            raise AssertionError

        async def find(self, key: str) -> Receipt | None:
            return None

    class Silence(Struct):
        def check(self, case: Case, state: State, draft: Draft) -> None: ...
        def of(self, proposal: Proposal) -> Sink:
            return Silent()

    waiting = await deliver(desk.casebook, yes.id, Silence(), worker="w1", now=NOW)

    assert (waiting.state, waiting.claimed_until) == ("sending", GONE)
    assert timedelta(seconds=60) < LEASE


@pytest.mark.parametrize("state", ["pending", "declined"])
async def test_what_is_not_approved_is_not_sent(desk: Office, world: World, state: str) -> None:
    seen = desk.proposed()
    if state == "declined":
        decline(desk.casebook, seen.id, actor=ANNA, at=NOW)

    with pytest.raises(NotAllowed, match=f"is {state}, not approved; nothing was sent"):
        await sent(desk, world, seen)
    with pytest.raises(NotAllowed, match=r"^no proposal 'nothing'"):
        await deliver(desk.casebook, "nothing", world, worker="w", now=NOW)

    assert world.written == {}


async def test_the_case_learns_who_was_told_and_that_the_team_was_asked(desk: Office, world: World) -> None:
    before = desk.casebook.state(desk.case_id)

    await sent(desk, world, desk.approved("reply_to_customer", THEIRS, send=True))
    await sent(desk, world, desk.approved("reply_to_customer", TICKET))
    told = desk.casebook.state(desk.case_id)
    assert {name: each.told_at for name, each in told.customers.items()} == {
        "Acme Corp": None,
        "Pellworth Supply": NOW,
    }
    assert told.checked_at == before.checked_at

    await sent(desk, world, desk.approved("post_to_chat", CHANNEL))
    assert desk.casebook.state(desk.case_id).checked_at == NOW
    assert [kind for kind in desk.trail() if kind in ("told", "checked")] == ["told", "checked"]


async def test_a_reminder_becomes_a_clock_and_nothing_leaves(desk: Office, world: World) -> None:
    yes = desk.approved("schedule_follow_up", "Larkfield Support", "Check at 2026-11-19T20:50:00Z.")

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert (done.state, done.receipt) == ("delivered", Receipt(yes.id))
    event = desk.casebook.events(desk.case_id)[-1]
    assert (event.kind, event.why) == ("follow_up", "Check at 2026-11-19T20:50:00Z.")
    [clock] = [each for each in clocks(desk.casebook.state(desk.case_id)) if each.name == f"follow_up:{event.number}"]
    assert (clock.kind, clock.due_at.isoformat()) == ("internal", "2026-11-19T20:50:00+00:00")
    assert desk.casebook.broken(desk.case_id) == ""


async def test_a_reminder_without_a_time_is_noted(desk: Office, world: World) -> None:
    yes = desk.approved("schedule_follow_up", "Larkfield Support", "Check at 20:50.")

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert (done.state, done.receipt) == ("delivered", Receipt(yes.id))
    assert desk.trail()[-1] == "noted"
    assert desk.casebook.events(desk.case_id)[-1].why == "Check at 20:50."
