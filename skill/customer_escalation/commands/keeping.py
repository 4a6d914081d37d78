"""`verify`, `backup`, `restore`, and what `escalate --keep` does: the casebook itself."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from customer_escalation.commands import FAILED, OK, Options
from customer_escalation.commands.desk import asking, office, sample
from customer_escalation.commands.options import path, where
from customer_escalation.commands.output import write
from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from customer_escalation.brief import Result
    from customer_escalation.casebook.opening import Followed
    from customer_escalation.casebook.proposal import Proposal
    from customer_escalation.follow_up import Office
    from customer_escalation.settings import Setting

EVERY = 1_000_000_000


def _verify_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("case", metavar="CASE", nargs="?", default="", help="as case-1")
    command.add_argument("--all", action="store_true", help="every case that you see")
    asking(command)
    command.set_defaults(run=_verify)


def _backup_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=path, metavar="FILE", help="a new file; `restore` goes on from it")
    asking(command)
    command.set_defaults(run=_backup)


def _restore_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=path, metavar="FILE", help="a file that `backup` made")
    where(command)
    command.set_defaults(run=_restore)


def _verify(arguments: argparse.Namespace) -> int:
    import json

    if bool(arguments.case) == arguments.all:
        raise InputError("verify: name one CASE, or --all")
    with office(arguments) as asked:
        book = asked.casebook
        names = reversed(book.ids(limit=EVERY)) if arguments.all else (book.get(arguments.case).id,)
        found = {name: book.broken(name) for name in names}
        wrong = [said for said in found.values() if said]
        if arguments.json:
            write(json.dumps({"cases": found, "broken": len(wrong)}, ensure_ascii=False, indent=2) + "\n")
        else:
            write(_checked(found, wrong) + sample(asked))
    return FAILED if wrong else OK


def _checked(found: Mapping[str, str], wrong: list[str]) -> str:
    if len(found) == 1 and not wrong:
        return f"{next(iter(found))}: the trail is unchanged\n"
    total = f"{len(found) - len(wrong)} of {len(found)} trails are unchanged"
    return "".join(f"{line}\n" for line in (*wrong, total))


def _backup(arguments: argparse.Namespace) -> int:
    from customer_escalation import settings
    from customer_escalation.casebook.backup import copy_to

    file: Path = arguments.file
    _new(file)
    with office(arguments) as asked:
        size = copy_to(asked.casebook.database, file)
    home = settings.casebook_url()
    write(f"{file}: {size:,} bytes, the whole casebook with the cases of every workspace.\n"
          f"To go on from it, here or on another machine: customer-escalation restore {file.name}\n"
          f"(the casebook is {home} here).\n")  # fmt: skip
    return OK


def _restore(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from customer_escalation import settings
    from customer_escalation.casebook.restoring import restore

    file, home = arguments.file, settings.casebook_url()
    if isinstance(home, str):
        raise InputError("restore: the casebook is in PostgreSQL, which pg_restore restores")
    if not file.is_file():
        raise InputError(f"FILE: no such file: {file}")
    done = restore(file, home, datetime.now(UTC))
    write("".join(f"{line}\n" for line in done.broken))
    kept = f"; what was there is kept as {done.aside.name}" if done.aside else ""
    write(f"{home}: restored from {file}, cases: {done.cases}{kept}\n")
    return FAILED if done.broken else OK


def _new(file: Path) -> None:
    """Raises InputError where no new file can be made."""
    try:
        if file.exists():
            raise InputError(f"FILE: is there already; name a new file: {file}")
        if not file.resolve().parent.is_dir():
            raise InputError(f"FILE: no such folder: {file.parent}")
    except (OSError, RuntimeError):
        raise InputError(f"FILE: cannot be written: {file}") from None


def keep(result: Result, setting: Setting, arguments: argparse.Namespace) -> str:
    """Open a case for this result and propose what its brief offers; says under which ids, in lines for a person.

    Where a case follows up the same ticket already, none is opened unless `--again` asks for it; says which one it is.
    """
    from customer_escalation import same_cases, settings
    from customer_escalation.casebook import Casebook
    from customer_escalation.casebook.opening import followed_as, open_case
    from customer_escalation.follow_up import proposing
    from customer_escalation.follow_up.office import office_of

    person = settings.people(arguments.config).at_machine(arguments.who or settings.account())
    casebook = Casebook(settings.casebook_url())
    try:
        asked = office_of(casebook, setting, person, result.now)
        same = same_cases.options(workspace=arguments.workspace, config=arguments.config)
        live = None if arguments.again else followed_as(asked.casebook, result)
        if live is not None:
            return _not_kept(live, same)
        case_id = open_case(asked.casebook, result, setting, actor=asked.actor, customer=arguments.customer)
        return _kept(asked, case_id, result, proposing.all_offered(asked, case_id), same)
    finally:
        casebook.close()


def _not_kept(live: Followed, same: str) -> str:
    goes_on = "show" if live.status != "de_escalated" else "update"
    then = f"{goes_on} {live.case_id}{' escalated' if goes_on == 'update' else ''}{same}"
    return (
        f"Not kept: {live.says}.\nHow it goes on: customer-escalation {then}\n"
        f"`watch {live.case_id}` reads its sources again; `escalate --keep --again` opens a second case.\n"
    )


def _kept(asked: Office, case_id: str, result: Result, kept: tuple[Proposal, ...], same: str) -> str:
    from customer_escalation.casebook.earlier import earlier
    from customer_escalation.commands.readable import SHORT
    from customer_escalation.follow_up import approving
    from customer_escalation.follow_up.saying import line

    escalated = result.decision == "escalate"
    lines = [f"Kept as {case_id}" + ("." if escalated else "; support handles it, so nothing falls due.")]
    known = earlier(asked.casebook, result, asked.setting, but=case_id).note
    lines += [known] * bool(known)
    if kept:
        lines.append(f"Waiting for your yes; `customer-escalation approve ID{same}` shows the exact text first:")
        lines += [
            f"  {each.id[:SHORT]}  {approving.what(each)} → {each.destination.to}: {line(each.title)}" for each in kept
        ]
    if any(each.destination.sink == "outbox" for each in kept):
        lines.append(f"What you approve is written as files into {asked.sinks.outbox}")
    then = f"show {case_id}" if escalated else f"update {case_id} escalated"
    return "\n".join((*lines, f"How it goes on: customer-escalation {then}{same}", ""))


OPTIONS: Mapping[str, Options] = {"verify": _verify_options, "backup": _backup_options, "restore": _restore_options}
