"""Runs the real command-line clients against a scripted stand-in for the model, offline.

The stand-ins come from the developers' shared folder (`../shared/clients`), the clients from the environment variables
CLAUDE and CODEX. Where one is absent the test is skipped with the reason; with CI_STRICT=1 it fails.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "clients"
PATIENCE = 60  # questions of 0.7 s: on a busy machine a server is slow to start
KEY = "sk-ant-dummy-0000000000000000000000000000"
ISSUE = "API returning 500 errors intermittently for Acme Corp"
PROMPT = f"/customer-escalation {ISSUE}"
REFUSED = "The failure rate has grown to 31.337 % on 19 November."
MENDED = "The failure rate has grown from 2.1 % on 15 November to 2.9 % on 19 November."
PLUGIN_SERVER = "plugin:customer-escalation:customer-escalation"
Json = dict[str, Any]


class Script(Protocol):
    """What a stand-in tells about its script."""

    problems: list[str]
    used: int
    waits: int
    next: Callable[[Json], Json]


class Fake(Protocol):
    """The stand-in for the Messages API."""

    url: str
    script: Script

    def main_requests(self) -> list[Json]:
        """The requests that took a turn of the script."""
        ...


def proposed(text: str, *cites: str) -> Json:
    """A submission of one insight."""
    insight = {"slot": "insights", "text": text, "cites": list(cites), "kind": "stated_by_customer"}
    return {"case_id": "{{case_id}}", "sentences": [insight]}


def missing(reason: str) -> None:
    """Skip the test with the reason, or fail it where everything has to be there."""
    if os.environ.get("CI_STRICT") == "1":
        pytest.fail(f"CI_STRICT: {reason}", pytrace=False)
    pytest.skip(reason)


def client(variable: str, program: str) -> str:
    """The path of a real client, or a skip."""
    found = os.environ.get(variable) or shutil.which(program)
    if not found:
        missing(f"no {program}: set {variable} to the program (CONTRIBUTING.md tells where it comes from)")
    return str(found)


def stand_in(name: str) -> ModuleType:
    """A module of the shared folder, or a skip."""
    path = SHARED / f"{name}.py"
    if not path.is_file():
        missing(f"no ../shared/clients/{name}.py beside the checkout")
    spec = importlib.util.spec_from_file_location(f"shared_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(SHARED))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(SHARED))
    return module


def scripted(turns: list[Json]) -> AbstractContextManager[Fake]:
    """The stand-in for Claude's API; `{{case_id}}` in a turn becomes the id that the newest gather gave."""
    make = cast("Callable[[Json], AbstractContextManager[Fake]]", stand_in("fake_anthropic").FakeAnthropic)
    fake = make({"turns": turns})
    script = cast("Fake", fake).script
    script.waits = -PATIENCE  # it asks so often more whether the server's tools are there
    plain = script.next
    script.next = lambda request: with_case_id(plain(request), json.dumps(request))
    return fake


def with_case_id(turn: Json, request: str) -> Json:
    """The turn with the id of the case that the request's tool results name, once they do."""
    found = re.findall(r'case_id\\*"\s*:\s*\\*"([^"\\{]+)', request)
    return cast("Json", json.loads(json.dumps(turn).replace("{{case_id}}", found[-1]))) if found else turn


def copy_tracked(folder: Path) -> Path:
    """Copy what git tracks, as an installer of skills would; outside a repository, every file but the ignored ones."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        missing("not a git checkout, so nothing tells which files an installer copies")
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@dataclass(frozen=True)
class Machine:
    """An empty home and an empty project of a made-up person, on whose PATH the program is installed or not."""

    home: Path
    project: Path
    path: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def skill(self) -> Path:
        """Where a skill for every project lives."""
        return self.home / ".claude" / "skills" / "customer-escalation"

    def environment(self, **more: str) -> dict[str, str]:
        """The whole environment that a client gets."""
        usual = {"PATH": self.path, "HOME": str(self.home), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        return {**usual, **self.variables, **more}

    def for_claude(self, url: str) -> dict[str, str]:
        """The same, with the stand-in instead of the model."""
        return self.environment(
            ANTHROPIC_BASE_URL=url,
            ANTHROPIC_API_KEY=KEY,
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
            DISABLE_TELEMETRY="1",
            DISABLE_AUTOUPDATER="1",
        )


def machine(folder: Path, *, installed: bool = True, uv: bool = False) -> Machine:
    """A new machine: the system's own programs, and this environment's where the program is installed, or only uv."""
    home, project, bare = folder / "home", folder / "project", folder / "bare"
    for each in (home, project, bare):
        each.mkdir()
    (bare / "python3").symlink_to(Path(sys.executable).resolve())
    if uv:
        (bare / "uv").symlink_to(Path(sys.executable).parent / "uv")
    first = str(Path(sys.executable).parent) if installed else str(bare)
    reach = ("SSL_CERT_", "UV_", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
    variables = {name: value for name, value in os.environ.items() if uv and name.upper().startswith(reach)}
    if installed and (tree := os.environ.get("PYTHONPATH")):  # the tree under test, where another one is installed
        variables["PYTHONPATH"] = tree
    return Machine(home, project, os.pathsep.join((first, "/usr/bin", "/bin")), variables)


@dataclass(frozen=True)
class Run:
    """What a run of Claude Code printed: its events, and the texts of all tool results in order."""

    status: int
    events: list[Json]
    errors: str

    @property
    def start(self) -> Json:
        """The first event, which lists commands, plugins and servers."""
        return next(event for event in self.events if event.get("subtype") == "init")

    @property
    def answer(self) -> str:
        """The last text that the person sees."""
        return str(next(event for event in self.events if event.get("type") == "result").get("result"))

    @property
    def denials(self) -> list[Json]:
        """Tool calls that were not permitted."""
        found = next(event for event in self.events if event.get("type") == "result").get("permission_denials")
        return cast("list[Json]", found or [])

    def calls(self) -> list[str]:
        """Tools of our server in the order they were called, by their bare names."""
        names = [block["name"] for block in self._blocks("assistant", "tool_use")]
        return [str(name).rsplit("__", 1)[1] for name in names if str(name).startswith("mcp__")]

    def failures(self) -> list[Json]:
        """Tool results that were errors."""
        return [block for block in self._blocks("user", "tool_result") if block.get("is_error")]

    def _blocks(self, kind: str, block_type: str) -> list[Json]:
        found: list[Json] = []
        for event in self.events:
            content = event.get("message", {}).get("content") if event.get("type") == kind else None
            if isinstance(content, list):
                blocks = cast("list[Json]", content)
                found += [block for block in blocks if block.get("type") == block_type]
        return found


def run_claude(on: Machine, fake: Fake, *options: str, prompt: str = PROMPT) -> Run:
    """One run of the real Claude Code without a screen."""
    done = subprocess.run(
        [client("CLAUDE", "claude"), "-p", prompt, "--output-format", "stream-json", "--verbose", *options],
        cwd=on.project,
        env=on.for_claude(fake.url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return Run(done.returncode, events, done.stderr)
