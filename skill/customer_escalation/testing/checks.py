"""What the Messages API refuses beyond the shape of a request, in words like its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

from pydantic import ValidationError

from customer_escalation.testing import shapes, turns
from customer_escalation.testing.catalogue import MOST_TOKENS
from customer_escalation.testing.messages import Block, blocks
from customer_escalation.testing.turns import Refused

BREAKPOINTS = 4
MOST_STRICT, MOST_OPTIONAL = 20, 24
UNSUPPORTED = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
    "uniqueItems", "patternProperties",
)  # fmt: skip


def wrong(body: object, *, counting: bool = False) -> str:
    """Why the API would refuse this request, or an empty text; `counting` is asking for its tokens alone."""
    if not isinstance(body, dict):
        return "The request body is not a JSON object"
    try:
        _check(cast("Block", body), shapes.Count if counting else shapes.Create)
    except Refused as refused:
        return str(refused)
    return ""


def _check(body: Block, shape: type[shapes.Count]) -> None:
    _shape(body, shape)
    _characters(body)
    _tools(cast("list[Block]", body.get("tools") or []))
    _choice(body)
    _breakpoints(body)
    turns.check(cast("list[Block]", body["messages"]))
    for where, text in _texts(body):
        if not text.strip():
            raise Refused(f"{where}: text content blocks must contain non-whitespace text")


def _shape(body: Block, shape: type[shapes.Count]) -> None:
    try:
        shape.model_validate(body)
    except ValidationError as error:
        found = max(error.errors(include_url=False), key=lambda one: len(one["loc"]))  # of what may be a text or a list
        where = [str(part) for part in found["loc"] if not str(part).startswith(("list[", "str", "tagged-union["))]
        raise Refused(f"{'.'.join(where)}: {found['msg']}") from None


def _characters(body: Block) -> None:
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused("The request body is not valid JSON: no low surrogate in string") from None


def _tools(tools: Sequence[Block]) -> None:
    names = [tool["name"] for tool in tools]
    if len(names) != len(set(names)):
        raise Refused("tools: Tool names must be unique.")
    for number, tool in enumerate(tools):
        if {"oneOf", "allOf", "anyOf"} & set(tool["input_schema"]):
            said = "input_schema does not support oneOf, allOf, or anyOf at the top level"
            raise Refused(f"tools.{number}.custom.input_schema: {said}")
    strict = [(number, tool["input_schema"]) for number, tool in enumerate(tools) if tool.get("strict")]
    if len(strict) > MOST_STRICT:
        raise Refused(f"Too many strict tools: {len(strict)}. The maximum number of strict tools is {MOST_STRICT}.")
    optional = 0
    for number, schema in strict:
        for node in _nodes(schema):
            _strict(f"tools.{number}.custom", node)
            optional += len(set(node.get("properties", ())) - set(node.get("required", ())))
    if optional > MOST_OPTIONAL:
        raise Refused(f"Schemas contain too many optional parameters ({optional}), at most {MOST_OPTIONAL}.")


def _nodes(schema: object) -> Iterator[Block]:
    """Every schema within a schema; the names of properties are none."""
    if isinstance(schema, list):
        for item in cast("list[object]", schema):
            yield from _nodes(item)
    if not isinstance(schema, dict):
        return
    node = cast("Block", schema)
    yield node
    for name in ("properties", "$defs", "definitions"):
        yield from _nodes(list(cast("Block", node.get(name) or {}).values()))
    for name in ("items", "anyOf", "allOf", "oneOf"):
        yield from _nodes(node.get(name))


def _strict(where: str, node: Block) -> None:
    """A strict schema closes every object and leaves out what a grammar cannot hold."""
    kind = node.get("type")
    if (kind == "object" or "properties" in node) and node.get("additionalProperties") is not False:
        raise Refused(f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    if unsupported := [name for name in UNSUPPORTED if name in node]:
        raise Refused(f"{where}: For '{kind}' type, properties {', '.join(unsupported)} are not supported")
    if node.get("minItems", 0) not in (0, 1):
        raise Refused(f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")


def _choice(body: Block) -> None:
    choice = cast("Block", body.get("tool_choice") or {})
    thinking = cast("Block", body.get("thinking") or {"type": "disabled"})
    if choice and not body.get("tools"):
        raise Refused("tool_choice: may only be specified while providing tools")
    if choice.get("type") == "tool" and choice.get("name") not in [tool["name"] for tool in body["tools"]]:
        raise Refused(f"tool_choice: tool '{choice.get('name')}' not found in provided tools")
    if choice.get("type") in ("any", "tool") and thinking["type"] != "disabled":
        raise Refused("Thinking may not be enabled when tool_choice forces tool use.")
    if thinking["type"] == "enabled" and "max_tokens" in body:
        if thinking.get("budget_tokens") is None:
            raise Refused("thinking.enabled.budget_tokens: Field required")
        if thinking["budget_tokens"] >= body["max_tokens"]:
            raise Refused("`max_tokens` must be greater than `thinking.budget_tokens`")
    if body.get("max_tokens", 0) > MOST_TOKENS:
        raise Refused(
            f"max_tokens: {body['max_tokens']} > {MOST_TOKENS}, which is the maximum allowed number of output tokens"
        )


def _breakpoints(body: Block) -> None:
    found = [block["cache_control"] for block in cacheable(body) if block.get("cache_control")]
    found += [body["cache_control"]] if body.get("cache_control") else []
    if len(found) > BREAKPOINTS:
        raise Refused(f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided. Found {len(found)}.")
    lives = [each.get("ttl", "5m") for each in found]
    if "1h" in lives[lives.index("5m") :] if "5m" in lives else False:
        raise Refused("cache_control: a ttl='1h' block must not come after a ttl='5m' block")


def cacheable(body: Block) -> Iterator[Block]:
    """Every block that can carry a breakpoint, in the order in which the cache sees them."""
    yield from cast("list[Block]", body.get("tools") or [])
    yield from blocks(body.get("system") or [])
    for message in cast("list[Block]", body["messages"]):
        for block in blocks(message["content"]):
            inner = block.get("content")
            if block["type"] == "tool_result" and isinstance(inner, list):
                yield from (each for each in cast("list[Block]", inner) if each.get("cache_control"))
            yield block


def _texts(body: Block) -> Iterator[tuple[str, str]]:
    """Every text block with its place."""
    system = body.get("system")
    for place, block in enumerate(cast("list[Block]", system if isinstance(system, list) else [])):
        yield f"system.{place}", block["text"]
    for number, message in enumerate(cast("list[Block]", body["messages"])):
        for place, block in enumerate(blocks(message["content"])):
            yield from _texts_in(f"messages.{number}.content.{place}", block)


def _texts_in(where: str, block: Block) -> Iterator[tuple[str, str]]:
    if block["type"] == "text":
        yield where, block["text"]
    inner = block.get("content")
    for place, each in enumerate(cast("list[Block]", inner if isinstance(inner, list) else [])):
        yield from _texts_in(f"{where}.content.{place}", each)
