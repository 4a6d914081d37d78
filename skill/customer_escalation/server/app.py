"""Builds the server and runs it, on stdio or on HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mcp.server import CacheHint, MCPServer

from customer_escalation import __version__, resources
from customer_escalation.server import chat, crm, escalation, knowledge, support, tracker
from customer_escalation.server.desk import Desk, desk_of
from customer_escalation.server.library import furnish
from customer_escalation.server.skills_extension import Skills

if TYPE_CHECKING:
    from mcp.server.auth.provider import TokenVerifier
    from mcp.server.auth.settings import AuthSettings

NAME = "customer-escalation"
FRESH = CacheHint(ttl_ms=300_000, scope="public")


def build_server(
    desk: Desk, *, verifier: TokenVerifier | None = None, auth: AuthSettings | None = None
) -> MCPServer[None]:
    """The server over this desk, which it closes at its end; both protocol eras, any transport."""

    @asynccontextmanager
    async def lifespan(_: MCPServer[None]) -> AsyncGenerator[None]:
        try:
            yield None
        finally:
            desk.close()

    families = (escalation, support, crm, chat, tracker, knowledge)
    server = MCPServer[None](
        NAME,
        title="Customer escalation",
        version=__version__,
        instructions=resources.text_of("prompts/server/instructions.md").strip(),
        tools=[tool for family in families for tool in family.tools(desk)],
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


def serve(
    workspace: Path | None = None,
    config: Path | None = None,
    http: str = "",
    *,
    skip_invalid: bool = False,
    allowed_hosts: Sequence[str] = (),
) -> int:
    """Serve until the client leaves or the person stops it; `http` is HOST:PORT, empty is stdio. Raises InputError."""
    desk = desk_of(workspace, config, skip_invalid=skip_invalid)
    try:
        if http:
            from customer_escalation import settings
            from customer_escalation.server.auth import Issuer
            from customer_escalation.server.http import run

            chosen = settings.http_issuer()
            issuer = Issuer(*chosen) if chosen is not None else None
            hosts = (*allowed_hosts, *settings.http_hosts())
            run(desk, http, token=settings.http_token(), issuer=issuer, allowed_hosts=hosts)
        else:
            build_server(desk).run("stdio")
    except KeyboardInterrupt:
        pass
    return 0
