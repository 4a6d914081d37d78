"""What the scripted server refuses is what the real one refuses, in words like its own."""

from __future__ import annotations

from typing import Any

import pytest

from customer_escalation.testing.checks import wrong
from customer_escalation.testing.messages import call
from customer_escalation.testing.turns import signature

HELLO = {"role": "user", "content": "Hello"}
ASK: dict[str, Any] = {"model": "m", "max_tokens": 10, "messages": [HELLO]}
ONE, TWO = call("find", {}, 1), call("find", {}, 2)
MARK = {"type": "ephemeral"}
OBJECT: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


def said(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def told(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def result(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": f"toolu_{number:02}", "content": "ok", **more}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def tool(schema: dict[str, Any], name: str = "find", **more: Any) -> dict[str, Any]:
    return {"name": name, "input_schema": schema, **more}


def of(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {**OBJECT, "properties": properties, "required": list(properties) if required is None else required}


Broken = list[tuple[dict[str, Any], str]]
SHAPES: Broken = [
    ({"temperature": 1}, "temperature: Extra inputs are not permitted"),
    ({"max_tokens": "10"}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": 64_001}, "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens"),
    ({"messages": []}, "messages: List should have at least 1 item"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role: Input should be 'user', 'assistant'"),
    ({"messages": [{"role": "user", "content": []}]}, "messages.0: user messages must have non-empty content"),
    ({"messages": [{"role": "user", "content": " "}]}, "messages.0.content.0: text content blocks must contain non-w"),
    (
        {"messages": [told(text("x", parsed_output=None))]},
        "messages.0.content.0.text.parsed_output: Extra inputs are not permitted",
    ),
    ({"messages": [{"role": "user", "content": "\ud83d"}]}, "The request body is not valid JSON: no low surrogate"),
    ({"system": [text(" ")]}, "system.0: text content blocks must contain non-whitespace text"),
    ({"thinking": {"type": "enabled", "budget_tokens": 5}}, "thinking.budget_tokens: Input should be greater than or"),
    ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "`max_tokens` must be greater than `thinking.budget"),
    ({"thinking": {"type": "enabled"}}, "thinking.enabled.budget_tokens: Field required"),
]
TURNS: list[tuple[list[dict[str, Any]], str]] = [
    ([said(text("Hi")), HELLO], 'messages: first message must use the "user" role'),
    ([HELLO, said(text("Hi"))], "This model does not support assistant message prefill"),
    ([HELLO, said(ONE), HELLO], "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after"),
    ([HELLO, said(ONE, TWO), told(result(1))], "messages.1: `tool_use` ids were found without `tool_result` blocks"),
    ([HELLO, said(ONE), told(result(1), result(2))], "messages.2: unexpected `tool_use_id` found in `tool_result`"),
    ([HELLO, said(text("Hi")), told(result(1))], "messages.2: unexpected `tool_use_id` found in `tool_result` blocks"),
    ([HELLO, said(ONE), told(result(1), result(1))], "messages.2: each tool_use must have a single result"),
    ([HELLO, said(ONE), told(text("So"), result(1))], "messages.2: `tool_result` blocks must come first"),
    ([HELLO, said(ONE, ONE), told(result(1))], "messages.1.content.1: `tool_use` ids must be unique"),
    ([HELLO, said(ONE), told(result(1)), said(ONE), told(result(1))], "messages.3.content.0: `tool_use` ids must be"),
    ([told(ONE)], "messages.0.content.0: `tool_use` blocks cannot be in `user` messages"),
    ([HELLO, said(result(1)), HELLO], "messages.1.content.0: `tool_result` blocks cannot be in `assistant` messages"),
    ([HELLO, said({"type": "thinking", "thinking": "hm", "signature": "x"}), HELLO], "messages.1.content.0: Invalid"),
    ([HELLO, said({**ONE, "name": "no name"}), told(result(1))], "messages.1.content.0.tool_use.name: String should"),
    ([HELLO, said({**ONE, "input": []}), told(result(1))], "messages.1.content.0.tool_use.input: Input should be a"),
]
TOOLS: list[tuple[list[dict[str, Any]], str]] = [
    ([tool(OBJECT, "no name")], "tools.0.name: String should match pattern"),
    ([tool({"type": "array"})], "tools.0.input_schema.type: Input should be 'object'"),
    ([tool(OBJECT), tool(OBJECT)], "tools: Tool names must be unique."),
    ([tool({**OBJECT, "anyOf": []})], "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or"),
    ([tool({"type": "object"}, strict=True)], "tools.0.custom: For 'object' type, 'additionalProperties' must be"),
    ([tool(of({"a": {"type": "array", "items": {"type": "object"}}}), strict=True)], "tools.0.custom: For 'object'"),
    ([tool(of({"a": {"anyOf": [{"type": "object"}]}}), strict=True)], "tools.0.custom: For 'object' type"),
    ([tool(of({"n": {"type": "integer", "maximum": 9}}), strict=True)], "tools.0.custom: For 'integer' type, properti"),
    ([tool(of({"a": {"type": "array", "minItems": 2}}), strict=True)], "tools.0.custom: For 'array' type, 'minItems'"),
    ([tool(OBJECT, f"t{n}", strict=True) for n in range(21)], "Too many strict tools: 21"),
    (
        [tool(of({f"p{n}": {} for n in range(25)}, []), strict=True)],
        "Schemas contain too many optional parameters (25)",
    ),
]
MARKS: Broken = [
    ({"system": [text("x", cache_control=MARK)] * 5}, "A maximum of 4 blocks with cache_control may be provided. Fou"),
    ({"system": [text("x", cache_control=MARK)] * 4, "cache_control": MARK}, "A maximum of 4 blocks with cache_cont"),
    ({"cache_control": {"type": "ephemeral", "ttl": "2h"}}, "cache_control.ttl: Input should be '5m' or '1h'"),
    (
        {"system": [text("x", cache_control=MARK), text("y", cache_control={**MARK, "ttl": "1h"})]},
        "cache_control: a ttl='1h' block must not come after a ttl='5m' block",
    ),
    (
        {"messages": [HELLO, said(ONE), told(result(1, content=[text("x", cache_control=MARK)] * 5))]},
        "A maximum of 4 blocks",
    ),
]
CHOICES: Broken = [
    ({"tool_choice": {"type": "auto"}}, "tool_choice: may only be specified while providing tools"),
    ({"tools": [tool(OBJECT)], "tool_choice": {"type": "tool", "name": "x"}}, "tool_choice: tool 'x' not found in"),
    (
        {"tools": [tool(OBJECT)], "tool_choice": {"type": "any"}, "thinking": {"type": "adaptive"}},
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
]


@pytest.mark.parametrize(("change", "reason"), [*SHAPES, *MARKS, *CHOICES])
def test_a_broken_request_is_refused(change: dict[str, Any], reason: str) -> None:
    assert wrong({**ASK, **change}).startswith(reason)


@pytest.mark.parametrize(("messages", "reason"), TURNS)
def test_a_conversation_out_of_order_is_refused(messages: list[dict[str, Any]], reason: str) -> None:
    assert wrong({**ASK, "messages": messages}).startswith(reason)


@pytest.mark.parametrize(("tools", "reason"), TOOLS)
def test_a_tool_that_cannot_be_offered_is_refused(tools: list[dict[str, Any]], reason: str) -> None:
    assert wrong({**ASK, "tools": tools}).startswith(reason)


@pytest.mark.parametrize("name", ["model", "messages", "max_tokens"])
def test_what_is_required_is_missed(name: str) -> None:
    assert wrong({key: value for key, value in ASK.items() if key != name}) == f"{name}: Field required"


def test_what_is_no_object_is_refused() -> None:
    assert wrong([]) == "The request body is not a JSON object"


def test_tokens_are_counted_without_a_limit_on_the_answer() -> None:
    counted = {"model": "m", "messages": [HELLO]}

    assert wrong(counted, counting=True) == ""
    assert wrong(ASK, counting=True) == "max_tokens: Extra inputs are not permitted"


def test_everything_that_is_allowed_passes() -> None:
    thought = {"type": "thinking", "thinking": "hm", "signature": signature("hm")}
    found = {
        "type": "search_result",
        "source": "s",
        "title": "t",
        "content": [text("x")],
        "citations": {"enabled": True},
    }
    nested = of({"a": {"type": "array", "minItems": 1, "items": of({"b": {"type": "string", "pattern": "^x"}})}})
    body = {
        **ASK,
        "system": [text("Be brief", cache_control={**MARK, "ttl": "1h"})],
        "tools": [tool(nested, strict=True, description="Finds", cache_control={**MARK, "ttl": "1h"})],
        "cache_control": MARK,
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": "low"},
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        "stream": True,
        "metadata": {"user_id": "u"},
        "messages": [
            HELLO,
            HELLO,
            said(thought, {**ONE, "caller": {"type": "direct"}}, TWO),
            told(result(1, content=[found], is_error=False), result(2, is_error=True), text("Go on", citations=None)),
            {"role": "system", "content": "It is late"},
        ],
    }

    assert wrong(body) == ""
