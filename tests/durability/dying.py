"""Where a worker may die: at any step of any task, any statement, any end of a transaction, before and after a write.

The n-th such boundary is the last: the process sends itself SIGKILL there. Nothing in the program knows of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Generator
from contextvars import Context
from types import TracebackType
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine, event


class Fuse(Struct):
    """Ends this process at the n-th boundary, or at the n-th of one name. `left` 0 never does."""

    left: int = 0
    name: str = ""

    def __call__(self, name: str = "") -> None:
        """A boundary."""
        if self.left and self.name in ("", name):
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)

    def lay(self, engine: Engine) -> None:
        """Make every statement, and every begin and end of a transaction, a boundary."""
        event.listen(engine, "begin", lambda *_: self("begin"))
        event.listen(engine, "before_cursor_execute", lambda *_: self("statement"))
        event.listen(engine, "commit", lambda *_: self("commit"))
        event.listen(engine, "checkin", lambda *_: self("committed"))

    def loop(self) -> asyncio.AbstractEventLoop:
        """A loop in which every step of a task is a boundary."""
        made = asyncio.new_event_loop()
        made.set_task_factory(self._task)
        return made

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, context: Context | None = None) -> asyncio.Task[Any]:
        return asyncio.Task(_Stepped(work, self), loop=loop, context=context)


class _Stepped(Coroutine[Any, Any, Any]):
    """A coroutine whose every step is a boundary."""

    def __init__(self, work: Coroutine[Any, Any, Any], fuse: Fuse) -> None:
        self.work, self.fuse = work, fuse
        self.__name__ = getattr(work, "__name__", "task")
        self.__qualname__ = getattr(work, "__qualname__", "task")

    def send(self, value: Any) -> Any:
        self.fuse("step")
        return self.work.send(value)

    def throw(self, kind: Any, value: Any = None, trace: TracebackType | None = None) -> Any:
        self.fuse("step")
        return self.work.throw(kind if value is None else value)

    def close(self) -> None:
        self.work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.work.__await__()
