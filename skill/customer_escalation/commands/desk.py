"""What the commands of the casebook share: who asks, when, of which cases; and how an answer is written."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, TypeVar

from customer_escalation.commands.options import moment, person, time, where
from customer_escalation.commands.output import write
from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from customer_escalation.follow_up import Office
    from customer_escalation.settings import Setting

T = TypeVar("T")
Answer = dict[str, object]


def asking(command: argparse.ArgumentParser) -> None:
    """The options of every command of the casebook."""
    command.add_argument("--as", dest="who", type=person, metavar="NAME", help="who you are (default: your account)")
    command.add_argument("--now", metavar="TIME", help="another time than the present (RFC 3339)")
    command.add_argument("--json", action="store_true", help="the answer as JSON")
    where(command)


@contextlib.contextmanager
def office(arguments: argparse.Namespace, *, acts: bool = False) -> Generator[Office]:
    """The cases that this person sees; `acts` where something is recorded, which no other time may be given for.

    Raises InputError, also for a case or proposal that is not there; CasebookError.
    """
    from customer_escalation import settings
    from customer_escalation.casebook import Casebook
    from customer_escalation.casebook.errors import UnknownCase
    from customer_escalation.casebook.state import UnknownProposal
    from customer_escalation.follow_up.office import office_of

    who = arguments.who or settings.account()
    given = None if arguments.now is None else time(arguments.now, "--now")
    setting = settings.open_setting(arguments.workspace, arguments.config)
    try:
        if acts and given is not None:
            must_be_its_own(setting)
        somebody = settings.people(arguments.config).at_machine(who)
        casebook = Casebook(settings.casebook_url())
        try:
            yield office_of(casebook, setting, somebody, moment(setting, given))
        except UnknownCase as error:
            raise InputError(f"CASE: {str(error).partition(';')[0]}; `cases` lists them") from None
        except UnknownProposal as error:
            raise InputError(f"PROPOSAL: {error}; `due` and `show` list them") from None
        finally:
            casebook.close()
    finally:
        setting.close()


def must_be_its_own(setting: Setting) -> None:
    """Raises InputError where somebody would record something at another time than the present."""
    if not setting.is_sample:
        raise InputError("--now: what is recorded carries its own time; only that of the sample company can be chosen")


def waited_for(asked: Office, work: Awaitable[T]) -> T:
    """What this work gives; the connections that it used are ended."""
    from customer_escalation.settings import disconnecting

    return asyncio.run(disconnecting(asked.setting, work))


def answer(arguments: argparse.Namespace, asked: Office, said: Answer, readable: Callable[[Answer], str]) -> None:
    """Write what was answered: for a person, with the name of the sample company where it is hers, or as JSON."""
    from customer_escalation.safety import clean

    if arguments.json:
        write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    write(clean(f"{readable(said).rstrip()}\n{sample(asked)}").text)


def sample(asked: Office) -> str:
    """The line that says whose cases these are, where no workspace was named."""
    if not asked.setting.is_sample:
        return ""
    at = asked.local(asked.now)
    whose = f"the bundled sample company ({asked.setting.name}), whose time is {at}"
    return f"\nThis is {whose}; --workspace reads your own.\n"
