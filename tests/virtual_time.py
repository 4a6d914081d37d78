"""An event loop whose clock jumps to the next timer instead of waiting for it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """Where nothing is ready, the time until the next timer has passed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits for something that never comes"
            self.now += max(0.0, timeout)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def elapsed(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """What the work gives, and how many seconds it would have taken."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        loop = runner.get_loop()
        started = loop.time()
        result = runner.run(work)
        return result, loop.time() - started


def in_no_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """The test on a clock that jumps: limits of requests, pauses before retries and deadlines cost no time."""

    @wraps(test)
    def run(*values: P.args, **named: P.kwargs) -> None:
        elapsed(test(*values, **named))

    return run
