"""The loop of one machine: what is due is done, then it rests; what a person approves is seen within two seconds.

Looks take long and wait, so that they go on beside the rest and hold nothing up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress

from customer_escalation.casebook.errors import CasebookError
from customer_escalation.working.tasks import Kind, Task, carry, ready
from customer_escalation.working.worker import Worker

REST_S = 2.0
LOOK_EVERY_S = 60.0
AT_ONCE = 4
GRACE_S = 20.0
ACTS: tuple[Kind, ...] = ("deliver", "remind")


async def work(worker: Worker, stop: asyncio.Event) -> None:
    """Work until `stop`; what has begun then has 20 seconds to end, and is found out about later where it has not."""
    both = asyncio.gather(
        _repeat(worker, ACTS, REST_S, AT_ONCE, stop), _repeat(worker, ("look",), LOOK_EVERY_S, 1, stop)
    )
    both.add_done_callback(lambda _: stop.set())
    try:
        await stop.wait()
        async with asyncio.timeout(GRACE_S):
            await asyncio.shield(both)
    except TimeoutError:
        pass
    finally:
        both.cancel()
        with suppress(asyncio.CancelledError):
            await both


async def once(worker: Worker) -> int:
    """One round, looks first: their news belongs in the reminders. Gives how many things were done.

    Raises CasebookError.
    """
    stop = asyncio.Event()
    looked = await _all(worker, ready(worker, ("look",)), AT_ONCE, stop)
    return looked + await _all(worker, ready(worker, ACTS), AT_ONCE, stop)


async def _repeat(worker: Worker, kinds: Iterable[Kind], rest_s: float, at_once: int, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await _all(worker, ready(worker, kinds), at_once, stop)
        except CasebookError as error:  # somebody holds the file, the disk is full: it is tried again
            worker.say(str(error))
        with suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await stop.wait()


async def _all(worker: Worker, tasks: Iterable[Task], at_once: int, stop: asyncio.Event) -> int:
    """Do them, some at once, and begin none after `stop`."""
    left = iter(tasks)
    counts = await asyncio.gather(*(_some(worker, left, stop) for _ in range(at_once)))
    return sum(counts)


async def _some(worker: Worker, left: Iterator[Task], stop: asyncio.Event) -> int:
    done = 0
    for task in left:
        if stop.is_set():
            break
        done += await carry(worker, task)
        await asyncio.sleep(0)  # what reaches a file alone never waits, and others want their turn
    return done
