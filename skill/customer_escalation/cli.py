"""The command line. Results go to standard output, progress to standard error, mistakes become one clear line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from customer_escalation import __version__
from customer_escalation.render import FORMATS
from escalation_connectors.errors import EscalationError, InputError

OK, FAILED, BAD_INPUT, NOTHING_READ = 0, 1, 2, 3
LONGEST_ISSUE, LONGEST_NAME, LONGEST_LINE = 1_000_000, 200, 500
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
CHOICES = re.compile(r" \(choose from (.*)\)$", re.S)


class _Parser(argparse.ArgumentParser):
    """argparse, whose complaints are one line that names the option."""

    def error(self, message: str) -> NoReturn:
        """Say it in the same words on every Python: without quotes around the choices."""
        plain = CHOICES.sub(lambda found: f" (choose from {found[1].replace(chr(39), '')})", message)
        raise InputError(f"{plain.removeprefix('argument ')} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; never a traceback."""
    try:
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments))
    except SystemExit as stop:  # --help and --version
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:  # the reader left, as in `... | head -1`
        _leave_output()
        return FAILED
    except InputError as error:
        return _say(str(error), BAD_INPUT)
    except EscalationError as error:
        return _say(str(error), NOTHING_READ if type(error).__name__ == "NothingRead" else FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost entry point
        return _say(f"unexpected {type(error).__name__}; please report it", FAILED)


def parser() -> argparse.ArgumentParser:
    """All commands and options."""
    whole = _Parser(
        prog="customer-escalation",
        description="From a support issue to a brief that carries its receipts.",
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    _escalate_options(commands.add_parser("escalate", help="make a brief", allow_abbrev=False))
    serve = commands.add_parser("serve", help="the MCP server, on stdio or HTTP", allow_abbrev=False)
    serve.add_argument("--http", metavar="HOST:PORT", default="", help="streamable HTTP at /mcp instead of stdio")
    _where(serve)
    serve.set_defaults(run=_serve)
    setup = commands.add_parser("install", help="write the server into the agents of this machine", allow_abbrev=False)
    setup.add_argument(
        "agents",
        nargs="*",
        metavar="AGENT",
        help="claude-code, cursor, codex, vscode, claude-desktop (default: those found)",
    )
    setup.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    _where(setup)
    setup.set_defaults(run=_install)
    check = commands.add_parser("doctor", help="what is connected and what is not", allow_abbrev=False)
    _where(check)
    check.set_defaults(run=_doctor)
    return whole


def _escalate_options(make: argparse.ArgumentParser) -> None:
    make.add_argument(
        "issue", metavar="ISSUE", help="what you would type after /customer-escalation; - reads standard input"
    )
    make.add_argument(
        "--customer", type=_name, default="", metavar="NAME", help="the customer, by name, alias or domain"
    )
    make.add_argument("--planner", choices=("auto", "rules", "llm"), default="auto", help="rules need no network")
    make.add_argument("--format", choices=FORMATS, default="markdown", help="what to write")
    make.add_argument("--output", type=_path, metavar="FILE", help="write to a file instead of standard output")
    make.add_argument("--now", metavar="TIME", help="fix the clock (RFC 3339)")
    make.add_argument("--quiet", action="store_true", help="no progress")
    make.add_argument("--skip-invalid", action="store_true", help="go on without invalid lines, and say how many")
    _where(make)
    make.set_defaults(run=_escalate)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("holds a NUL" if text else "is empty")
    return Path(text)


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"longer than {LONGEST_NAME} characters")
    return _utf8(text, "--customer")


def _utf8(text: str, where: str) -> str:
    """The text, without the half characters that stand for bytes of another encoding."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError(f"{where}: not UTF-8 text")
    return text


def _where(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--workspace", type=_path, metavar="DIR", help="a workspace folder (default: the sample company)"
    )
    command.add_argument("--config", type=_path, metavar="FILE", help="connectors to read from")


def _escalate(arguments: argparse.Namespace) -> int:
    from customer_escalation import settings
    from customer_escalation.render import render
    from customer_escalation.workflow import Request, escalate

    if arguments.planner == "llm":
        raise InputError("--planner llm: no language model can be configured yet; use --planner rules")
    issue = _issue(arguments.issue)
    _writable(arguments.output)
    now = None if arguments.now is None else _time(arguments.now)
    setting = settings.open_setting(arguments.workspace, arguments.config, skip_invalid=arguments.skip_invalid)
    try:
        moment = (
            now
            or (setting.profile.sample_now if setting.is_sample else None)
            or datetime.now(UTC).replace(microsecond=0)
        )
        live = not arguments.quiet and sys.stderr.isatty()
        request = Request(issue, moment, arguments.customer)
        result = asyncio.run(escalate(request, setting, _progress if live else _silent))
    finally:
        setting.close()
    _write(render(result, arguments.format), arguments.output)
    return OK


def _issue(text: str) -> str:
    text = _utf8(_typed() if text == "-" else text, "ISSUE")
    if len(text) > LONGEST_ISSUE:
        raise InputError(f"ISSUE: longer than {LONGEST_ISSUE:,} characters")
    if all(unicodedata.category(character) in INVISIBLE for character in text):
        raise InputError("ISSUE: is empty; say in a few words what is wrong and for whom")
    return text


def _typed() -> str:
    try:
        raw = sys.stdin.buffer.read(4 * LONGEST_ISSUE + 1)  # the longest in UTF-8, and one more to notice
    except (OSError, AttributeError) as error:  # AttributeError: started without a standard input
        raise InputError(f"standard input: {getattr(error, 'strerror', None) or 'is closed'}") from None
    if len(raw) > 4 * LONGEST_ISSUE:
        raise InputError(f"ISSUE: longer than {LONGEST_ISSUE:,} characters")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"standard input: not UTF-8 at byte {error.start}") from None


def _time(text: str) -> datetime:
    from customer_escalation.yaml_file import moment_of, shown

    try:
        return moment_of(text)
    except ValueError as error:
        raise InputError(f"--now: {error} (RFC 3339, as 2026-11-19T16:50:00Z): {shown(text)}") from None


def _writable(output: Path | None) -> None:
    if output is None:
        return
    try:
        if output.is_dir():
            raise InputError(f"--output: is a folder: {output}")
        if not output.resolve().parent.is_dir():
            raise InputError(f"--output: no such folder: {output.parent}")
    except (OSError, RuntimeError):  # too long a name, or links that go round in a circle
        raise InputError(f"--output: cannot be written: {output}") from None


def _write(text: str, output: Path | None) -> None:
    raw = text.encode("utf-8", "replace")
    if output is None:
        _write_out(raw)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise InputError(f"--output: {error.strerror or 'cannot be written'}: {output}") from None


def _write_out(raw: bytes) -> None:
    try:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except (OSError, AttributeError) as error:  # AttributeError: started without a standard output
        _leave_output()
        raise EscalationError(f"standard output: {getattr(error, 'strerror', None) or 'is closed'}") from None


def _leave_output() -> None:
    """Nobody takes the output: let the interpreter's last flush go nowhere instead of complaining."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _serve(arguments: argparse.Namespace) -> int:
    from customer_escalation.server.app import serve

    return serve(arguments.workspace, arguments.config, arguments.http)


def _install(arguments: argparse.Namespace) -> int:
    from customer_escalation.install import install

    if arguments.config is not None:
        raise InputError("--config: install takes none; use --workspace DIR")
    _write(install(arguments.agents, workspace=arguments.workspace, dry_run=arguments.dry_run), None)
    return OK


def _doctor(arguments: argparse.Namespace) -> int:
    from customer_escalation import settings
    from customer_escalation.doctor import examine

    setting = settings.open_setting(arguments.workspace, arguments.config)
    try:
        _write(asyncio.run(examine(setting)), None)
    finally:
        setting.close()
    return OK


def _silent(step: str, detail: str) -> None:
    del step, detail


def _progress(step: str, detail: str) -> None:
    sys.stderr.write(f"{step}: {detail}\n")


def _say(text: str, status: int) -> int:
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..."
    shown = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in line)
    with contextlib.suppress(AttributeError, OSError):  # started without a standard error
        sys.stderr.write(f"customer-escalation: {shown}\n")
    return status
