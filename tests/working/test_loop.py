"""The loop of one machine, on a clock that jumps: what is due is done in time, once, and a stop loses nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from customer_escalation.casebook.proposals import approve, find
from customer_escalation.working import Worker, loop
from escalation_connectors.errors import Unavailable
from tests.casebook.cases import Remembering
from tests.casebook.office import ANNA, NOW, THEIRS
from tests.virtual_time import elapsed
from tests.working.world import World

HOUR = timedelta(hours=1)
AHEAD = datetime(2026, 11, 19, 19, 48, 30, tzinfo=UTC)  # a quarter of the time left before the first customer's SLA
DUE = datetime(2026, 11, 19, 20, 50, tzinfo=UTC)  # of the internal clock; that SLA has just passed
FIRST = [("customer:Acme Corp", 0)]
BOTH = [*FIRST, ("internal", 0)]
ALL = [*FIRST, ("customer:Acme Corp", 1), ("internal", 0)]  # the lead hears of the SLA at once


async def working(worker: Worker, seconds: float) -> None:
    """The loop for so long."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await loop.work(worker, stop)


def test_a_reminder_goes_out_within_two_seconds_of_its_time_and_once(tmp_path: Path) -> None:
    channel = Remembering()
    world = World(tmp_path, [channel], AHEAD - timedelta(minutes=1))

    elapsed(working(world.worker, 59))
    assert channel.seen == []
    world.begins = AHEAD - timedelta(seconds=1)
    elapsed(working(world.worker, 3))
    elapsed(working(world.worker, 60))

    assert sorted(channel.seen) == FIRST
    assert world.count("reminded") == 1
    assert f"{world.office.case_id}: reminded of customer:Acme Corp" in world.said


def test_what_a_person_approves_meanwhile_is_delivered_within_two_seconds(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def person() -> None:
        proposal = world.office.proposed()
        await asyncio.sleep(31)
        assert world.delivered() == []
        approve(world.casebook, proposal.id, proposal.sha256, actor=ANNA, at=world.now())
        await asyncio.sleep(2.1)
        assert world.delivered() == ["The exact text."]

    async def both() -> None:
        await asyncio.gather(working(world.worker, 60), person())

    elapsed(both())

    assert world.count("delivered") == 1
    assert f"{world.office.case_id}: post_to_chat to #eng-orders: delivered" in world.said


def test_nothing_is_delivered_that_nobody_approved(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.office.proposed()

    elapsed(working(world.worker, 60))

    assert (world.delivered(), world.said) == ([], [])


def test_a_case_is_looked_at_as_often_as_its_severity_asks(tmp_path: Path) -> None:
    world = World(tmp_path, begins=DUE - timedelta(seconds=70))

    for _ in range(3):  # of high severity: every four hours
        elapsed(working(world.worker, 140))
        world.begins += 4 * HOUR

    assert world.count("seen") == 3


def test_a_severity_that_rose_is_looked_at_anew_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, begins=NOW + HOUR)
    world.casebook.record(world.office.case_id, "severity", actor=ANNA, at=NOW, data={"to": "medium"})
    elapsed(working(world.worker, 1))
    world.casebook.record(world.office.case_id, "severity", actor=ANNA, at=NOW, data={"to": "critical"})
    assert world.count("seen") == 0

    world.begins = NOW + 2 * HOUR
    elapsed(working(world.worker, 1))

    assert world.count("seen") == 1


def test_a_stop_lets_what_has_begun_end_and_begins_nothing_more(tmp_path: Path) -> None:
    class Slow(Remembering):
        async def send(self, reminder: object, key: str) -> None:
            await asyncio.sleep(5)
            await super().send(reminder, key)  # type: ignore[arg-type]

    channel = Slow()
    world = World(tmp_path, [channel], DUE)

    _, seconds = elapsed(working(world.worker, 1))

    assert sorted(channel.seen) == BOTH
    assert 5 <= seconds < 6


def test_a_stop_does_not_wait_for_ever_and_what_it_broke_off_is_found_out_about(tmp_path: Path) -> None:
    class Silent(Remembering):
        async def send(self, reminder: object, key: str) -> None:
            await super().send(reminder, key)  # type: ignore[arg-type]
            await asyncio.Event().wait()

    silent = Silent()
    world = World(tmp_path, [silent], DUE)

    _, seconds = elapsed(working(world.worker, 1))
    assert seconds == pytest.approx(1 + loop.GRACE_S)
    assert world.count("reminded") == 0
    world.begins += timedelta(minutes=5)
    elapsed(working(world.worker, 1))

    assert sorted(silent.seen) == BOTH
    assert world.count("reminded") == 2


def test_a_channel_that_is_down_is_said_and_tried_again_in_half_a_minute(tmp_path: Path) -> None:
    channel = Remembering(trouble=Unavailable("chat", "answered 503"))
    world = World(tmp_path, [channel], DUE)

    async def mended() -> None:
        await asyncio.sleep(65)
        channel.trouble = None

    async def both() -> None:
        await asyncio.gather(working(world.worker, 100), mended())

    elapsed(both())

    assert sum("answered 503" in line for line in world.said) == 9
    assert sorted(channel.seen) == ALL


def test_one_round_looks_delivers_and_reminds(tmp_path: Path) -> None:
    channel = Remembering()
    world = World(tmp_path, [channel], DUE)
    yes = world.office.proposed("internal_note", THEIRS)
    approve(world.casebook, yes.id, yes.sha256, actor=ANNA, at=DUE)

    count, _ = elapsed(loop.once(world.worker))
    again, _ = elapsed(loop.once(world.worker))

    assert (count, again) == (4, 1)
    assert (find(world.casebook, yes.id).state, sorted(channel.seen)) == ("delivered", ALL)
    assert world.office.trail()[:5] == ["proposed", "approved", "seen", "sending", "delivered"]


def test_a_casebook_that_cannot_be_used_is_said_and_asked_again(tmp_path: Path) -> None:
    channel = Remembering()
    world = World(tmp_path, [channel], DUE)
    world.casebook.close()

    elapsed(working(world.worker, 5))

    assert world.said.count(":memory:: the casebook was closed") >= 3


def test_the_cases_of_another_workspace_are_left_alone(tmp_path: Path) -> None:
    channel = Remembering()
    world = World(tmp_path, [channel], DUE)
    theirs = Worker(
        world.casebook.of_workspace("Northwind"), world.setting, world.worker.sinks, (channel,), clock=world.now
    )
    world.office.approved()

    elapsed(working(theirs, 10))

    assert (channel.sent, world.delivered(), world.count("seen")) == ([], [], 0)
