"""The skill and its server in the real Claude Code, with a scripted model: what a person who copied the folder gets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.harness import (
    ISSUE,
    KEY,
    PLUGIN_SERVER,
    PROMPT,
    ROOT,
    Fake,
    Json,
    Machine,
    client,
    copy_tracked,
    machine,
    missing,
    run_claude,
    scripted,
)

pytestmark = [pytest.mark.shared, pytest.mark.enable_socket]

REFUSED = "Acme Corp lost 31,337 orders."
TURNS: list[Json] = [
    {
        "expect": [ISSUE],
        "content": [
            {"type": "text", "text": "Gathering."},
            {
                "type": "tool_use",
                "name": "mcp__*__escalation_gather",
                "input": {"issue": ISSUE, "customer": "Acme Corp"},
            },
        ],
    },
    {
        "expect": ["case_id", "ESCALATION"],
        "content": [
            {
                "type": "tool_use",
                "name": "mcp__*__escalation_submit",
                "input": {
                    "case_id": "{{case_id}}",
                    "sentences": [
                        {"slot": "insights", "text": REFUSED, "cites": ["R-0"], "kind": "observed"},
                        {"slot": "title", "text": ISSUE, "cites": ["R-0"], "kind": "stated_by_staff"},
                    ],
                },
            }
        ],
    },
    {
        "expect": ["accepted", "refused", "31,337"],
        "content": [{"type": "tool_use", "name": "mcp__*__escalation_show", "input": {"case_id": "{{case_id}}"}}],
    },
    {"expect": ["## ESCALATION", "Supporting Context"], "content": [{"type": "text", "text": "{{tool_result}}"}]},
]
CALLS = ["escalation_gather", "escalation_submit", "escalation_show"]


@pytest.fixture
def fake() -> Iterator[Fake]:
    with scripted(TURNS) as running:
        yield running


def test_a_copied_folder_gives_the_command_the_server_and_the_brief(tmp_path: Path, fake: Fake) -> None:
    on = machine(tmp_path)
    copy_tracked(on.skill)

    run = run_claude(on, fake)

    assert run.status == 0, run.errors
    assert fake.script.problems == []
    assert "customer-escalation" in run.start["slash_commands"]
    assert PLUGIN_SERVER in [server["name"] for server in run.start["mcp_servers"]]
    assert (run.calls(), run.failures(), run.denials) == (CALLS, [], [])
    assert f"## ESCALATION: {ISSUE}" in run.answer
    assert "31,337" not in run.answer
    first = json.dumps(fake.main_requests()[0])
    assert "<command-name>/customer-escalation</command-name>" in first
    assert f"**The request:** {ISSUE}" in first


def test_a_plugin_directory_gives_the_same(tmp_path: Path, fake: Fake) -> None:
    on = machine(tmp_path)
    plugin = copy_tracked(tmp_path / "customer-escalation")

    run = run_claude(on, fake, "--plugin-dir", str(plugin))

    assert fake.script.problems == []
    assert "customer-escalation:customer-escalation" in run.start["slash_commands"]
    assert (run.calls(), run.failures(), run.denials) == (CALLS, [], [])
    assert "## ESCALATION" in run.answer


def test_a_copied_folder_starts_its_server_through_uv(tmp_path: Path, fake: Fake) -> None:
    if not (Path(sys.executable).parent / "uv").is_file():
        missing("no uv in this environment")
    on = machine(tmp_path, installed=False, uv=True)
    copy_tracked(on.skill)
    first = ["python3", str(on.skill / "skill" / "launch.py"), "serve"]  # uv fetches the packages once
    subprocess.run(first, env=on.environment(), stdin=subprocess.DEVNULL, timeout=120, check=True, capture_output=True)

    run = run_claude(on, fake)

    assert fake.script.problems == []
    assert (run.calls(), run.failures(), run.denials) == (CALLS, [], [])
    assert "## ESCALATION" in run.answer


def test_without_any_way_to_run_the_server_the_person_is_told_how_to_set_it_up(tmp_path: Path) -> None:
    on = machine(tmp_path, installed=False)
    copy_tracked(on.skill)
    turns: list[Json] = [
        {
            "expect": [ISSUE],
            "content": [{"type": "tool_use", "name": "mcp__*__escalation_status", "input": {}}],
        },
        {"expect": ["cannot run here", "setup"], "content": [{"type": "text", "text": "**Not verified:** ..."}]},
    ]

    with scripted(turns) as fake:
        run = run_claude(on, fake)

    assert fake.script.problems == []
    assert run.calls() == ["escalation_status"]
    assert run.answer.startswith("**Not verified:**")


def test_the_interactive_screen_offers_the_command_and_shows_the_brief(tmp_path: Path, fake: Fake) -> None:
    if not shutil.which("tmux"):
        missing("no tmux to hold the screen")
    on = machine(tmp_path)
    copy_tracked(on.skill)
    answers = {"approved": [KEY[-20:]], "rejected": []}
    trusted = {str(on.project): {"hasTrustDialogAccepted": True}}
    about = {"hasCompletedOnboarding": True, "theme": "dark", "customApiKeyResponses": answers, "projects": trusted}
    (on.home / ".claude.json").write_text(json.dumps(about), encoding="utf-8")

    with Screen(on, fake) as screen:
        screen.wait_for("❯", "shortcuts")
        screen.type(PROMPT[:9])
        screen.wait_for("/customer-escalation")
        screen.type(PROMPT[9:])
        screen.press("Enter")
        screen.wait_for("Next steps", seconds=60)

    assert fake.script.problems == []
    assert fake.script.used == len(TURNS)


def test_a_plugin_from_the_marketplace_of_this_folder_gives_the_same(tmp_path: Path, fake: Fake) -> None:
    on = machine(tmp_path)
    folder = copy_tracked(tmp_path / "customer-escalation")
    for words in (["marketplace", "add", str(folder)], ["install", "customer-escalation@customer-escalation"]):
        command = [client("CLAUDE", "claude"), "plugin", *words]
        subprocess.run(command, env=on.environment(), cwd=on.project, check=True, capture_output=True, timeout=60)

    run = run_claude(on, fake)

    assert fake.script.problems == []
    assert (run.calls(), run.failures(), run.denials) == (CALLS, [], [])
    assert "## ESCALATION" in run.answer


@pytest.mark.parametrize("way", ["plugin option", "environment"])
def test_a_copied_folder_reads_the_workspace_that_the_person_chose(tmp_path: Path, way: str) -> None:
    workspace = tmp_path / "records of ours"
    workspace.mkdir()
    (workspace / "tickets.jsonl").touch()
    on = machine(tmp_path)
    copy_tracked(on.skill)
    if way == "environment":
        on = replace(on, variables={"CUSTOMER_ESCALATION_WORKSPACE": str(workspace)})
    else:
        chosen = {"customer-escalation@skills-dir": {"options": {"workspace": str(workspace)}}}
        (on.home / ".claude" / "settings.json").write_text(json.dumps({"pluginConfigs": chosen}), encoding="utf-8")
    turns: list[Json] = [
        {"content": [{"type": "tool_use", "name": "mcp__*__escalation_status", "input": {}}]},
        {"expect": ["records of ours", "not_connected"], "content": [{"type": "text", "text": "Seen."}]},
    ]

    with scripted(turns) as fake:
        run = run_claude(on, fake)

    assert (fake.script.problems, run.failures()) == ([], [])


def test_install_gives_the_tools_to_claude_code_without_the_folder(tmp_path: Path, fake: Fake) -> None:
    on = machine(tmp_path)
    (on.home / ".claude").mkdir()
    installer = [sys.executable, "-m", "customer_escalation", "install", "claude-code"]
    subprocess.run(installer, env=on.environment(), cwd=on.project, check=True, capture_output=True)

    run = run_claude(on, fake, "--allowedTools", "mcp__customer-escalation__*", prompt=f"Escalate: {ISSUE}")

    assert fake.script.problems == []
    assert (run.calls(), run.failures(), run.denials) == (CALLS, [], [])
    assert "## ESCALATION" in run.answer


class Screen:
    """Claude Code on a terminal of 150 by 400, held by tmux."""

    def __init__(self, on: Machine, fake: Fake) -> None:
        self._socket = f"escalation-{os.getpid()}-{time.monotonic_ns()}"
        self._on, self._url = on, fake.url

    def __enter__(self) -> Screen:
        words = [f"{name}={value}" for name, value in self._on.for_claude(self._url).items()]
        command = ["env", "-i", *words, client("CLAUDE", "claude")]
        size = ["-x", "150", "-y", "400"]
        self._tmux("new-session", "-d", "-s", "s", *size, "-c", str(self._on.project), *command)
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def text(self) -> str:
        """What the screen shows now."""
        return self._tmux("capture-pane", "-p", "-t", "s")

    def type(self, text: str) -> None:
        """Type, without a return."""
        self._tmux("send-keys", "-t", "s", "-l", text)

    def press(self, key: str) -> None:
        """Press one key by its name."""
        time.sleep(0.5)
        self._tmux("send-keys", "-t", "s", key)

    def wait_for(self, *wanted: str, seconds: float = 30) -> None:
        """Wait until one of the texts is on the screen."""
        end = time.monotonic() + seconds
        while not any(each in self.text() for each in wanted):
            if time.monotonic() > end:
                pytest.fail(f"none of {wanted} on the screen:\n{self.text()}", pytrace=False)
            time.sleep(0.2)

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=False)
        return done.stdout


def test_the_plugin_passes_the_strict_check_of_the_real_client(tmp_path: Path) -> None:
    folder = copy_tracked(tmp_path / "customer-escalation")

    for profile in ([], ["--profile", "directory"]):
        done = subprocess.run(
            [client("CLAUDE", "claude"), "plugin", "validate", "--strict", *profile, str(folder)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=machine_environment(tmp_path),
        )
        assert done.returncode == 0, done.stdout + done.stderr


def machine_environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder)}


def test_the_skill_passes_the_validator_of_its_format(tmp_path: Path) -> None:
    folder = copy_tracked(tmp_path / "customer-escalation")

    for command in (["agentskills", "validate"], ["skillsaw", "lint"]):
        program = Path(sys.executable).parent / command[0]
        if not program.is_file():
            missing(f"no {command[0]} in this environment")
        done = subprocess.run(
            [str(program), *command[1:], str(folder)], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout + done.stderr
