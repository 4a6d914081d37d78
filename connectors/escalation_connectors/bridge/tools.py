"""Whether a tool of a server may be called, and its arguments in the types that it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from mcp.types import Tool

from escalation_connectors.errors import AccessDenied, BadAnswer, NotFound

NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def fitted(source: str, tools: Mapping[str, Tool], name: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments as the tool wants them. Raises AccessDenied for a tool that writes, else BadAnswer."""
    tool = tools.get(name)
    if tool is None:
        raise BadAnswer(source, f"its MCP server has no tool {name} (another name, or a right that is missing?)")
    hints = tool.annotations
    if hints is not None and (hints.read_only_hint is False or hints.destructive_hint is True):
        raise AccessDenied(source, f"the tool {name} says that it changes something; only reading tools are called")
    schema = cast("Mapping[str, object]", tool.input_schema)
    known = _mapping(schema.get("properties"))
    unknown = sorted(set(arguments) - set(known))
    if unknown:
        raise BadAnswer(source, f"the tool {name} takes no argument {', '.join(unknown)}")
    required = schema.get("required")
    wanted = {str(each) for each in cast("list[object]", required)} if isinstance(required, list) else set[str]()
    if missing := sorted(wanted - set(arguments)):
        raise BadAnswer(source, f"the tool {name} also wants {', '.join(map(_shown, missing))}: set it in arguments")
    return {key: _typed(source, value, _schema(known[key])) for key, value in arguments.items()}


def _typed(source: str, value: object, schema: Mapping[str, object]) -> object:
    """A number where one is wanted, not above the most that is allowed; a list where one is wanted."""
    kind, most = schema.get("type"), schema.get("maximum")
    if kind == "array":
        inside = _schema(schema.get("items"))
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        return [_typed(source, each, inside) for each in items]
    if kind in {"integer", "number"} and isinstance(value, str):
        text = value.removeprefix("#")
        if not text.isdecimal() or not text.isascii():
            raise NotFound(source, "ids are numbers here")
        return int(text)
    if isinstance(value, int) and not isinstance(value, bool) and isinstance(most, int | float):
        return min(value, int(most))
    return str(value) if kind == "string" and isinstance(value, int) else value


def _schema(value: object) -> Mapping[str, object]:
    """What a value must be; of several possibilities the first that is something."""
    schema = _mapping(value)
    either = schema.get("anyOf")
    choices = map(_mapping, cast("list[object]", either)) if isinstance(either, list) else ()
    return next((each for each in choices if each.get("type") != "null"), schema)


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _shown(name: str) -> str:
    return name if NAME.fullmatch(name) else "something without a proper name"
