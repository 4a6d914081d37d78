"""`propose`, `approve`, `decline`, `edit`, `settle`: a person's yes or no to one exact text for one exact place."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from customer_escalation.commands import FAILED, OK, Options, readable
from customer_escalation.commands.desk import Answer, answer, asking, office, waited_for
from customer_escalation.commands.editing import edited
from customer_escalation.commands.options import case, hashed, typed, utf8
from customer_escalation.commands.output import write
from escalation_connectors.errors import InputError

LONGEST = 60_000
WHOLE_HASH = 64
ID = "its id; the first 8 characters are enough"
NOBODY = (
    "nobody can be asked here (standard input is no terminal); approve it in a terminal, or let scripts do it: "
    "`approve_without_terminal: true` in the file of --config, then --yes --sha256 HASH"
)
WHOLE = "--yes: needs --sha256 with the whole hash of the text that was read, all 64 digits"


def _propose_options(command: argparse.ArgumentParser) -> None:
    case(command)
    command.add_argument(
        "write", metavar="WRITE", help="a step of the brief (n1) or a kind of write (reply_to_customer)"
    )
    command.add_argument("--to", default="", metavar="PLACE", help="a customer, ticket, channel, project or issue")
    command.add_argument("--text", default="", metavar="TEXT", help="a text of your own; - reads standard input")
    command.add_argument("--send", action="store_true", help="a reply goes out instead of being left as a draft")
    command.add_argument("--due", default="", metavar="TIME", help="when a schedule_follow_up reminds (tomorrow noon)")
    asking(command)
    command.set_defaults(run=_propose)


def _approve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("proposal", metavar="PROPOSAL", help=ID)
    command.add_argument("--sha256", type=hashed, metavar="HASH", help="only if this is the text's hash")
    command.add_argument(
        "--yes",
        action="store_true",
        help="do not ask; needs --sha256 with the whole hash",
    )
    asking(command)
    command.set_defaults(run=_approve)


def _decline_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("proposal", metavar="PROPOSAL", help=ID)
    command.add_argument("--why", default="", metavar="TEXT", help="the reason, for the trail")
    asking(command)
    command.set_defaults(run=_decline)


def _edit_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("proposal", metavar="PROPOSAL", help=ID)
    command.add_argument(
        "--text", metavar="TEXT", help="the new text (default: your $EDITOR in a terminal, else standard input)"
    )
    asking(command)
    command.set_defaults(run=_edit)


def _settle_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("proposal", metavar="PROPOSAL", help=ID)
    command.add_argument(
        "found",
        choices=("there", "not-there"),
        metavar="there|not-there",
        help="what you saw; not-there sends it again",
    )
    asking(command)
    command.set_defaults(run=_settle)


def _propose(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import approving, proposing

    own = utf8(typed("--text", LONGEST) if arguments.text == "-" else arguments.text, "--text")
    with office(arguments, acts=True) as asked:
        to, due = utf8(arguments.to, "--to"), utf8(arguments.due, "--due")
        kept = proposing.proposed(asked, arguments.case, arguments.write, to=to, text=own, send=arguments.send, due=due)
        answer(arguments, asked, approving.shown(asked, kept), readable.proposal)
    return OK


def _approve(arguments: argparse.Namespace) -> int:
    from customer_escalation import settings
    from customer_escalation.casebook.state import NotAllowed
    from customer_escalation.follow_up import approving

    wanted = arguments.sha256 or ""
    if arguments.yes and len(wanted) != WHOLE_HASH:
        raise InputError(WHOLE)
    if not (_has_a_terminal() or (arguments.yes and settings.scripts_approve(arguments.config))):
        raise InputError(NOBODY)
    with office(arguments, acts=True) as asked:
        asked.must_be_a_person("approve a write")
        proposal = approving.found(asked, arguments.proposal)
        approving.must_wait(asked, proposal)
        if not proposal.sha256.startswith(wanted):
            raise NotAllowed(f"proposal {proposal.id[:8]} is not the text you saw: its hash is another; read it again")
        if not arguments.yes and not _says_yes(approving.shown(asked, proposal)):
            write("Not approved; nothing was written.\n")
            return FAILED
        said = waited_for(asked, approving.approve(asked, proposal.id, proposal.sha256))
        answer(arguments, asked, said, readable.outcome)
    return OK if said["state"] == "delivered" else FAILED


def _says_yes(shown: Answer) -> bool:
    """Whether the person who sees exactly this types yes."""
    write(f"{readable.proposal(shown)}\n")
    sys.stderr.write("Type yes to write exactly this, anything else to leave it: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"


def _has_a_terminal() -> bool:
    return bool(sys.stdin) and sys.stdin.isatty()


def _decline(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import approving

    with office(arguments, acts=True) as asked:
        said = approving.decline(asked, arguments.proposal, utf8(arguments.why, "--why"))
        answer(arguments, asked, said, readable.outcome)
    return OK


def _edit(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import approving

    with office(arguments, acts=True) as asked:
        before = approving.found(asked, arguments.proposal)
        new = edited(before.payload) if arguments.text is None else utf8(arguments.text, "--text")
        answer(arguments, asked, approving.edit(asked, before.id, new), readable.proposal)
    return OK


def _settle(arguments: argparse.Namespace) -> int:
    from customer_escalation.follow_up import approving

    with office(arguments, acts=True) as asked:
        said = approving.settle(asked, arguments.proposal, there=arguments.found == "there")
        if said["state"] == "approved":
            said = waited_for(asked, approving.carry_out(asked, str(said["id"])))
        answer(arguments, asked, said, readable.outcome)
    return OK if said["state"] == "delivered" else FAILED


OPTIONS: Mapping[str, Options] = {
    "propose": _propose_options,
    "approve": _approve_options,
    "decline": _decline_options,
    "edit": _edit_options,
    "settle": _settle_options,
}
