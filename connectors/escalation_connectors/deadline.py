"""How long the caller still waits: set by whoever waits, read by whoever would retry, sleep or send."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_END: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Everything awaited inside ends in this many seconds, or earlier where an outer deadline is earlier."""
    end = asyncio.get_running_loop().time() + seconds
    outer = _END.get()
    token = _END.set(end if outer is None else min(end, outer))
    try:
        yield
    finally:
        _END.reset(token)


def left(most: float) -> float:
    """Seconds that may still be spent, at most `most`; zero or less where the deadline has passed."""
    end = _END.get()
    return most if end is None else min(most, end - asyncio.get_running_loop().time())
