"""200 MCP clients at once, reading and updating, against a minimal server on the same SDK under the same load.

    python bench/load.py [--clients 200] [--seconds 60] [--database sqlite|postgresql]

Both servers are processes on loopback; the clients are one process of their own. The minimal server has one tool, which
gives answers of ours back, of the same size. It is asked before and after ours, half the time each, so that a machine
that slows down slows both. Exit status 1 where there was an error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "skill"), str(ROOT / "connectors")]

from bench.clients import Calls, Outcome, Plan, p95, session  # noqa: E402
from customer_escalation import resources, settings  # noqa: E402
from customer_escalation.casebook import Casebook  # noqa: E402
from customer_escalation.casebook.opening import open_case  # noqa: E402
from customer_escalation.workflow import Request, escalate  # noqa: E402

MINIMAL = """
import json, sys
from pathlib import Path

import uvicorn
from mcp.server import MCPServer

ANSWERS = json.loads(Path(sys.argv[1]).read_text())
server = MCPServer("minimal", log_level="WARNING")


@server.tool()
def answer(sort: str) -> dict[str, object]:
    \"\"\"An answer of this sort.\"\"\"
    return ANSWERS[sort]


app = server.streamable_http_app()
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
CASES = ROOT / "evals" / "cases"  # of the sample company
COMPANY = "Harrow"  # the cases of the sample company, by its own name, stand apart
START_S = 60.0


def workspace(folder: Path) -> Path:
    """A company's own folder: a copy of the sample's records."""
    copy = folder / "workspace"
    shutil.copytree(resources.SAMPLE, copy)
    described = (copy / "workspace.yaml").read_text(encoding="utf-8")
    (copy / "workspace.yaml").write_text(described.replace("Larkfield", COMPANY), encoding="utf-8")
    return copy


def opened(where: Path | str, company: Path, count: int) -> list[str]:
    """A casebook with this many cases; their ids."""
    setting = settings.open_setting(company)
    now = setting.profile.sample_now or datetime.now(UTC)
    cases = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(CASES.glob("sample-*.yaml"))]
    asked = [Request(issue=case["issue"], now=now, customer=case["customer"]) for case in cases]
    made = [asyncio.run(escalate(request, setting)) for request in asked]
    results = [result for result in made if result.decision == "escalate"]
    casebook = Casebook(where)
    try:
        return [
            open_case(casebook, results[number % len(results)], setting, actor="code:bench") for number in range(count)
        ]
    finally:
        casebook.close()
        setting.close()


def calls(cases: Sequence[str]) -> list[Calls]:
    """What people and models do all day: they look at cases more often than they write."""
    each = [{"case_id": case} for case in cases]
    notes: list[dict[str, Any]] = [
        {"case_id": case, "what": "note", "why": f"Looked at it again, {number}"} for number, case in enumerate(cases)
    ]
    return [
        Calls("list", 2, "case_list", [{}]),
        Calls("case", 3, "case_show", each),
        Calls("brief", 2, "escalation_show", each),
        Calls("due", 1, "case_due", [{}]),
        Calls("update", 2, "case_update", notes),
    ]


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server of this bench, by its port and process."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process

    def processor_s(self) -> float:
        """The processor time it has used, in seconds; 0 where the system does not tell."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Generator[Server]:
    """A server until the end of the block."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            _until_it_listens(port, process)
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server did not start: {process.args!r}")


def environment_of(folder: Path, database: str) -> dict[str, str]:
    """What the servers see."""
    paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors")))
    named = {"CUSTOMER_ESCALATION_DATABASE": database} if database else {}
    return {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": str(folder), **named}


async def answers(port: int, asked: Sequence[Calls]) -> dict[str, Any]:
    """An answer of ours to each sort of call."""
    async with session(port) as client:
        return {each.sort: await client.call(each.tool, each.arguments[0]) for each in asked}


def run(plan: Plan, folder: Path) -> Outcome:
    """The clients, in a process of their own."""
    file = folder / "plan.json"
    file.write_bytes(msgspec.json.encode(plan))
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "clients.py"), str(file)], check=True, stdout=subprocess.PIPE
    )
    return msgspec.json.decode(done.stdout, type=Outcome)


class Figures(msgspec.Struct, frozen=True):
    """One server under the load."""

    name: str
    seconds: float
    calls: int
    errors: int
    per_second: float
    p50_ms: float
    p95_ms: float
    processor_ms: float
    by_sort_p95_ms: dict[str, float]


def figures(name: str, outcomes: Sequence[Outcome], processor_s: float) -> Figures:
    """Together, over all the time that this server was asked."""
    every = sorted(each for outcome in outcomes for each in outcome.every)
    seconds = sum(outcome.seconds for outcome in outcomes)
    sorts = outcomes[0].ms
    return Figures(
        name=name,
        seconds=seconds,
        calls=len(every),
        errors=sum(outcome.errors for outcome in outcomes),
        per_second=len(every) / seconds,
        p50_ms=statistics.median(every) if every else 0.0,
        p95_ms=p95(every),
        processor_ms=processor_s * 1000 / max(len(every), 1),
        by_sort_p95_ms={sort: p95(sorted(ms for each in outcomes for ms in each.ms[sort])) for sort in sorts},
    )


class Bench:
    """Both servers, and clients for either."""

    def __init__(self, folder: Path, clients: int, warm_s: float) -> None:
        self.folder, self.clients, self.warm_s = folder, clients, warm_s
        self.outcomes: dict[str, list[Outcome]] = {"minimal": [], "ours": []}
        self.processor_s = {"minimal": 0.0, "ours": 0.0}

    def ask(self, name: str, server: Server, asked: list[Calls], seconds: float) -> None:
        """Let the clients at this server for so long."""
        before = server.processor_s()
        outcome = run(Plan(server.port, self.clients, seconds, self.warm_s, asked), self.folder)
        used = (server.processor_s() - before) * seconds / (seconds + self.warm_s)
        self.outcomes[name].append(outcome)
        self.processor_s[name] += used
        for error in outcome.shown:
            print(f"{name}: {error}", file=sys.stderr)

    def figures(self) -> list[Figures]:
        """Of both."""
        return [figures(name, self.outcomes[name], self.processor_s[name]) for name in self.outcomes]


def compared(chosen: argparse.Namespace, folder: Path, database: str) -> list[Figures]:
    """Ask both servers in turns."""
    company, environment = workspace(folder), environment_of(folder, database)
    os.environ["CUSTOMER_ESCALATION_HOME"] = str(folder)
    where = database or folder / "data" / "casebook.sqlite3"
    asked = calls(opened(where, company, chosen.cases))
    bench = Bench(folder, chosen.clients, chosen.warm)
    (minimal := folder / "minimal.py").write_text(MINIMAL, encoding="utf-8")
    ports = free_port(), free_port()
    ours = [sys.executable, "-m", "customer_escalation", "serve", "--workspace", str(company),
            "--http", f"127.0.0.1:{ports[0]}"]  # fmt: skip
    with serving(ours, ports[0], environment) as server:
        given = asyncio.run(answers(server.port, asked))
        (folder / "answers.json").write_text(json.dumps(given))
        same = [Calls(each.sort, each.weight, "answer", [{"sort": each.sort}]) for each in asked]
        small = [sys.executable, str(minimal), str(folder / "answers.json"), str(ports[1])]
        with serving(small, ports[1], environment) as smaller:
            for _ in range(chosen.rounds):
                bench.ask("minimal", smaller, same, chosen.seconds / 2)
                bench.ask("ours", server, asked, chosen.seconds)
                bench.ask("minimal", smaller, same, chosen.seconds / 2)
    return bench.figures()


def told(both: Sequence[Figures]) -> None:
    """The figures, and ours as a ratio to the minimal server's."""
    for each in both:
        sorts = ", ".join(f"{sort} {ms:.0f}" for sort, ms in each.by_sort_p95_ms.items())
        print(
            f"{each.name:8} {each.calls:7} calls in {each.seconds:3.0f} s  {each.per_second:6.0f}/s   "
            f"p50 {each.p50_ms:5.0f} ms  p95 {each.p95_ms:5.0f} ms ({sorts})   "
            f"{each.processor_ms:.2f} ms of the processor a call   {each.errors} errors"
        )
    minimal, ours = both
    print(
        f"ratio    throughput {ours.per_second / minimal.per_second:.2f}   p95 {ours.p95_ms / minimal.p95_ms:.2f}   "
        f"processor {ours.processor_ms / max(minimal.processor_ms, 1e-9):.2f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask both and tell how they compare; 1 where anything went wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--clients", type=int, default=200)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--warm", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--cases", type=int, default=200)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        if chosen.database == "sqlite":
            both = compared(chosen, Path(folder), "")
        else:
            from tests import postgresql

            with postgresql.running() as started, started.database() as url:
                both = compared(chosen, Path(folder), url)
    told(both)
    return int(any(each.errors for each in both))


if __name__ == "__main__":
    sys.exit(main())
