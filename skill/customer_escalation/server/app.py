"""Builds the server and runs it, on stdio or on HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mcp.server import MCPServer

from customer_escalation.server import cases
from customer_escalation.server.desk import Desk, desk_of
from customer_escalation.server.wiring import reading_server

if TYPE_CHECKING:
    from mcp.server.auth.provider import TokenVerifier
    from mcp.server.auth.settings import AuthSettings


def build_server(
    desk: Desk, *, verifier: TokenVerifier | None = None, auth: AuthSettings | None = None
) -> MCPServer[None]:
    """The server with all tools over this desk, which it closes at its end; both protocol eras, any transport."""
    return reading_server(desk, further=cases.tools(desk), verifier=verifier, auth=auth)


def serve(
    workspace: Path | None = None,
    config: Path | None = None,
    http: str = "",
    *,
    skip_invalid: bool = False,
    allowed_hosts: Sequence[str] = (),
    who: str = "",
) -> int:
    """Serve until the client leaves or the person stops it; `http` is HOST:PORT, empty is stdio. Raises InputError.

    `who` names the person at this machine where it is not the account's name.
    """
    desk = desk_of(workspace, config, skip_invalid=skip_invalid, who=who)
    try:
        if http:
            from customer_escalation import settings
            from customer_escalation.server.auth import Issuer
            from customer_escalation.server.http import run

            chosen = settings.http_issuer()
            issuer = Issuer(*chosen) if chosen is not None else None
            hosts = (*allowed_hosts, *settings.http_hosts())
            token, people = settings.http_token(), settings.people(config)
            run(desk, http, token=token, issuer=issuer, allowed_hosts=hosts, people=people)
        else:
            build_server(desk).run("stdio")
    except KeyboardInterrupt:
        pass
    return 0
