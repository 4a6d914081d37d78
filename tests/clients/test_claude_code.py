"""The skill and its server in the real Claude Code, with a scripted model: what a person who copied the folder gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.harness import (
    ISSUE,
    MENDED,
    PLUGIN_SERVER,
    PROMPT,
    REFUSED,
    ROOT,
    Fake,
    Json,
    client,
    copy_tracked,
    machine,
    missing,
    proposed,
    run_claude,
    scripted,
)
from tests.clients.screen import Screen, settled

pytestmark = [pytest.mark.shared, pytest.mark.enable_socket]

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
                "input": proposed(REFUSED, "T-51842/10"),
            }
        ],
    },
    {
        "expect": ["refused", "31.337", "in none of the cited rows"],
        "content": [
            {
                "type": "tool_use",
                "name": "mcp__*__escalation_submit",
                "input": proposed(MENDED, "T-51842/3", "T-51842/10"),
            }
        ],
    },
    {
        "expect": ["accepted"],
        "content": [{"type": "tool_use", "name": "mcp__*__escalation_show", "input": {"case_id": "{{case_id}}"}}],
    },
    {"expect": ["## ESCALATION", "Supporting Context"], "content": [{"type": "text", "text": "{{tool_result}}"}]},
]
CALLS = ["escalation_gather", "escalation_submit", "escalation_submit", "escalation_show"]


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
    assert "## ESCALATION: API returning 500 errors intermittently" in run.answer
    assert "31.337" not in run.answer
    assert MENDED in run.answer
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
    on = settled(machine(tmp_path))
    copy_tracked(on.skill)

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
