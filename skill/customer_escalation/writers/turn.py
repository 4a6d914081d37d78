"""One answer of a model, checked once: what the rest may rely on, whatever a server made of the protocol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol, cast

from msgspec import Struct

KEPT = ("text", "thinking", "redacted_thinking")  # what may go back; a block of another type was not asked for
LONGEST_NAME = 64
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


class Block(Protocol):
    """A block of content, as the SDK gives it."""

    def model_dump(self, *, mode: str, exclude_none: bool, warnings: bool) -> dict[str, Any]:
        """Its fields."""
        ...


class Call(Struct, frozen=True):
    """A call of a tool: its name has only the characters of names, its input may be anything."""

    id: str
    name: str
    input: object


class Turn(Struct, frozen=True):
    """The content as it may go back, and the calls in it."""

    content: list[dict[str, Any]]
    calls: tuple[Call, ...]


def read(content: Sequence[Block]) -> Turn:
    """The turn of this content. Raises ValueError, TypeError or KeyError where it is none of the Messages API."""
    kept: list[dict[str, Any]] = []
    calls: list[Call] = []
    for block in content:
        told = block.model_dump(mode="json", exclude_none=True, warnings=False)
        if told["type"] == "tool_use":
            calls.append(_call(told))
            kept.append({"type": "tool_use", "id": calls[-1].id, "name": calls[-1].name, "input": calls[-1].input})
        elif told["type"] in KEPT and isinstance(told.get("text", ""), str):
            kept.append({"text": "", **told} if told["type"] == "text" else told)
    return Turn(kept, tuple(calls))


def _call(told: dict[str, Any]) -> Call:
    if not isinstance(told["id"], str) or not _ID.fullmatch(told["id"]):
        raise ValueError("a call has no id that it could be answered by")
    if not isinstance(told["name"], str) or not told["name"]:
        raise ValueError("a call names no tool")
    return Call(told["id"], _STRANGE.sub("_", told["name"])[:LONGEST_NAME], cast("object", told.get("input")))


def stop_reason(value: object) -> str | None:
    """Why it stopped; None where the stream ended before it said. Raises ValueError."""
    if value is None or isinstance(value, str):
        return value
    raise ValueError("a stop reason is a word")


def used(usage: object) -> tuple[int, int, int, int]:
    """Tokens that were fresh, written, read from the cache and put into it; what is no number counts as none."""
    names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    fresh, output, cache_read, cache_write = (_number(getattr(usage, name, None)) for name in names)
    return fresh, output, cache_read, cache_write


def _number(value: object) -> int:
    return max(int(value), 0) if isinstance(value, (int, float)) and abs(value) < 1e12 else 0
