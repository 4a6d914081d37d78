"""Lives of workers: each is a process of its own, forked from one that has loaded everything, and killed somewhere.

Between the lives nobody has the casebook open; what needs it (filling, auditing) is a short life of its own.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from customer_escalation.casebook import Casebook
from customer_escalation.working import Worker, loop, ready
from customer_escalation.working.queue import Pace, Queue
from tests.durability.dying import Fuse
from tests.durability.world import World

T = TypeVar("T")
FAST = Pace(plan_s=1, heartbeat_s=0.5, dead_after_s=6.0, grace_s=5.0)
A_CLAIM = timedelta(minutes=6)  # longer than any claim of a dead worker
NAMES = ("write", "written", "commit", "committed")
LONGEST_S = 1800.0
ASKED_EVERY_S = 0.5


class Life(Struct):
    """One process; it is killed from outside at `kill_at`, where that is set."""

    pid: int
    kill_at: float = 0.0
    killed: bool = False


class Deaths(Struct):
    """How many there were, and how many may still be."""

    wanted: int
    seed: int
    by_boundary: int = 0
    by_time: int = 0
    chance: Random = field(default_factory=Random)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    @property
    def count(self) -> int:
        """All of them."""
        return self.by_boundary + self.by_time


def forked(work: Callable[[], T]) -> T:
    """What this gives, in a process of its own."""
    reader, writer = os.pipe()
    pid = _fork(lambda: os.write(writer, pickle.dumps(work())))
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(pid, 0)
    assert status == 0, f"a process failed with {status}"
    result: T = pickle.loads(said)
    return result


def _fork(work: Callable[[], object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - a process of a test must never go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


class Nursery:
    """Where lives are born: a process that has loaded, opened and done everything once, and holds nothing open."""

    def __init__(self, world: World, workers: int) -> None:
        self.workers, self.casebook = workers, Casebook(world.where)
        asyncio.run(_once(world, world.worker(self.casebook, Fuse(), 0)))
        self.casebook.database.engine.dispose()
        gc.collect()
        gc.freeze()

    def until_done(self, world: World, deaths: Deaths) -> int:
        """Let the workers work until nothing is left that can be done at this time; gives how many claims are left.

        A worker that dies is followed by another. Time stands still meanwhile: who is alive never loses a claim.
        """
        lives = [self._born(world, deaths) for _ in range(self.workers)]
        gives_up = time.monotonic() + LONGEST_S
        try:
            while lives:
                assert time.monotonic() < gives_up, "the workers never end"
                for life in tuple(lives):
                    if _is_over(life, deaths):
                        lives.remove(life)
                        lives += [self._born(world, deaths)] if life.killed else []
                time.sleep(0.002)
        finally:
            for life in lives:
                os.kill(life.pid, signal.SIGKILL)
                os.waitpid(life.pid, 0)
        return forked(lambda: _left(world, self.casebook))

    def _born(self, world: World, deaths: Deaths) -> Life:
        """The next life: with a boundary at which it ends, a time at which it is killed, or neither in the end."""
        chance, seed = deaths.chance, deaths.chance.getrandbits(32)
        fuse, kill_at = Fuse(), 0.0
        if deaths.count < deaths.wanted:
            kind = chance.random()
            if kind < 0.4:
                fuse = Fuse(chance.randint(1, 200))
            elif kind < 0.7:
                fuse = Fuse(chance.randint(1, 5), chance.choice(NAMES))
            else:
                kill_at = time.monotonic() + chance.uniform(0.02, 1.0)
        return Life(_fork(lambda: _live(world, self.casebook, fuse, seed)), kill_at)


def _is_over(life: Life, deaths: Deaths) -> bool:
    """Kill it if its time has come; whether it has ended, and how."""
    pid, status = os.waitpid(life.pid, os.WNOHANG)
    if not pid:
        if 0 < life.kill_at <= time.monotonic():
            life.kill_at = -1.0
            os.kill(life.pid, signal.SIGKILL)
        return False
    life.killed = os.WIFSIGNALED(status)
    assert life.killed or status == 0, f"a worker failed with {status}"
    if life.killed:
        deaths.by_time += life.kill_at < 0
        deaths.by_boundary += life.kill_at >= 0
    return True


def _live(world: World, casebook: Casebook, fuse: Fuse, seed: int) -> None:
    fuse.lay(casebook.database.engine)
    worker = world.worker(casebook, fuse, seed)
    with asyncio.Runner(loop_factory=fuse.loop) as runner:
        runner.run(_work(world, worker))
    casebook.close()


async def _once(world: World, worker: Worker) -> int:
    if isinstance(world.where, str):
        await Queue(worker, world.where, FAST).once()
    return await loop.once(worker)


async def _work(world: World, worker: Worker) -> None:
    """The real loop, or the real queue, until nothing is left to do now."""
    stop = asyncio.Event()
    work = Queue(worker, world.where, FAST).work(stop) if isinstance(world.where, str) else loop.work(worker, stop)
    working = asyncio.ensure_future(work)
    while not working.done():
        if not await asyncio.to_thread(ready, worker):
            break
        await asyncio.sleep(ASKED_EVERY_S)
    stop.set()
    await working


def _left(world: World, casebook: Casebook) -> int:
    """Claims of the dead that stand until their time is over."""
    at = world.now() + A_CLAIM
    worker = replace(world.worker(casebook, Fuse(), 0), clock=lambda: at)
    return len(ready(worker, ("deliver", "remind")))
