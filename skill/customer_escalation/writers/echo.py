"""A model's own turn as it goes back to it: what it wrote is cleaned and masked like any text from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from customer_escalation.safety import safe

DEEPEST = 32


def blocks(content: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The content of the turn; thinking stays untouched, since it is signed, and blank text is left out."""
    return [block for each in content if (block := _block(each))]


def _block(block: dict[str, Any]) -> dict[str, Any] | None:
    if block["type"] == "text":
        text = safe(block["text"]).text
        return {"type": "text", "text": text} if text.strip() else None
    if block["type"] == "tool_use":
        made = _masked(cast("object", block["input"]), 0)
        inputs = cast("dict[str, object]", made) if isinstance(made, dict) else {}
        return {"type": "tool_use", "id": block["id"], "name": block["name"], "input": inputs}
    return block


def _masked(value: object, depth: int) -> object:
    if isinstance(value, str):
        return safe(value).text
    if depth >= DEEPEST:
        return None
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {safe(key).text: _masked(item, depth + 1) for key, item in items}
    if isinstance(value, Sequence):
        return [_masked(item, depth + 1) for item in cast("Sequence[object]", value)]
    return value
