"""How many reminders workers send together: `python bench/scale_out.py` writes follow_through.json and .svg here.

    python bench/scale_out.py [--reminders 10000] [--workers 1 2 3] [--latency 0.2] [--rounds 1]

A casebook on PostgreSQL (with its disk in earnest) holds so many reminders that are due. For each number of workers the
same casebook is worked through by README's command, as so many processes; they post to a chat's server on loopback that
takes `--latency` seconds for an answer, and which counts. The connector is that of Matrix without its ten messages a
second, which would be what is measured. Exit status 1 where a message came twice or did not come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import update

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "skill"), str(ROOT / "connectors")]

from bench.drawing import BLUE, GREY, HEIGHT, LEFT, MIDDLE, TOP, WIDTH, Point, dot, drawn, grid, line, text  # noqa: E402
from bench.far_side import FarSide  # noqa: E402
from customer_escalation.casebook import Casebook  # noqa: E402
from customer_escalation.casebook.reminders import waiting  # noqa: E402
from customer_escalation.casebook.tables import CASES  # noqa: E402
from tests import postgresql  # noqa: E402
from tests.casebook.cases import opening  # noqa: E402
from tests.skill import render_samples as samples  # noqa: E402

CUSTOMERS = 4  # beside the clock for the team, so that a case holds five reminders
COMPANY = "Harrow"
SETTLE_S = 5.0  # after the last message, for one that comes twice
STALLED_S = 120.0
CHAT = """
from msgspec.structs import replace

from escalation_connectors.auth import bearer
from escalation_connectors.chat import matrix
from escalation_connectors.http import Manners
from escalation_connectors.vendor import reads, writes


def _line(setup):
    return setup.line(setup.required("url"), bearer(setup.needed("token")), Manners(per_second=1000.0))


VENDOR = replace(
    matrix.VENDOR, name="far", read=reads(_line, matrix.Matrix), write=writes(_line, matrix.MatrixWrites)
)
"""
CONFIGURATION = """
connectors:
  chat: {{vendor: far, url: "http://127.0.0.1:{port}", token: "env:FAR_TOKEN", allow_private: true}}
workspace: {workspace}
reminders: {{chat: "!follow-up:example.org"}}
"""


class Row(msgspec.Struct, frozen=True):
    """What so many workers did; `processor_ms` is theirs for one reminder, their start included."""

    workers: int
    reminders: int
    seconds: float
    per_second: float
    doubles: int
    at_once: int
    processor_ms: float


def filled(url: str, reminders: int) -> int:
    """A casebook whose cases were opened five hours ago; how many reminders of it are due."""
    now = datetime.now(UTC)
    names = tuple(f"Customer {number}" for number in range(1, CUSTOMERS + 1))
    casebook = Casebook(url)
    try:
        for _ in range(-(-reminders // (CUSTOMERS + 1))):
            case_id = casebook.add(samples.unknown(), customer="", workspace=COMPANY, opened_at=now)
            at = now - timedelta(hours=5)
            casebook.record(case_id, "opened", actor="person:bench", at=at, data=opening("critical", *names))
        with casebook.database.writing() as db:  # their sources are read again tomorrow
            db.execute(update(CASES).values(watch_at=now + timedelta(days=1)))
        return len(waiting(casebook, now, limit=10 * reminders))
    finally:
        casebook.close()


@contextmanager
def copied(server: postgresql.Server, made: str, number: int) -> Generator[str]:
    """A copy of this database until the end of the block."""
    name = f"{made}_{number}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {made}".encode())
        try:
            yield server.url(name)
        finally:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def working(folder: Path, url: str, count: int) -> Generator[None]:
    """So many workers until the end of the block; what they say goes into files."""
    paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors"), str(folder / "packages")))
    environment = {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": str(folder), "FAR_TOKEN": "bench",
                   "CUSTOMER_ESCALATION_DATABASE": url}  # fmt: skip
    command = [sys.executable, "-m", "customer_escalation", "work", "--config", str(folder / "escalation.yaml")]
    logs = [(folder / f"worker-{number}.log").open("wb") for number in range(count)]
    processes = [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for log in logs]
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process, log in zip(processes, logs, strict=True):
            process.wait(timeout=60)
            log.close()


def prepared(folder: Path, port: int) -> None:
    """The company's folder, the configuration, and the chat's connector as somebody else's package."""
    (folder / "workspace").mkdir(exist_ok=True)
    (folder / "workspace" / "workspace.yaml").write_text(f"company: {COMPANY}\ntimezone: UTC\n", encoding="utf-8")
    (folder / "workspace" / "tickets.jsonl").write_text("", encoding="utf-8")
    information = folder / "packages" / "far-1.dist-info"
    information.mkdir(parents=True, exist_ok=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: far\nVersion: 1\n", encoding="utf-8")
    (information / "entry_points.txt").write_text("[customer_escalation.connectors]\nfar = far:VENDOR\n")
    (folder / "packages" / "far.py").write_text(CHAT, encoding="utf-8")
    told = CONFIGURATION.format(port=port, workspace=folder / "workspace")
    (folder / "escalation.yaml").write_text(told, encoding="utf-8")


async def measured(folder: Path, url: str, workers: int, reminders: int, chosen: argparse.Namespace) -> Row:
    """Let so many workers send all of them."""
    far, before = FarSide(chosen.latency), processor_s()
    async with far.listening():
        prepared(folder, far.port)
        with working(folder, url, workers):
            begun = time.monotonic()
            while len(far.keys) < reminders:
                await asyncio.sleep(0.2)
                if time.monotonic() - (far.at[-1] if far.at else begun) > STALLED_S:
                    break
            await asyncio.sleep(chosen.settle)
    seconds = far.at[-1] - far.at[0] if far.at else 0.0
    sent = len(far.keys)
    used = (processor_s() - before) * 1000 / max(sent, 1)
    return Row(workers, sent, seconds, sent / max(seconds, 1e-9), far.doubles, far.most_at_once, used)


def told(row: Row) -> str:
    """The row of a table."""
    return (
        f"{row.workers} workers  {row.reminders:6} reminders in {row.seconds:4.0f} s  {row.per_second:5.1f}/s   "
        f"{row.doubles} twice   at most {row.at_once} at once   {row.processor_ms:.1f} ms of the processor each"
    )


def processor_s() -> float:
    """The processor time of all workers that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def picture(rows: Sequence[Row]) -> str:
    """What so many workers send a second; the dashed line is what they would if each did as much as one alone."""
    counts = sorted({row.workers for row in rows})
    rates = [statistics.median(row.per_second for row in rows if row.workers == count) for count in counts]
    most, step = max(*rates, rates[0] / counts[0] * counts[-1]) * 1.05, 10 ** math.floor(math.log10(max(rates)))
    step = step if max(rates) >= 2 * step else step / 2

    def place(workers: float, rate: float) -> Point:
        return LEFT + WIDTH * (workers - counts[0]) / max(counts[-1] - counts[0], 1), TOP + HEIGHT * (1 - rate / most)

    ideal = [place(count, rates[0] / counts[0] * count) for count in (counts[0], counts[-1])]
    return drawn(
        "Reminders sent a second by the number of workers",
        (
            *(grid(f"{step * number:g}", place(1, step * number)[1]) for number in range(int(most / step) + 1)),
            *(text(place(count, 0)[0], TOP + HEIGHT + 22, f"{count}", MIDDLE) for count in counts),
            line(ideal, GREY, "in step with the workers", dashed=True),
            *(dot(place(row.workers, row.per_second), BLUE) for row in rows),
            line(
                [place(*each) for each in zip(counts, rates, strict=True)],
                BLUE,
                f"{rates[-1]:.0f} a second",
                below=True,
            ),
        ),
    )


def noted(chosen: argparse.Namespace, rows: Sequence[Row]) -> None:
    """Write both files."""
    figures = {"machine": machine(), "latency_s": chosen.latency, "runs": msgspec.to_builtins(rows)}
    (chosen.into / "follow_through.json").write_text(json.dumps(figures, indent=2) + "\n")
    (chosen.into / "follow_through.svg").write_text(picture(rows))


def machine() -> dict[str, object]:
    """What it was measured on."""
    return {"python": platform.python_version(), "cpus": os.cpu_count()}


def folder(text: str) -> Path:
    """The type of `--into`: known to be there before anything is measured."""
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return Path(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each number of workers, write both files, print a table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--reminders", type=int, default=10_000)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    options.add_argument("--latency", type=float, default=0.2)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--settle", type=float, default=SETTLE_S, help="seconds to wait for one that comes twice")
    options.add_argument("--into", type=folder, default=ROOT / "bench")
    chosen = options.parse_args(arguments)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, postgresql.running() as server, server.database() as made:
        due = filled(made, chosen.reminders)
        for number in range(chosen.rounds * len(chosen.workers)):
            workers = chosen.workers[number % len(chosen.workers)]
            with copied(server, str(conninfo_to_dict(made)["dbname"]), number) as url:
                rows.append(asyncio.run(measured(Path(name), url, workers, due, chosen)))
            print(told(rows[-1]), flush=True)
            noted(chosen, rows)
    return int(any(row.doubles or row.reminders != due for row in rows))


if __name__ == "__main__":
    sys.exit(main())
