"""Each attack in each field alone: `python -m evals.injection.run [--families NAME ...] [--fields KIND/FIELD ...]`.

Plants every text of `attacks.yaml` in every field of every kind of record of a copy of the sample company, one at a
time, and also types it, and compares the result with the one without it. Exit status 1 where anything differs or an
honest text is not heard in full. All of it takes an hour on two busy cores; `--every 8` plants an eighth
of the pairs, for each text in other fields.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from customer_escalation.addressed import heard, heard_field
from tests.attacks import Attack, attacks, honest
from tests.bending import CASES, alive, changed, repeats, run, unplanted
from tests.planting import CELLS, DIVIDED, SAID, Cell, plant

TYPED: Cell = ("typed", "issue")
VERDICT = frozenset({"decision", "severity", "target"})
COLUMNS = ("texts", "planted", "verdict changed", "other changed", "repeated", "live link")
WIDTH = 120


@dataclass(frozen=True, slots=True)
class Planted:
    """One attack in one field: what of the outcome it changed, what the brief repeats of it, what in it is live."""

    attack: Attack
    cell: Cell
    outcome: dict[str, str]
    repeated: tuple[str, ...]
    live: dict[str, list[str]]

    @property
    def counts(self) -> Counter[str]:
        """One for each column that this one counts in."""
        told = (
            True,
            bool(VERDICT & set(self.outcome)),
            bool(set(self.outcome) - VERDICT),
            bool(self.repeated),
            bool(self.live),
        )
        return Counter({name: int(holds) for name, holds in zip(COLUMNS[1:], told, strict=True)})

    @property
    def told(self) -> str:
        """What it did, in a line; empty where nothing."""
        found = [f"{name}: {how}" for name, how in self.outcome.items()]
        found += [f"repeats “{piece}”" for piece in self.repeated[:1]]
        found += [f"{name}: {more}" for name, more in self.live.items()]
        return f"{self.attack.name} in {'/'.join(self.cell)}: {'; '.join(found)}" if found else ""


def options() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="python -m evals.injection.run", description="Plant each attack everywhere.")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at once")
    parser.add_argument("--families", nargs="+", default=[], metavar="NAME", help="only these families")
    parser.add_argument("--fields", nargs="+", default=[], metavar="NAME", help="only these, such as tickets/subject")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only every Nth field, for each text the next ones"
    )
    parser.add_argument("--first", type=int, default=0, metavar="K", help="the field to begin with")
    return parser


def places(attack: Attack) -> list[Cell]:
    """Every field that this attack may stand in; pieces of one text stand about in tickets."""
    if len(attack.parts) > 1:
        return [cell for cell in DIVIDED if cell[0] == "tickets" and cell not in SAID]
    return [*CELLS, TYPED]


async def planted(attack: Attack, cell: Cell, case: str, folder: Path) -> Planted:
    """What this attack in this field does to this case."""
    if cell == TYPED:
        result = await run(case, None, issue=f"\n\n{attack.parts[0]}", customer="")
    else:
        result = await run(case, plant(folder, {cell: attack.parts}, [cell]))
        shutil.rmtree(folder)
    expected = await unplanted(case)
    known = tuple(repeats(attack.repeatable, result, expected))
    return Planted(attack, cell, changed(result, expected), known, alive(result, expected))


def each(job: tuple[int, Attack, Cell, str]) -> Planted:
    """One job of the pool."""
    number, attack, cell, home = job
    case = list(CASES)[number % len(CASES)]
    os.environ["CUSTOMER_ESCALATION_HOME"] = f"{home}/home-{os.getpid()}"
    return asyncio.run(planted(attack, cell, case, Path(home) / f"company-{number}"))


def jobs(chosen: argparse.Namespace, home: str) -> list[tuple[int, Attack, Cell, str]]:
    """Every pair of a text and a field, numbered."""
    taken = [a for a in attacks() if not a.apart and (not chosen.families or a.family in chosen.families)]
    wanted = set(chosen.fields)
    pairs = [
        (attack, cell)
        for turn, attack in enumerate(taken)
        for place, cell in enumerate(places(attack))
        if (not wanted or "/".join(cell) in wanted) and (turn + place) % chosen.every == chosen.first
    ]
    return [(number, *pair, home) for number, pair in enumerate(pairs)]


def table(found: Sequence[Planted]) -> Table:
    """A row for each family and one for all."""
    shown = Table(Column("family", no_wrap=True), *(Column(name, justify="right") for name in COLUMNS))
    for name, members in [*_by_family(found), ("all", found)]:
        sums = sum((one.counts for one in members), Counter[str]())
        texts = len({one.attack.name for one in members})
        shown.add_row(name, str(texts), *(str(sums[column]) for column in COLUMNS[1:]))
    return shown


def _by_family(found: Sequence[Planted]) -> Iterator[tuple[str, list[Planted]]]:
    for name in dict.fromkeys(one.attack.family for one in found):
        yield name, [one for one in found if one.attack.family == name]


def left_out(texts: Iterable[str]) -> list[str]:
    """The honest texts that are not heard in full, as prose or as a short value."""
    return [text for text in texts if heard(text) != text or heard_field(text) != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    chosen = options().parse_args(arguments)
    console = Console()
    console.width = max(console.width, WIDTH)
    with tempfile.TemporaryDirectory() as home, ProcessPoolExecutor(chosen.jobs) as pool:
        found = list(pool.map(each, jobs(chosen, home), chunksize=16))
    console.print(table(found))
    bad, wrongly = [one.told for one in found if one.told], left_out(honest())
    for line in (*bad, f"Honest texts: {len(honest())}; wrongly left out: {len(wrongly)}", *wrongly):
        console.print(line, markup=False, highlight=False)
    return int(bool(bad or wrongly))


if __name__ == "__main__":
    sys.exit(main())
