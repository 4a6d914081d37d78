"""A category that is read through the test's MCP server, over HTTP in process or from a program."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp.server.transport_security import TransportSecuritySettings
from msgspec import Struct

from escalation_connectors.http import Wire
from escalation_connectors.options import Fields
from escalation_connectors.registry import Connected, connect, read_configuration
from tests.connectors import mcp_server
from tests.vendors.harness import Store

HOST = "mcp.vendor.example"
WAY = {"vendor": "mcp", "url": f"https://{HOST}/mcp", "token": "env:TOKEN"}
STDIO = {"vendor": "mcp", "command": [sys.executable, "-m", "tests.connectors.mcp_server"]}


class Used(Struct):
    """The connected source, what its server was asked, and the requests."""

    sources: Any
    connected: Connected
    asked: list[tuple[str, dict[str, Any]]]
    requests: list[httpx2.Request]


class Through(httpx2.AsyncBaseTransport):
    """The server's app, or in its place what `spoil` answers."""

    def __init__(self, app: Any, spoil: Callable[[httpx2.Request], httpx2.Response | None]) -> None:
        self._app, self._spoil = httpx2.ASGITransport(app), spoil
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.requests.append(request)
        spoilt = self._spoil(request)
        if spoilt is not None and spoilt.headers.get("x-hang"):
            await asyncio.Event().wait()
        return spoilt or await self._app.handle_async_request(request)


def nothing(_: httpx2.Request) -> httpx2.Response | None:
    return None


def made(category: str, entry: Mapping[str, Any], wire: Wire, way: Mapping[str, Any] = WAY) -> Connected:
    fields = Fields({category: {**way, **entry}}, "c.yaml: connectors")
    return connect(read_configuration(fields, {"TOKEN": "t0ken"}, Store(), wire))


@asynccontextmanager
async def vendor(
    category: str, entry: Mapping[str, Any], spoil: Callable[[httpx2.Request], httpx2.Response | None] = nothing
) -> AsyncGenerator[Used]:
    """The category over HTTP in process."""
    asked: list[tuple[str, dict[str, Any]]] = []
    server = mcp_server.build(asked)
    app = server.streamable_http_app(transport_security=TransportSecuritySettings(allowed_hosts=[HOST]))
    through = Through(app, spoil)
    async with server.session_manager.run():
        connected = made(category, entry, Wire(through))
        try:
            yield Used(connected.sources, connected, asked, through.requests)
        finally:
            await connected.close()
            await connected.close()


@asynccontextmanager
async def over_stdio(category: str, entry: Mapping[str, Any]) -> AsyncGenerator[Any]:
    """The category from a program that is started."""
    connected = made(category, entry, Wire(), {**STDIO})
    try:
        yield connected.sources
    finally:
        await connected.close()
