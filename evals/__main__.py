"""The escalation benchmark: `python -m evals [--planner rules|scripted|llm ...] [--cases PATTERN ...] [--repeat K]`.

Prints one table with the planners side by side; `--report FILE.html` writes the same with everything behind it. Exit
status 1 where a gate of `gates.yaml` fails or nothing ran, 2 where the options make no sense.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from evals import cases, figures, generate, planners, table
from evals.cases import EvalCase
from evals.scorers import SCORERS, Scorer

MOST_REPEATS = 1000


def options() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Run the escalation benchmark.")
    parser.add_argument("--planner", nargs="+", choices=planners.NAMES, default=["rules", "scripted"])
    parser.add_argument(
        "--cases", nargs="+", default=[], metavar="PATTERN", help="ids or groups: sample, gen-*, shared"
    )
    parser.add_argument(
        "--repeat", type=_times, default=1, metavar="K", help="runs of each case; all of them have to pass"
    )
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="seeds of the generated cases")
    parser.add_argument("--report", type=Path, metavar="FILE.html")
    parser.add_argument("--judge", action="store_true", help="ask the configured model too, after all other scorers")
    return parser


def _times(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_REPEATS:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST_REPEATS}")
    return int(text)


def _unwritable(page: Path | None) -> str:
    """Why the page cannot be written, told before anything runs; empty where it can."""
    if page is None:
        return ""
    if page.is_dir():
        return f"--report: is a folder: {page}"
    if not page.parent.is_dir():
        return f"--report: there is no folder {page.parent}"
    return "" if os.access(page if page.exists() else page.parent, os.W_OK) else f"--report: cannot be written: {page}"


def every_case(folder: Path, seeds: Sequence[int]) -> list[EvalCase]:
    """All cases that are there; what has to be written for them goes below the folder."""
    made = [case for seed in seeds for case in generate.generated(folder, seed)]
    return [*cases.sample(folder), *made, *cases.shared()]


async def benchmark(chosen: argparse.Namespace, folder: Path) -> int:
    """Run what was chosen and tell it; gives the exit status."""
    from evals import report, runner

    if wrong := _unwritable(chosen.report):
        sys.stderr.write(f"{wrong}\n")
        return 2
    found = cases.chosen(every_case(folder, chosen.seed), chosen.cases)
    if not found:
        sys.stderr.write(f"--cases: nothing fits {' '.join(chosen.cases)}\n")
        return 2
    try:
        who = [planners.planner(name) for name in dict.fromkeys(chosen.planner)]
        scorers: dict[str, Scorer] = {**SCORERS, **(_judges() if chosen.judge else {})}
    except planners.NoModelError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    runs = [run for planner in who for run in await runner.run(planner, found, chosen.repeat, scorers)]
    if not runs:
        sys.stderr.write(f"nothing ran: {' '.join(chosen.planner)} covers none of these cases\n")
        return 1
    scored = figures.by_case(runs)
    summed = figures.totals(scored, list(scorers))
    gates = figures.gates(summed)
    console = Console()
    console.width = max(console.width, table.width(scored, list(scorers)))
    console.print(table.table(scored, summed, gates, list(scorers)))
    if chosen.report is not None:
        page = report.page(scored, summed, gates, list(scorers), chosen.repeat)
        chosen.report.write_text(page, encoding="utf-8")
    return int(any(not gate.holds for gate in gates))


def _judges() -> dict[str, Scorer]:
    from evals import judge

    return judge.scorers()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    chosen = options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CUSTOMER_ESCALATION_HOME"] = folder  # no index or case of the person who runs this is touched
        return asyncio.run(benchmark(chosen, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
