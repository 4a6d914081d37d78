"""An answer as the API writes it: one message, or the events of a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from customer_escalation.testing.messages import Answer, Block, Request, Usage, blocks
from customer_escalation.testing.turns import signature

PIECES = 8
SHORTEST_PIECE = 40


def message(answer: Answer, usage: Usage, request: Request) -> dict[str, Any]:
    """The whole message, as a request without streaming gets it."""
    taken = _ids(request)
    return {
        "id": f"msg_{request.number:012d}",
        "type": "message",
        "role": "assistant",
        "model": request.body["model"],
        "content": [_whole(block, answer.raw_input, taken, request.number) for block in answer.content],
        "stop_reason": answer.reason,
        "stop_sequence": None,
        "stop_details": _details(answer),
        "usage": {
            "input_tokens": usage.input,
            "output_tokens": usage.output,
            "cache_read_input_tokens": usage.cache_read,
            "cache_creation_input_tokens": usage.cache_creation,
        },
    }


def events(answer: Answer, usage: Usage, request: Request) -> list[str]:
    """The events of the stream, ready to send; an error event is the last one where there is one."""
    whole = message(answer, usage, request)
    start: dict[str, Any] = {
        **whole,
        "content": [],
        "stop_reason": None,
        "usage": {**whole["usage"], "output_tokens": 1},
    }
    found = [_event("message_start", message=start), _event("ping")]
    for index, block in enumerate(cast("list[Block]", whole["content"])):
        found += _block_events(index, block, answer.raw_input)
    if answer.error:
        broken = {"type": answer.error, "message": "the scripted model breaks off here"}
        return [*found[: max(len(found) // 2, 1)], _event("error", error=broken)]
    if answer.reason is not None:
        delta = {"stop_reason": answer.reason, "stop_sequence": None, "stop_details": whole["stop_details"]}
        found.append(_event("message_delta", delta=delta, usage={"output_tokens": usage.output}))
    return [*found, _event("message_stop")]


def _ids(request: Request) -> frozenset[str]:
    """The ids of earlier calls, which the API never gives out again."""
    content = [block for turn in request.messages for block in blocks(turn["content"])]
    return frozenset(block["id"] for block in content if block["type"] == "tool_use")


def _details(answer: Answer) -> Mapping[str, Any] | None:
    if answer.stop_reason != "refusal":
        return None
    return {"type": "refusal", "category": None, "explanation": "The model declined to answer."}


def _whole(block: Block, raw: str | None, taken: frozenset[str], number: int) -> Block:
    if block["type"] == "text":
        return {"citations": None, **block}
    if block["type"] == "thinking":
        return {"signature": signature(block["thinking"]), **block}
    name = f"{block['id']}_{number}" if block["id"] in taken else block["id"]
    given = block["input"] if raw is None else _parsed(raw)
    return {**block, "id": name, "input": given, "caller": {"type": "direct"}}


def _parsed(raw: str) -> object:
    """The input that was written as text; what is no JSON cannot stand in a whole message."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return {}


def _event(kind: str, **data: object) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n"


def _block_events(index: int, block: Block, raw: str | None) -> Iterator[str]:
    if block["type"] == "text":
        rest, kind, key, text = {"text": ""}, "text_delta", "text", block["text"]
    elif block["type"] == "thinking":
        rest, kind, key = {"thinking": "", "signature": ""}, "thinking_delta", "thinking"
        text = block["thinking"]
    else:
        rest, kind, key = dict[str, Any](input={}), "input_json_delta", "partial_json"
        text = json.dumps(block["input"]) if raw is None else raw
    yield _event("content_block_start", index=index, content_block={**block, **rest})
    for piece in _pieces(text):
        yield _event("content_block_delta", index=index, delta={"type": kind, key: piece})
    if block["type"] == "thinking":
        signed = {"type": "signature_delta", "signature": block["signature"]}
        yield _event("content_block_delta", index=index, delta=signed)
    yield _event("content_block_stop", index=index)


def _pieces(text: str) -> Iterator[str]:
    size = max(SHORTEST_PIECE, -(-len(text) // PIECES))
    return (text[start : start + size] for start in range(0, len(text), size))
