"""The command line. Results go to standard output, progress to standard error, mistakes become one clear line."""

from __future__ import annotations

import argparse
import gc
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from customer_escalation import __version__
from customer_escalation.commands import BAD_INPUT, COMMANDS, FAILED, NOTHING_READ
from customer_escalation.commands.output import leave_output, say
from escalation_connectors.errors import EscalationError, InputError

CHOICES = re.compile(r" \(choose from (.*)\)$", re.S)


class _Parser(argparse.ArgumentParser):
    """argparse, whose complaints are one line that names the option, and which abbreviates none."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - argparse's own
        super().__init__(**options, allow_abbrev=False, formatter_class=_of_any_width)

    def format_help(self) -> str:
        """As wide as the terminal; its width is asked for only here, since that loads what no run needs."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Say it in the same words on every Python: without quotes around the choices."""
        plain = CHOICES.sub(lambda found: f" (choose from {found[1].replace(chr(39), '')})", message)
        raise InputError(f"{plain.removeprefix('argument ')} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; never a traceback."""
    if argv is None:
        gc.set_threshold(50_000)  # a short run leaves little behind, and looking for it often costs it a twentieth
    try:
        words = sys.argv[1:] if argv is None else argv
        arguments = parser(words).parse_args(words)
        return int(arguments.run(arguments))
    except SystemExit as stop:  # --help and --version
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:  # the reader left, as in `... | head -1`
        leave_output()
        return FAILED
    except InputError as error:
        return say(str(error), BAD_INPUT)
    except EscalationError as error:
        return say(str(error), NOTHING_READ if type(error).__name__ == "NothingRead" else FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost entry point
        return say(f"unexpected {type(error).__name__}; please report it", FAILED)
    finally:
        if argv is None:
            gc.freeze()  # the process ends here: its last collection need not walk through everything


def _of_any_width(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, width=100)


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The command that the words begin with, and its options; all commands where they begin with none."""
    whole = _Parser(
        prog="customer-escalation",
        description="From a support issue to a brief that carries its receipts, and on until every customer knows.",
    )
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    asked = [*words[:1]] if words and words[0] in COMMANDS else [*COMMANDS]
    for name in asked:
        own = commands.add_parser(name, help=COMMANDS[name].help)
        if name in words:
            COMMANDS[name].options(name)(own)
    return whole
