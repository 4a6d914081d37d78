"""The fixture-free scenarios of the MCP conformance suite and the Inspector's strict checks, against our HTTP server.

    python bench/conformance.py [--folder DIR] [--port 8911] [--skip-inspector]

Node and both tools come from npm into the folder (a temporary one by default; give one to keep them between runs). The
server listens on loopback and is ended by its process id. Exit status 1 where anything is not green.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("node@22", "@modelcontextprotocol/conformance@0.2.0-alpha.12")
INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"
START_S, SCENARIO_S = 30, 120
SCENARIOS: Mapping[str, Sequence[str]] = {
    "2025-11-25": (
        "server-initialize",
        "server-session-lifecycle",
        "ping",
        "completion-complete",
        "tools-list",
        "resources-list",
        "prompts-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
    ),
    "2026-07-28": (
        "completion-complete",
        "tools-list",
        "resources-list",
        "prompts-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
        "sep-2164-resource-not-found",
        "caching",
        "http-header-validation",
        "input-required-result-unsupported-methods",
        "input-required-result-ignore-extra-params",
        "input-required-result-validate-input",
    ),
    "": ("sep-2640-skills-directory", "sep-2640-skills-enumeration", "sep-2640-skills-manifest"),
}


def main() -> int:
    """Install, serve, run every scenario, tell the outcome of each."""
    options = argparse.ArgumentParser(description="MCP conformance of our server")
    options.add_argument("--folder", type=Path)
    options.add_argument("--port", type=int, default=8911)
    options.add_argument("--skip-inspector", action="store_true")
    chosen = options.parse_args()
    with _folder(chosen.folder) as folder:
        _install(folder, (*PACKAGES, *(() if chosen.skip_inspector else (INSPECTOR,))))
        with _served(chosen.port, folder) as url:
            failed = [name for name, passed in _scenarios(folder, url) if not passed]
            if not chosen.skip_inspector:
                failed += [name for name, passed in _inspections(folder, url) if not passed]
    print(f"red: {', '.join(failed)}" if failed else "all green")
    return int(bool(failed))


@contextmanager
def _folder(given: Path | None) -> Generator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def _install(folder: Path, packages: Sequence[str]) -> None:
    wanted = [name for name in packages if not (folder / "node_modules" / name.rpartition("@")[0]).is_dir()]
    if wanted:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is needed")
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *wanted], check=True
        )


@contextmanager
def _served(port: int, folder: Path) -> Generator[str]:
    paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors")))
    environment = {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": str(folder / "home")}
    environment.pop("CUSTOMER_ESCALATION_TOKEN", None)
    command = [sys.executable, "-m", "customer_escalation", "serve", "--http", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("the server did not start")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the server did not answer")


def _scenarios(folder: Path, url: str) -> Iterator[tuple[str, bool]]:
    entry = folder / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
    checks = 0
    for version, names in SCENARIOS.items():
        for name in names:
            era = ("--spec-version", version) if version else ()
            done = _node(folder, str(entry), "server", "--url", url, "--scenario", name, *era)
            counted = re.findall(r"(\d+)/(\d+) passed|Passed: (\d+)/(\d+)", done.stdout)
            numbers = [int(number) for number in counted[-1] if number] if counted else [0, 0]
            passed = done.returncode == 0 and numbers[0] == numbers[1] > 0
            checks += numbers[0]
            print(
                f"{'ok ' if passed else 'RED'} {version or 'extension':10} {name} ({numbers[0]} of {numbers[1]} checks)"
            )
            if not passed:
                print(done.stdout[-3000:], done.stderr[-1000:])
            yield f"{name} {version}".strip(), passed
    print(f"{checks} checks passed")


def _inspections(folder: Path, url: str) -> Iterator[tuple[str, bool]]:
    entry = str(folder / "node_modules/.bin/mcp-inspector")
    runs = {
        "inspector tools/list --strict": (url, "--method", "tools/list", "--strict", "--format", "json"),
        "inspector skills/list --verify": (url, "--protocol-era", "modern", "--method", "skills/list", "--verify"),
    }
    for name, arguments in runs.items():
        done = _node(folder, entry, "--cli", *arguments)
        print(f"{'ok ' if done.returncode == 0 else 'RED'} {name}")
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-1000:])
        yield name, done.returncode == 0


def _node(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PATH": f"{folder / 'node_modules/.bin'}{os.pathsep}{os.environ['PATH']}",
    }
    node = folder / "node_modules/.bin/node"
    return subprocess.run(
        [str(node), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SCENARIO_S,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
