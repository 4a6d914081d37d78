"""Kills workers and counts what that did.

python -m tests.durability [--points 1000] [--database sqlite|postgresql] [--seed 1] [--cases 40] [--writes 60]
"""

from __future__ import annotations

import argparse
import sys

from tests.durability.places import place
from tests.durability.running import Outcome, Size, run

WORKERS = {"sqlite": 1, "postgresql": 3}


def main() -> int:
    """Give 1 where anything was lost, done twice, or done without a person's yes."""
    options = argparse.ArgumentParser(prog="python -m tests.durability")
    options.add_argument("--points", type=int, default=1000)
    options.add_argument("--database", choices=tuple(WORKERS))
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--cases", type=int, default=40, help="in one database")
    options.add_argument("--writes", type=int, default=60, help="in one database")
    asked = options.parse_args()
    faults = 0
    for kind in [asked.database] if asked.database else WORKERS:
        with place(kind) as where:
            outcome = run(asked.points, Size(asked.cases, asked.writes), where, WORKERS[kind], asked.seed, _progress)
        sys.stdout.write(f"{table(kind, outcome)}\n")
        sys.stderr.write("".join(f"{line}\n" for line in outcome.counts.said))
        faults += outcome.counts.faults
    return int(faults > 0)


def _progress(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def table(kind: str, outcome: Outcome) -> str:
    """The counts, for a person."""
    counts = outcome.counts
    rows = [
        ("database, workers", f"{kind}, {WORKERS[kind]}"),
        (
            "killed (by a boundary, at a time)",
            f"{outcome.points} ({outcome.points - outcome.by_time}, {outcome.by_time})",
        ),
        ("reminders that were due, writes that were approved", f"{counts.reminders}, {counts.writes}"),
        ("found to have arrived before the answer or the death", str(counts.found)),
        ("reminders whose clock was served before every channel had them", str(counts.served)),
        ("left to a person, after five attempts without an answer", str(outcome.asked)),
        ("reminders lost, sent twice, noted wrongly", f"{counts.lost}, {counts.twice}, {counts.noted_wrong}"),
        (
            "writes lost, delivered twice, without approval",
            f"{counts.writes_lost}, {counts.writes_twice}, {counts.unapproved}",
        ),
        ("trails or files broken", str(counts.broken)),
        ("seconds", f"{outcome.seconds:.0f}"),
    ]
    return "\n".join(f"| {what} | {value} |" for what, value in rows)


if __name__ == "__main__":
    sys.exit(main())
