"""`work`: what happens while nobody asks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from customer_escalation.commands import OK, Options
from customer_escalation.commands.options import where
from customer_escalation.commands.output import say, write


def _options(work: argparse.ArgumentParser) -> None:
    work.add_argument("--once", action="store_true", help="one round of what is due now, then end (for cron)")
    where(work)
    work.set_defaults(run=_work)


def _work(arguments: argparse.Namespace) -> int:
    from customer_escalation.working.running import run

    done = run(arguments.workspace, arguments.config, once=arguments.once, say=_said, write=_written)
    if arguments.once and not done:
        say("nothing was due", OK)
    return OK


def _said(line: str) -> None:
    say(line, OK)


def _written(text: str) -> None:
    write(f"{text}\n\n")


OPTIONS: Mapping[str, Options] = {"work": _options}
