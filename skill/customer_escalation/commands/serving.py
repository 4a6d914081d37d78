"""`serve`: the MCP server."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from customer_escalation.commands import Options
from customer_escalation.commands.options import where


def _options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--http", metavar="HOST:PORT", default="", help="streamable HTTP at /mcp instead of stdio")
    where(serve)
    serve.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    from customer_escalation.server.app import serve

    return serve(arguments.workspace, arguments.config, arguments.http)


OPTIONS: Mapping[str, Options] = {"serve": _options}
