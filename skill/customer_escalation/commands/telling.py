"""`update`, `de-escalate`, `close`: what a person says of a case."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from customer_escalation.commands import OK, Options, readable
from customer_escalation.commands.desk import answer, asking, office
from customer_escalation.commands.options import case, utf8
from escalation_connectors.errors import InputError

WHATS = """\
what happened, one of
  note                                                --why says what
  acknowledged, in_progress, fix_pending, resolved    the case moves there
  told, confirmed                                     --customer was given an update, or says that it is solved
  joined                                              --customer has it too, in the tickets of --value
  promised                                            to --customer, for --due
  kept                                                the promise or follow_up with the number of --value
  checked                                             the receiving team was asked, or was heard
  severity                                            --value is critical, high or medium
  attend, snooze, disagree                            the reminder of the clock of --value; snooze until --due
  learned                                             --value: root_cause, fix, fix_version, workaround, recognise or
                                                      article; --why is the text
  done                                                --value: a duty of the end (update_ticket 51842: there alone)
                                                      that was done by hand; --why says how
  escalated                                           what support kept, or what was over; --value: severity, target
"""


def _update_options(command: argparse.ArgumentParser) -> None:
    command.epilog = WHATS
    case(command)
    command.add_argument("what", metavar="WHAT", help="what happened; see below")
    command.add_argument("--customer", default="", metavar="NAME", help="the customer; not needed where there is one")
    command.add_argument("--value", default="", metavar="VALUE", help="what goes with WHAT")
    command.add_argument(
        "--due", default="", metavar="TIME", help="a time to come: RFC 3339, a day, or words (tomorrow noon)"
    )
    command.add_argument("--why", default="", metavar="TEXT", help="in your words, for the trail")
    asking(command)
    command.set_defaults(run=_update)


def _de_escalate_options(command: argparse.ArgumentParser) -> None:
    case(command)
    command.add_argument("condition", metavar="CONDITION", help="of the policy; a wrong one lists them")
    command.add_argument("--why", required=True, metavar="TEXT", help="why the condition holds")
    command.add_argument("--evidence", default="", metavar="IDS", help='rows of the case that show it, as "T-1/2 I-7"')
    asking(command)
    command.set_defaults(run=_de_escalate)


def _close_options(command: argparse.ArgumentParser) -> None:
    case(command)
    command.add_argument(
        "--why", default="", metavar="TEXT", help="needed where a customer was not told or has not confirmed"
    )
    asking(command)
    command.set_defaults(run=_close)


def _update(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import updating

    if arguments.what not in updating.WHATS:
        known = ", ".join(updating.WHATS)
        raise InputError(f"WHAT: no update {arguments.what[:40]!r}; there are {known}")
    names = ("customer", "value", "due", "why")
    given = {name: utf8(getattr(arguments, name), f"--{name}") for name in names}
    with office(arguments, acts=True) as asked:
        answer(arguments, asked, updating.update(asked, arguments.case, arguments.what, **given), readable.recorded)
    return OK


def _de_escalate(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import ending

    why, evidence = utf8(arguments.why, "--why"), utf8(arguments.evidence, "--evidence").replace(",", " ").split()
    with office(arguments, acts=True) as asked:
        known = ending.conditions(asked)
        if arguments.condition not in known:
            told = "; ".join(f"{name} ({text})" for name, text in known.items())
            raise InputError(f"CONDITION: no such condition; a case steps down by one of these: {told}")
        said = ending.de_escalate(asked, arguments.case, arguments.condition, why, evidence)
        answer(arguments, asked, said, readable.recorded)
    return OK


def _close(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import ending

    with office(arguments, acts=True) as asked:
        said = ending.close(asked, arguments.case, utf8(arguments.why, "--why"))
        answer(arguments, asked, said, readable.recorded)
    return OK


OPTIONS: Mapping[str, Options] = {
    "update": _update_options,
    "de-escalate": _de_escalate_options,
    "close": _close_options,
}
