"""Opens what a worker needs, and runs it until a person or the system stops it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic

from customer_escalation import configuration, settings
from customer_escalation.casebook import Casebook
from customer_escalation.delivery import sinks_of
from customer_escalation.delivery.reminding import channels_of
from customer_escalation.settings import Setting, disconnecting
from customer_escalation.working import loop
from customer_escalation.working.worker import Worker, present
from escalation_connectors.options import Fields

Line = Callable[[str], None]


def run(workspace: Path | None, config: Path | None, *, once: bool, say: Line, write: Line) -> int:
    """Work until SIGTERM or SIGINT, or for one round; gives how many things that round did, else 0.

    Raises InputError, CasebookError.
    """
    where = settings.casebook_url()
    setting = settings.open_setting(workspace, config)
    try:
        with _worker(setting, config, where, say, write) as worker:
            return asyncio.run(disconnecting(setting, _work(worker, where, once)))
    finally:
        setting.close()


@contextmanager
def _worker(setting: Setting, config: Path | None, where: Path | str, say: Line, write: Line) -> Generator[Worker]:
    fields = Fields({}, "configuration") if config is None else configuration.load(config)
    base = Path() if config is None else config.parent
    channels = channels_of(fields.fields("reminders"), setting.setups, settings.data_folder(), base, write)
    casebook = Casebook(where)
    try:
        ours = casebook.of_workspace(setting.name)
        yield Worker(ours, setting, sinks_of(setting), channels, clock=clock_of(setting), say=say)
    finally:
        casebook.close()


def clock_of(setting: Setting) -> Callable[[], datetime]:
    """The present; for the sample company the day on which its story takes place, which goes on from there."""
    begins = setting.own_time
    if begins is None:
        return present
    started = monotonic()
    return partial(_going_on, begins, started)


def _going_on(begins: datetime, started: float) -> datetime:
    from datetime import timedelta

    return begins + timedelta(seconds=monotonic() - started)


async def _work(worker: Worker, where: Path | str, once: bool) -> int:
    asyncio.get_running_loop().set_exception_handler(partial(_said, worker.say))
    if isinstance(where, str):
        from customer_escalation.working.queue import Queue

        queue = Queue(worker, where)
        if once:
            return await queue.once()
        work = queue.work
    else:
        if once:
            return await loop.once(worker)
        work = partial(loop.work, worker)
    stop = asyncio.Event()
    with _stopped_by_signals(stop):
        worker.say(f"{worker.name} works on the cases of {worker.setting.name}; Ctrl-C ends it")
        await work(stop)
    return 0


def _said(say: Line, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """What goes wrong behind the work is one line, too."""
    error = context.get("exception")
    say(f"unexpected {type(error).__name__} in the background" if error else str(context.get("message", "")))


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Generator[None]:
    """The first signal lets the work end, the second one ends the process."""
    here, names = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)

    def asked() -> None:
        stop.set()
        for name in names:
            here.remove_signal_handler(name)

    with suppress(NotImplementedError):  # Windows: Ctrl-C ends it at once, and what had begun is found out about
        for name in names:
            here.add_signal_handler(name, asked)
    try:
        yield
    finally:
        if sys.platform != "win32":
            for name in names:
                here.remove_signal_handler(name)
