"""A tool as we want it: no schema noise, unknown arguments refused, small structured answers, failures in our words."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, cast

from mcp import MCPError
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import func_metadata
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from customer_escalation.server.asking import Ask, client_of, decide
from customer_escalation.server.desk import Answer, Desk
from escalation_connectors.errors import ConnectorError, EscalationError

logger = logging.getLogger(__name__)
ToolFunction = Callable[..., Awaitable[Answer]]
ForCase = Annotated[str, Field(description="a case in whose evidence this is kept, to be cited there")]


class StrictTool(Tool):
    """A tool over `Call` and plain arguments; its answer is compact JSON, as text and as structured content."""

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:  # noqa: ANN401 - the SDK's signature
        """Check the arguments and run. Raises ToolError with one line that says what to do."""
        values = self._checked(arguments)
        try:
            answer = await self.fn(context, **values)
        except (ToolError, MCPError):
            raise
        except EscalationError as error:
            raise ToolError(_told(error)) from None
        except Exception as error:  # noqa: BLE001 - the outermost entry point of a call: no traceback reaches a model
            logger.error("%s failed: %s", self.name, _place(error))  # no traceback: it may hold records
            raise ToolError(
                f"{self.name} failed unexpectedly ({type(error).__name__}); the server's log says where"
            ) from None
        if isinstance(answer, InputRequiredResult):  # the client has to ask the person, then it calls again
            return answer
        return compact(answer) if convert_result else answer

    def _checked(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        known = self.fn_metadata.arg_model.model_fields
        if unknown := sorted(set(arguments) - set(known)):
            names = ", ".join(repr(name[:40]) for name in unknown[:5])
            raise ToolError(f"unknown argument {names}; {self.name} takes: {', '.join(known) or 'no arguments'}")
        try:
            return self.fn_metadata.validate_arguments(dict(arguments))
        except ValidationError as error:
            raise ToolError("; ".join(_wrong(item) for item in error.errors(include_url=False)[:5])) from None


def tool(
    desk: Desk,
    function: ToolFunction,
    title: str,
    *,
    read_only: bool = True,
    idempotent: bool = True,
    always_load: bool = False,
    open_world: bool = False,
    ask: Ask | None = None,
) -> Tool:
    """The function (whose first parameter is the `Call`) as a tool under its own name, described by its docstring.

    `ask` takes the same arguments and says what the person has to be asked first; the function gets the `decision`.
    """
    metadata = func_metadata(function, skip_names=("call", "decision"), structured_output=False)
    schema = _plain(metadata.arg_model.model_json_schema(by_alias=True))
    return StrictTool(
        fn=partial(_called, desk, function, ask),
        name=function.__name__,
        title=title,
        description=" ".join((function.__doc__ or "").split()),
        parameters={**cast("dict[str, Any]", schema), "additionalProperties": False},
        fn_metadata=metadata,
        is_async=True,
        context_kwarg=None,
        annotations=ToolAnnotations(
            read_only_hint=read_only, destructive_hint=False, idempotent_hint=idempotent, open_world_hint=open_world
        ),
        meta={"anthropic/alwaysLoad": True} if always_load else None,
    )


def compact(answer: Answer) -> CallToolResult:
    """The answer as structured content, and the same as JSON text without white space for clients that read text."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)


async def _called(
    desk: Desk, function: ToolFunction, ask: Ask | None, context: Context[Any, Any], **values: object
) -> Answer | InputRequiredResult:
    async with desk.call(context.report_progress, client_of(context)) as call:
        if ask is None:
            return await function(call, **values)
        decision = await decide(await ask(call, **values), call, context)
        if isinstance(decision, InputRequiredResult):
            return decision
        return await function(call, **values, decision=decision)


def _told(error: EscalationError) -> str:
    return f"{error}; {error.advice}" if isinstance(error, ConnectorError) else str(error)


def _wrong(item: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in item["loc"])
    return f"{where}: is missing" if item["type"] == "missing" else f"{where}: {item['msg']}"


def _place(error: Exception) -> str:
    """The kind of failure and the line it came from, without its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = "" if trace is None else f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"{type(error).__name__}{at}"


def _plain(schema: object) -> object:
    """The schema without the titles that pydantic derives from names."""
    if isinstance(schema, dict):
        items = cast("dict[str, object]", schema).items()
        return {key: _plain(value) for key, value in items if not (key == "title" and isinstance(value, str))}
    if isinstance(schema, list):
        return [_plain(item) for item in cast("list[object]", schema)]
    return schema
