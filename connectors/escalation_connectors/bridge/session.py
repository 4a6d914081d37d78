"""The connection to a vendor's MCP server: opened when it is first asked, held by a task of its own, ended by `close`.

Only tools that are there, that take what we send and that do not say they write are called. What a server answers is
data, and none of its words are part of an error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from pathlib import Path
from typing import cast

import anyio
from mcp import Client, MCPError, StdioServerParameters
from mcp.client import Transport
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CONNECTION_CLOSED, CallToolResult, TextContent, Tool
from msgspec import Struct
from pydantic import ValidationError

from escalation_connectors import deadline
from escalation_connectors.address import leads_inside
from escalation_connectors.bridge.careful import Heard, client, hearing
from escalation_connectors.bridge.tools import fitted
from escalation_connectors.errors import AccessDenied, BadAnswer, ConnectorError, NotFound, RateLimited, Unavailable
from escalation_connectors.http import Wire

CALL_S, OPEN_S, CLOSE_S = 10.0, 10.0, 6.0
MOST_PAGES = 20
BROKEN = (MCPError, ValidationError, OSError, ValueError, RuntimeError, anyio.ClosedResourceError,
          anyio.BrokenResourceError, anyio.EndOfStream, ExceptionGroup)  # fmt: skip

for _name in ("mcp.client", "client"):  # they log what a server sent, word by word
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Refused(BadAnswer):
    """The tool itself answered that it failed."""


class Server(Struct, frozen=True, kw_only=True):
    """Where a server is: at a URL, with headers, or behind a command, with variables."""

    url: str = ""
    headers: Mapping[str, str] = {}
    private: bool = False
    command: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}


class Answered(Struct, frozen=True):
    """The JSON of an answer, an object or a list, and the arguments as they were sent."""

    value: object
    sent: Mapping[str, object]


class Opened(Struct, frozen=True):
    """A session that can be asked, and the tools it has."""

    client: Client
    tools: Mapping[str, Tool]


class Session:
    """Calls reading tools of one server. Used within one event loop; opened again where the server ended it."""

    def __init__(self, source: str, server: Server, wire: Wire) -> None:
        self.source = source
        self._server, self._wire = server, wire
        self._owner: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[Opened | ConnectorError] | None = None
        self._ended = asyncio.Event()

    async def call(self, tool: str, arguments: Mapping[str, object]) -> Answered:
        """What a tool answers. Raises the ConnectorError family."""
        for last in (False, True):
            opened = await self._opened()
            checked = fitted(self.source, opened.tools, tool, arguments)
            result = await self._asked(opened.client, tool, checked)
            if result is not None:
                return Answered(_json_of(self.source, result), checked)
            if last:
                break
            await self.close()
        raise Unavailable(self.source, "its MCP server ended the connection")

    async def check(self, tool: str, arguments: Mapping[str, object]) -> None:
        """Whether the tool may be called so. Raises the ConnectorError family."""
        fitted(self.source, (await self._opened()).tools, tool, arguments)

    async def close(self) -> None:
        """End the session; may be called twice."""
        owner, self._owner = self._owner, None
        if owner is None:
            return
        self._ended.set()
        if self._ready is None or not self._ready.done():
            owner.cancel()
        _, late = await asyncio.wait({owner}, timeout=CLOSE_S)
        for task in late:
            task.cancel()
            await asyncio.wait({task}, timeout=CLOSE_S)

    async def _opened(self) -> Opened:
        """The open session; many that ask at once open it once."""
        if self._owner is None or self._owner.done() or self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._ended = asyncio.Event()
            holding = self._hold(self._ready, self._ended)
            self._owner = asyncio.create_task(holding, name=f"mcp {self.source}", context=Context())
        seconds = deadline.left(OPEN_S + 1)
        if seconds <= 0:
            raise Unavailable(self.source, "no time was left to ask")
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.shield(self._ready)
        except TimeoutError:
            raise Unavailable(self.source, "its MCP server did not answer in time") from None
        if isinstance(found, ConnectorError):
            raise type(found)(found.source, found.what, advice=found.advice)
        return found

    async def _hold(self, ready: asyncio.Future[Opened | ConnectorError], ended: asyncio.Event) -> None:
        """Open the session, hand it out, and keep it until it is to end: one task enters and leaves it."""
        found: Opened | ConnectorError = Unavailable(self.source, "its MCP server could not be reached")
        with hearing() as heard:
            try:
                async with AsyncExitStack() as stack:
                    async with asyncio.timeout(OPEN_S):
                        opened = await stack.enter_async_context(Client(cast("Transport", self._way()), cache=None))
                        found = Opened(opened, await _tools(opened))
                    ready.set_result(found)
                    await ended.wait()
            except TimeoutError:
                found = Unavailable(self.source, "its MCP server did not answer in time")
            except ConnectorError as error:
                found = error
            except BROKEN as error:
                found = self._told(error, heard)
            finally:
                if not ready.done():
                    ready.set_result(found)

    @asynccontextmanager
    async def _way(self) -> AsyncGenerator[object]:
        """The streams to the server."""
        server = self._server
        if server.command:
            command, *rest = server.command
            parameters = StdioServerParameters(command=command, args=rest, env=dict(server.variables))
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:  # noqa: ASYNC230 - this one never blocks
                async with stdio_client(parameters, errlog=nowhere) as streams:
                    yield streams
            return
        known = server.private or self._wire.transport is not None
        if not known and await leads_inside(server.url, self._wire.resolve):
            raise AccessDenied(self.source, "its name leads into a private network, which allow_private: true allows")
        async with (
            client(self._wire, server.headers, trust_env=not server.private) as http,
            streamable_http_client(server.url, http_client=http) as streams,
        ):
            yield streams

    async def _asked(self, asked: Client, tool: str, arguments: dict[str, object]) -> CallToolResult | None:
        """What the tool answers; None where the session is over."""
        seconds = deadline.left(CALL_S)
        if seconds <= 0:
            raise Unavailable(self.source, "no time was left to ask")
        with hearing() as heard:
            try:
                async with asyncio.timeout(seconds):
                    return await asked.call_tool(tool, arguments)
            except TimeoutError:
                raise Unavailable(self.source, "no answer in time") from None
            except BROKEN as error:
                if self._over(error, heard):
                    return None
                raise self._told(error, heard) from None

    def _over(self, error: Exception, heard: Heard) -> bool:
        if self._owner is None or self._owner.done() or isinstance(error, anyio.ClosedResourceError):
            return True
        return isinstance(error, MCPError) and (heard.status == 404 or error.code == CONNECTION_CLOSED)

    def _told(self, error: Exception, heard: Heard) -> ConnectorError:
        while isinstance(error, ExceptionGroup):
            error = cast("ExceptionGroup[Exception]", error).exceptions[0]
        if isinstance(error, ConnectorError):
            return error
        status = f" (HTTP {heard.status})" if heard.status else ""
        match heard.status:
            case 401 | 402 | 403:
                return AccessDenied(self.source, f"the credentials were refused{status}")
            case 404 | 405:
                return NotFound(self.source, f"no MCP server answers at this address{status}")
            case 429:
                return RateLimited(self.source, f"too many requests{status}", heard.wait)
            case number if number >= 500:
                return Unavailable(self.source, f"the service is not available{status}")
            case _ if heard.lost:
                return Unavailable(self.source, "its MCP server could not be reached")
            case _ if isinstance(error, OSError) and self._server.command:
                what = f"the command {self._server.command[0]} cannot be run"
                return AccessDenied(self.source, what, advice="check command in its entry", known=False)
            case _ if isinstance(error, MCPError) and error.code == CONNECTION_CLOSED:
                return Unavailable(self.source, "its MCP server ended the connection")
            case _:
                return BadAnswer(
                    self.source, f"its MCP server did not accept the question, or broke the protocol{status}"
                )


async def _tools(server: Client) -> dict[str, Tool]:
    """Every tool, by its name."""
    found: dict[str, Tool] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await server.list_tools(cursor=cursor)
        found |= {tool.name: tool for tool in page.tools}
        cursor = page.next_cursor
        if not cursor:
            break
    return found


def _json_of(source: str, result: CallToolResult) -> object:
    """The structured content, else the JSON in the text."""
    if result.is_error:
        raise Refused(source, "the tool answered that it failed")
    value: object = result.structured_content
    if value is None:
        texts = [block.text for block in result.content if isinstance(block, TextContent)]
        read = [_parsed(source, each) for each in texts]
        value = read[0] if len(read) == 1 else read
    inside = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if set(inside) == {"result"}:  # how servers wrap an answer that is no object
        value = _parsed(source, inside["result"]) if isinstance(inside["result"], str) else inside["result"]
    if not isinstance(value, dict | list):
        raise BadAnswer(source, "the tool answers with text for people, not with data")
    return cast("object", value)


def _parsed(source: str, text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        raise BadAnswer(source, "the tool answers with text for people, not with data") from None
