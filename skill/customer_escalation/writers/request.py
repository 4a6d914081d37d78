"""What is sent to the Messages API: the body of a request, the tool that submits, and the answers to calls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, get_args

from customer_escalation.brief import Kind
from customer_escalation.dissent import CHOICES
from customer_escalation.model_setting import ModelSetting
from customer_escalation.sentences import SLOTS
from customer_escalation.writers.toolbox import Reading

SUBMIT = "submit_brief"
MAX_TOKENS = 16_000
CHARACTERS_PER_TOKEN = 4
_HOUR = {"type": "ephemeral", "ttl": "1h"}


def body(
    setting: ModelSetting, system: str, tools: list[dict[str, Any]], messages: list[dict[str, Any]], *, plain: bool
) -> dict[str, Any]:
    """One request. Tools and system come first and are the same for every case, so both are marked for the cache.

    A plain one has nothing but the oldest fields, for servers that refuse the newer ones.
    """
    common = {"model": setting.name, "max_tokens": MAX_TOKENS, "messages": messages}
    if plain:
        bare = [{key: value for key, value in tool.items() if key != "strict"} for tool in tools]
        return {**common, "system": system, "tools": bare}
    asked: dict[str, Any] = {
        **common,
        "system": [{"type": "text", "text": system, "cache_control": _HOUR}],
        "tools": [*tools[:-1], {**tools[-1], "cache_control": _HOUR}],
        "cache_control": {"type": "ephemeral"},
    }
    if setting.effort != "none":
        asked |= {"thinking": {"type": "adaptive"}, "output_config": {"effort": setting.effort}}
    return asked


def size_of(body: dict[str, Any]) -> int:
    """About how many tokens a request has: what goes in is counted by the API only afterwards."""
    return len(json.dumps(body, ensure_ascii=False)) // CHARACTERS_PER_TOKEN


def submit_tool() -> dict[str, Any]:
    """The tool that hands in sentences and dissents. Its schema is strict, so that a model cannot miss a field."""
    text, cites = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    kind = {"type": "string", "enum": list(get_args(Kind))}
    claim = {"text": text, "cites": cites, "kind": kind, "formula": text}
    choices = list(dict.fromkeys(choice for each in CHOICES.values() for choice in each))
    return {
        "name": SUBMIT,
        "description": "Hand in sentences that are better than the draft's. Each is verified; refused ones come back.",
        "strict": True,
        "input_schema": _object(
            {
                "sentences": _list({"slot": {"type": "string", "enum": list(SLOTS)}, **claim}),
                "dissent": _list(
                    {
                        "about": {"type": "string", "enum": list(CHOICES)},
                        "choice": {"type": "string", "enum": choices},
                        **claim,
                    }
                ),
            }
        ),
    }


def answer(call_id: str, reading: Reading) -> dict[str, Any]:
    """The answer to one call."""
    content: Sequence[dict[str, str]] = [{"type": "text", "text": reading.text or "(empty)"}]
    return {"type": "tool_result", "tool_use_id": call_id, "is_error": reading.failed, "content": content}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}
