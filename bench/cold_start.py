"""Cold start of the stdio server against a minimal one on the same SDK: spawn until initialize and tools/list answer.

    python bench/cold_start.py [--runs 21] [--most 1.15]

The two take turns, so that a busy machine slows both. Exit status 1 where the ratio of the medians exceeds --most.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
MINIMAL = """
from mcp.server import MCPServer

server = MCPServer("minimal", log_level="WARNING")


@server.tool()
def add(a: int, b: int) -> int:
    \"\"\"Add two numbers.\"\"\"
    return a + b


server.run("stdio")
"""
OURS = ("-m", "customer_escalation", "serve")
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}


def answered_after(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds from spawning this server until it has listed its tools."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        _ask(server.stdin, server.stdout, 1, "initialize", INITIALIZE)
        _send(server.stdin, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        tools = _ask(server.stdin, server.stdout, 2, "tools/list", {})
        elapsed = time.perf_counter() - started
        assert tools
        server.stdin.close()
        server.wait(timeout=30)
    return elapsed


def _send(pipe: IO[bytes], message: Mapping[str, object]) -> None:
    pipe.write(json.dumps(message).encode() + b"\n")
    pipe.flush()


def _ask(to: IO[bytes], back: IO[bytes], number: int, method: str, params: Mapping[str, object]) -> object:
    _send(to, {"jsonrpc": "2.0", "id": number, "method": method, "params": params})
    while line := back.readline():
        message = json.loads(line)
        if message.get("id") == number:
            return message["result"]
    raise SystemExit(f"the server left before it answered {method}")


def main() -> int:
    """Run both in turns and tell the medians and their ratio."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=21)
    options.add_argument("--most", type=float, default=1.15)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        minimal = Path(folder, "minimal.py")
        minimal.write_text(MINIMAL, encoding="utf-8")
        paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors")))
        environment = {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": folder}
        commands = {"minimal": (sys.executable, str(minimal)), "ours": (sys.executable, *OURS)}
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(chosen.runs + 1):
            for name, command in commands.items():
                elapsed = answered_after(command, environment)
                if number:  # the first round only warms the caches
                    times[name].append(elapsed)
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, each in times.items():
        print(f"{name:8} median {medians[name] * 1000:6.0f} ms   fastest {min(each) * 1000:6.0f} ms   {len(each)} runs")
    ratio = medians["ours"] / medians["minimal"]
    pairs = statistics.median(ours / small for small, ours in zip(times["minimal"], times["ours"], strict=True))
    print(f"ratio    {ratio:.3f} (medians), {pairs:.3f} (median of the pairs); at most {chosen.most}")
    return int(ratio > chosen.most)


if __name__ == "__main__":
    sys.exit(main())
