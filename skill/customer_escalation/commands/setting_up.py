"""`install`, `connect` and `doctor`: the agents of this machine, the sources, and how both stand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from customer_escalation.commands import NOTHING_READ, OK, Options
from customer_escalation.commands.options import path, where
from customer_escalation.commands.output import write


def _install_options(setup: argparse.ArgumentParser) -> None:
    setup.add_argument(
        "agents",
        nargs="*",
        metavar="AGENT",
        help="claude-code, cursor, codex, vscode, claude-desktop (default: those found)",
    )
    setup.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    where(setup)
    setup.set_defaults(run=_install)


def _connect_options(join: argparse.ArgumentParser) -> None:
    join.add_argument(
        "category", metavar="CATEGORY", help="support_platform, crm, chat, project_tracker, knowledge_base"
    )
    join.add_argument("vendor", metavar="VENDOR", help="as zendesk, hubspot, slack, jira, confluence")
    join.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="answer a question beforehand")
    join.add_argument("--config", type=path, metavar="FILE", required=True, help="the file to write")
    join.set_defaults(run=_connect)


def _doctor_options(check: argparse.ArgumentParser) -> None:
    where(check)
    check.set_defaults(run=_doctor)


def _install(arguments: argparse.Namespace) -> int:
    from customer_escalation.install import install

    said = install(arguments.agents, workspace=arguments.workspace, config=arguments.config, dry_run=arguments.dry_run)
    write(said)
    return OK


def _connect(arguments: argparse.Namespace) -> int:
    from customer_escalation.connect import connect

    said = connect(arguments.category, arguments.vendor, arguments.set, arguments.config, sys.stdin.isatty())
    write(said)
    return OK


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio

    from customer_escalation import settings
    from customer_escalation.doctor import examined
    from customer_escalation.settings import disconnecting

    model = settings.model_setting(arguments.config)
    setting = settings.open_setting(arguments.workspace, arguments.config)
    try:
        told, can_read = asyncio.run(disconnecting(setting, examined(setting, model)))
        write(told)
    finally:
        setting.close()
    return OK if can_read else NOTHING_READ


OPTIONS: Mapping[str, Options] = {"install": _install_options, "connect": _connect_options, "doctor": _doctor_options}
