"""Puts the tools together to a server: those that read and draft, to which an entry point adds those that write."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mcp.server import CacheHint, MCPServer
from mcp.server.mcpserver.tools import Tool

from customer_escalation import __version__, resources
from customer_escalation.server import chat, crm, escalation, knowledge, support, tracker
from customer_escalation.server.desk import Desk
from customer_escalation.server.library import furnish
from customer_escalation.server.skills_extension import Skills

if TYPE_CHECKING:
    from mcp.server.auth.provider import TokenVerifier
    from mcp.server.auth.settings import AuthSettings

NAME = "customer-escalation"
FRESH = CacheHint(ttl_ms=300_000, scope="public")


def reading_server(
    desk: Desk,
    *,
    further: Iterable[Tool] = (),
    verifier: TokenVerifier | None = None,
    auth: AuthSettings | None = None,
) -> MCPServer[None]:
    """The server over this desk, which it closes at its end; both protocol eras, any transport.

    Without `further` tools nothing in it can write to the outside: our own writers get this one.
    """

    @asynccontextmanager
    async def lifespan(_: MCPServer[None]) -> AsyncGenerator[None]:
        try:
            yield None
        finally:
            await desk.close()

    families = (escalation, support, crm, chat, tracker, knowledge)
    server = MCPServer[None](
        NAME,
        title="Customer escalation",
        version=__version__,
        instructions=resources.text_of("prompts/server/instructions.md").strip(),
        tools=[*(tool for family in families for tool in family.tools(desk)), *further],
        extensions=[Skills()],
        lifespan=lifespan,
        log_level="WARNING",
        cache_hints={
            "tools/list": FRESH,
            "prompts/list": FRESH,
            "resources/list": FRESH,
            "resources/templates/list": FRESH,
        },
        token_verifier=verifier,
        auth=auth,
    )
    furnish(server, desk)
    return server
