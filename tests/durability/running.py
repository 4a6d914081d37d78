"""One database after the other: filled, its workers killed so often, finished in peace, audited."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct, field

from tests.durability.audit import Counts, audit, look_there
from tests.durability.lives import A_CLAIM, Deaths, Nursery, forked
from tests.durability.places import Place, scratch
from tests.durability.world import World, fill, say_yes

PER_DATABASE = 100
TO_THE_LEAD = timedelta(minutes=70)


class Size(Struct, frozen=True):
    """How much there is to do in one database."""

    cases: int = 40
    writes: int = 60


class Outcome(Struct):
    """The deaths and what they did."""

    points: int = 0
    by_time: int = 0
    asked: int = 0
    seconds: float = 0.0
    counts: Counts = field(default_factory=Counts)


def run(points: int, size: Size, place: Place, workers: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """Kill so many workers, over as many databases as that takes."""
    outcome, begun = Outcome(), time.monotonic()
    with scratch() as folder:
        first = World(place.where, folder / "0", size.cases, size.writes)
        forked(lambda: fill(first))
        place.keep()
        nursery = Nursery(first, workers)
        for number in range(1, points + 1):
            if outcome.points >= points:
                break
            place.renew()
            world = World(place.where, folder / str(number), size.cases, size.writes)
            deaths = Deaths(min(PER_DATABASE, points - outcome.points), seed * 1000 + number)
            _one(world, nursery, deaths, outcome)
            outcome.seconds = time.monotonic() - begun
            say(f"{outcome.points} points, {outcome.counts.faults} faults, {outcome.seconds:.0f} s")
    return outcome


def _one(world: World, nursery: Nursery, deaths: Deaths, outcome: Outcome) -> None:
    world.begin()
    wanted = deaths.wanted
    person = os.fork()
    if not person:
        say_yes(world, random.Random(deaths.seed))
        os._exit(0)
    deaths.wanted = wanted * 4 // 5
    _epochs(world, nursery, deaths)
    assert os.waitpid(person, 0)[1] == 0
    _epochs(world, nursery, deaths)
    if asked := forked(lambda: look_there(world)):
        _epochs(world, nursery, deaths)
    world.move(TO_THE_LEAD)
    deaths.wanted = wanted
    _epochs(world, nursery, deaths)
    outcome.asked += asked
    outcome.counts.add(forked(lambda: audit(world)))
    outcome.points += deaths.count
    outcome.by_time += deaths.by_time


def _epochs(world: World, nursery: Nursery, deaths: Deaths) -> None:
    """Work and die until everything that is due is done; what the dead had claimed is found out about later."""
    while nursery.until_done(world, deaths):
        world.move(A_CLAIM)
