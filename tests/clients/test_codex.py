"""The server in the real Codex, set up by `customer-escalation install`, with a scripted model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

import pytest

from tests.clients.harness import ISSUE, MENDED, REFUSED, Json, client, machine, proposed, stand_in, with_case_id

pytestmark = [pytest.mark.shared, pytest.mark.enable_socket]

TURNS: list[Json] = [
    {"content": [{"type": "tool_use", "name": "exec_command", "input": {"cmd": "sleep 3", "yield_time_ms": 4000}}]},
    {"content": [{"type": "tool_use", "name": "mcp__*__escalation_gather", "input": {"issue": ISSUE}}]},
    {
        "expect": ["case_id"],
        "content": [
            {"type": "tool_use", "name": "mcp__*__escalation_submit", "input": proposed(REFUSED, "T-51842/10")}
        ],
    },
    {
        "expect": ["31.337", "in none of the cited rows"],
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
    {"expect": ["## ESCALATION", MENDED], "content": [{"type": "text", "text": "Here is the brief."}]},
]


class FakeOpenAI(Protocol):
    """The stand-in for the Responses API."""

    url: str
    problems: list[str]
    turns: list[Json]
    used: int
    next_items: Callable[[Json], list[Json]]


def test_codex_reaches_the_tools_that_install_wrote_down(tmp_path: Path) -> None:
    program = client("CODEX", "codex")
    on = machine(tmp_path)
    (on.home / ".codex").mkdir()
    installer = [sys.executable, "-m", "customer_escalation", "install", "codex"]
    subprocess.run(installer, env=on.environment(), cwd=on.project, check=True, capture_output=True)

    with codex_model() as fake:
        provider = (
            f'{{name="fake",base_url="{fake.url}",env_key="FAKE_KEY",wire_api="responses",supports_websockets=false}}'
        )
        allowed = 'mcp_servers.customer-escalation.tools.escalation_submit.approval_mode="approve"'
        options = [
            "-c",
            allowed,
            "-c",
            'model_provider="fake"',
            "-c",
            f"model_providers.fake={provider}",
            "-m",
            "gpt-5-codex",
        ]
        done = subprocess.run(
            [program, "exec", "--json", "--skip-git-repo-check", *options, f"Escalate: {ISSUE}"],
            env=on.environment(FAKE_KEY="x"),
            cwd=on.project,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    events = [cast("Json", json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
    items = [event["item"] for event in events if event.get("type") == "item.completed"]
    calls = [(item["tool"], item["status"]) for item in items if item.get("type") == "mcp_tool_call"]
    assert fake.problems == [], done.stdout + done.stderr
    named = ("escalation_gather", "escalation_submit", "escalation_submit", "escalation_show")
    assert calls == [(name, "completed") for name in named]


def codex_model() -> AbstractContextManager[FakeOpenAI]:
    """The stand-in; `{{case_id}}` in its turns becomes the id that the newest gather gave."""
    make = cast("Callable[[Json], AbstractContextManager[FakeOpenAI]]", stand_in("fake_openai").FakeOpenAI)
    running = make({"turns": TURNS})
    fake = cast("FakeOpenAI", running)
    plain = fake.next_items

    def next_items(request: Json) -> list[Json]:
        fake.turns = cast("list[Json]", with_case_id({"turns": fake.turns}, json.dumps(request))["turns"])
        return plain(request)

    fake.next_items = next_items
    return running
