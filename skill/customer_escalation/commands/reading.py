"""`cases`, `show`, `due`, `watch`, `calendar`: what the casebook holds and what falls due. Nothing leaves from here."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial

from customer_escalation.commands import OK, Options, readable
from customer_escalation.commands.desk import Answer, answer, asking, office, waited_for
from customer_escalation.commands.options import amount, case, path
from customer_escalation.commands.output import writable, write

STATUSES = ("live", "all", "kept", "open", "acknowledged", "in_progress", "fix_pending", "resolved", "confirmed",
            "de_escalated", "closed")  # fmt: skip


def _cases_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--status", choices=STATUSES, default="live", help="one of them; live is all that is not over (default)"
    )
    command.add_argument("--limit", type=amount, default=50, metavar="N", help="so many at most (default: 50)")
    asking(command)
    command.set_defaults(run=_cases)


def _show_options(command: argparse.ArgumentParser) -> None:
    case(command)
    command.add_argument("--events", type=amount, default=10, metavar="N", help="so many events (default: 10)")
    command.add_argument("--whole", action="store_true", help="the writes that wait, with exact texts and hashes")
    asking(command)
    command.set_defaults(run=_show)


def _due_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--hours", type=amount, default=24, metavar="N", help="so far ahead (default: 24)")
    asking(command)
    command.set_defaults(run=_due)


def _watch_options(command: argparse.ArgumentParser) -> None:
    case(command)
    asking(command)
    command.set_defaults(run=_watch)


def _calendar_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output", type=path, metavar="FILE", help="write to a file instead of standard output")
    asking(command)
    command.set_defaults(run=_calendar)


def _cases(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import listing

    with office(arguments) as asked:
        answer(arguments, asked, listing.cases(asked, arguments.status, arguments.limit), readable.cases)
    return OK


def _show(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import showing

    with office(arguments) as asked:
        said = showing.show(asked, arguments.case, events=arguments.events, whole=arguments.whole)
        answer(arguments, asked, said, partial(readable.show, whole=arguments.whole))
    return OK


def _due(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import dueing

    with office(arguments) as asked:
        answer(arguments, asked, dueing.due(asked, hours=arguments.hours, limit=200), readable.due)
    return OK


def _watch(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import looking

    with office(arguments, acts=True) as asked:
        said: Answer = waited_for(asked, looking.look(asked, arguments.case))
        answer(arguments, asked, said, readable.seen)
    return OK


def _calendar(arguments: argparse.Namespace) -> int:
    from customer_escalation.casebook.calendar import feed

    writable(arguments.output)
    with office(arguments) as asked:
        write(feed(asked.casebook, asked.setting.name, asked.now), arguments.output)
    return OK


OPTIONS: Mapping[str, Options] = {
    "cases": _cases_options,
    "show": _show_options,
    "due": _due_options,
    "watch": _watch_options,
    "calendar": _calendar_options,
}
