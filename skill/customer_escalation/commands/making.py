"""`escalate`: from what a person typed to a brief."""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
import unicodedata
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from customer_escalation.commands import OK, Options
from customer_escalation.commands.options import moment, name, path, person, time, typed, utf8, where
from customer_escalation.commands.output import say, tell, writable, write
from customer_escalation.render import FORMATS
from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from customer_escalation.brief import Result
    from customer_escalation.model_setting import ModelSetting
    from customer_escalation.settings import Setting
    from customer_escalation.workflow import Report, Request

LONGEST_ISSUE = 1_000_000
FEW_COLLECTIONS = 500_000
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def _options(make: argparse.ArgumentParser) -> None:
    make.add_argument(
        "issue", metavar="ISSUE", help="what you would type after /customer-escalation; - reads standard input"
    )
    make.add_argument(
        "--customer", type=name, default="", metavar="NAME", help="the customer, by name, alias or domain"
    )
    make.add_argument("--planner", choices=("auto", "rules", "llm"), default="auto", help="rules need no network")
    make.add_argument("--format", choices=FORMATS, default="markdown", help="what to write")
    make.add_argument("--output", type=path, metavar="FILE", help="write to a file instead of standard output")
    make.add_argument("--now", metavar="TIME", help="fix the clock (RFC 3339)")
    make.add_argument("--verbose", action="store_true", help="write a trace of the run (OpenTelemetry, no content)")
    make.add_argument("--quiet", action="store_true", help="no progress")
    make.add_argument("--skip-invalid", action="store_true", help="go on without invalid lines, and say how many")
    make.add_argument("--keep", action="store_true", help="open a case for it, and propose what the brief offers")
    make.add_argument(
        "--again", action="store_true", help="with --keep: also where a case follows up its ticket already"
    )
    make.add_argument("--as", dest="who", type=person, metavar="NAME", help="with --keep: who you are")
    where(make)
    make.set_defaults(run=_escalate)


def _escalate(arguments: argparse.Namespace) -> int:
    gc.set_threshold(FEW_COLLECTIONS)  # a run is over before there is much to collect
    from customer_escalation import settings
    from customer_escalation.render import render
    from customer_escalation.workflow import Request

    model = _model(arguments)
    issue = _issue(arguments.issue)
    writable(arguments.output)
    now = None if arguments.now is None else time(arguments.now, "--now")
    setting = settings.open_setting(arguments.workspace, arguments.config, skip_invalid=arguments.skip_invalid)
    try:
        if arguments.keep and now is not None:
            from customer_escalation.commands.desk import must_be_its_own

            must_be_its_own(setting)
        result = _planned(Request(issue, moment(setting, now), arguments.customer), setting, model, arguments)
        kept = _kept(result, setting, arguments) if arguments.keep else ""
    finally:
        setting.close()
    write(render(result, arguments.format), arguments.output)
    tell(kept)
    if model is not None and result.planner == "rules" and not arguments.quiet:
        say(_why_no_model(result.notes), OK)
    return OK


def _why_no_model(notes: Sequence[str]) -> str:
    """The note that says why the model wrote nothing: that it stopped, before what was left out of what it sent."""
    about = [note for note in notes if "model" in note]
    return next((note for note in about if "stopped early" in note), about[-1] if about else "the rules wrote this")


def _kept(result: Result, setting: Setting, arguments: argparse.Namespace) -> str:
    from customer_escalation.commands.keeping import keep

    return keep(result, setting, arguments)


def _model(arguments: argparse.Namespace) -> ModelSetting | None:
    """The model that shall write, or None for the rules alone."""
    from customer_escalation import settings

    if arguments.planner == "rules":
        return None
    model = settings.model_setting(arguments.config)
    if model is None and arguments.planner == "llm":
        raise InputError(
            "--planner llm: no language model is set; set ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN or ANTHROPIC_BASE_URL"
        )
    return model


def _planned(request: Request, setting: Setting, model: ModelSetting | None, arguments: argparse.Namespace) -> Result:
    """Run the planner, with live progress in a terminal and a trace where one is asked for."""
    import asyncio

    from customer_escalation.settings import disconnecting

    live = not arguments.quiet and sys.stderr.isatty()
    if model is None and not arguments.verbose:
        from customer_escalation.workflow import escalate

        return asyncio.run(disconnecting(setting, escalate(request, setting, _progress if live else _silent)))
    from customer_escalation.planner import plan

    with contextlib.ExitStack() as stack:
        if arguments.verbose:
            stack.enter_context(_trace())
        report: Report = _silent
        if live:
            from customer_escalation.progress import live as board

            report = stack.enter_context(board())
        return asyncio.run(disconnecting(setting, plan(request, setting, model, report)))


@contextlib.contextmanager
def _trace() -> Generator[None]:
    """Write the run's trace into the data folder, and say where it is."""
    from customer_escalation import settings, tracing

    if not tracing.possible():
        raise InputError("--verbose: needs opentelemetry-sdk; pip install 'customer-escalation[trace]'")
    folder = settings.data_folder() / "traces"
    file = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tracing.written_to(file):
            yield
    except OSError as error:
        raise InputError(f"--verbose: {error.strerror or 'cannot be written'}: {file}") from None
    say(f"the trace is in {file}", OK)


def _issue(text: str) -> str:
    text = utf8(typed("ISSUE", LONGEST_ISSUE) if text == "-" else text, "ISSUE")
    if len(text) > LONGEST_ISSUE:
        raise InputError(f"ISSUE: longer than {LONGEST_ISSUE:,} characters")
    if all(unicodedata.category(character) in INVISIBLE for character in text):
        raise InputError("ISSUE: is empty; say in a few words what is wrong and for whom")
    return text


def _silent(step: str, detail: str) -> None:
    del step, detail


def _progress(step: str, detail: str) -> None:
    sys.stderr.write(f"{step}: {detail}\n")


OPTIONS: Mapping[str, Options] = {"escalate": _options}
