"""The tools a model may use: the reading tools of our own MCP server, called in process, and no other.

The server is that of MCP clients without the tools that write, over a casebook in memory that holds this case alone.
What the model opens becomes evidence of the case, so that it can be cited.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from mcp import Client, MCPError
from mcp.types import TextContent, Tool
from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import Result
from customer_escalation.casebook import Casebook
from customer_escalation.server.desk import Desk
from customer_escalation.server.wiring import reading_server
from customer_escalation.settings import Setting

# Gathering is done, assessing stands in the case's turn, and submitting is the writer's own tool.
NOT_OFFERED = frozenset({"escalation_gather", "escalation_assess", "escalation_status", "escalation_submit"})
FILLED_IN = "case_id"
LONGEST_ANSWER = 40_000


class Reading(Struct, frozen=True):
    """What a tool answered, and whether it failed."""

    text: str
    failed: bool = False


class Toolbox:
    """The offered tools by name, and one case that they add to."""

    def __init__(self, client: Client, tools: Mapping[str, Tool], casebook: Casebook, case_id: str) -> None:
        self._client = client
        self._casebook = casebook
        self._case_id = case_id
        self.tools = tools

    def definitions(self) -> list[dict[str, Any]]:
        """The tools as the Messages API takes them, in a fixed order; the case is filled in by us."""
        return [
            {"name": name, "description": tool.description or "", "input_schema": _without_case(tool.input_schema)}
            for name, tool in sorted(self.tools.items())
        ]

    async def read(self, name: str, arguments: object) -> Reading:
        """Run one tool. A call that cannot be made is an answer that says why."""
        tool = self.tools.get(name)
        if tool is None:
            return Reading(f"there is no tool {name[:64]!r}; there are {', '.join(sorted(self.tools))}", failed=True)
        if not isinstance(arguments, Mapping):
            return Reading("the arguments must be an object", failed=True)
        given = dict(cast("Mapping[str, object]", arguments))
        if FILLED_IN in tool.input_schema["properties"]:
            given[FILLED_IN] = self._case_id
        try:
            answer = await self._client.call_tool(name, given)
        except MCPError as error:
            return Reading(f"{name}: {error}", failed=True)
        text = "\n".join(block.text for block in answer.content if isinstance(block, TextContent))
        return Reading(text[:LONGEST_ANSWER], failed=bool(answer.is_error))

    def result(self) -> Result:
        """The case with everything that was read by now."""
        return self._casebook.get(self._case_id).result


@asynccontextmanager
async def open_toolbox(draft: Result, setting: Setting) -> AsyncGenerator[Toolbox]:
    """The toolbox over this draft and its sources, which stay open. Raises CasebookError."""
    casebook = Casebook(None)
    case_id = casebook.add(draft, customer=draft.customer or "", workspace=setting.name, opened_at=draft.now)
    ours = replace(setting, close=_left_open)
    server = reading_server(Desk(lambda: ours, lambda: casebook, clock=lambda: draft.now))
    async with Client(server) as client:
        listed = (await client.list_tools()).tools
        offered = {tool.name: tool for tool in listed if is_offered(tool)}
        yield Toolbox(client, offered, casebook, case_id)


def is_offered(tool: Tool) -> bool:
    """Whether a model may call it: it says that it only reads, and it is not one of the steps that code takes."""
    return tool.name not in NOT_OFFERED and bool(tool.annotations and tool.annotations.read_only_hint)


def _left_open() -> None:
    """The sources belong to whoever opened them."""


def _without_case(schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in schema["properties"].items() if name != FILLED_IN}
    required = [name for name in schema.get("required", []) if name != FILLED_IN]
    return {**schema, "properties": properties, **({"required": required} if required else {})}
