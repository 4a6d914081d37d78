"""From the brief to the delivered post in the real Claude Code: the form shows the exact text; only a yes writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.clients.harness import ISSUE, PROMPT, Json, Machine, copy_tracked, machine, run_claude, scripted
from tests.clients.screen import Screen, settled

pytestmark = [pytest.mark.shared, pytest.mark.enable_socket]

SHOWN = "Shall I post this in #eng-orders?"
GATHER: Json = {
    "type": "tool_use",
    "name": "mcp__*__escalation_gather",
    "input": {"issue": ISSUE, "customer": "Acme Corp"},
}
POST: Json = {
    "type": "tool_use",
    "name": "mcp__*__case_approve",
    "input": {"case_id": "{{case_id}}", "write": "post_to_chat"},
}
SAID: Json = {"content": [{"type": "text", "text": "{{tool_result}}"}]}
TALK: list[Json] = [
    {"expect": [ISSUE], "content": [GATHER]},
    {"expect": ["ESCALATION"], "content": [{"type": "text", "text": SHOWN}]},
    {"expect": ["post it"], "content": [POST]},
    SAID,
]


@pytest.fixture
def on(tmp_path: Path) -> Machine:
    there = settled(machine(tmp_path))
    copy_tracked(there.skill)
    return there


def written(on: Machine) -> list[Path]:
    """Every file that was delivered into an outbox folder."""
    return sorted(each for each in on.home.rglob("outbox/*.md"))


def asked(screen: Screen) -> str:
    """Talk until the form stands on the screen, and read the whole text in it."""
    screen.wait_for("❯", "shortcuts")
    screen.type(PROMPT[:9])
    screen.wait_for("/customer-escalation")
    screen.type(PROMPT[9:])
    screen.press("Enter")
    screen.wait_for(SHOWN, seconds=60)
    screen.type("post it")
    screen.press("Enter")
    screen.wait_for("Do you want to proceed?", seconds=60)  # Claude Code asks too, before any tool that can write
    screen.press("Enter")
    screen.wait_for("requests your input", seconds=60)
    screen.press("Right")
    screen.wait_for("◉ 1 ")
    return screen.text()


def text_in(form: str) -> str:
    """The quoted text of the form, its pieces put together."""
    pieces = re.findall(r"[◯◉] \d+ (.*?)\s*$", form, re.MULTILINE)
    rows: list[str] = []
    for piece in pieces[pieces.index("Text:") + 1 :]:
        mark, _, words = piece.partition(" ")
        rows = [*rows[:-1], f"{rows[-1]} {words}"] if mark == "┆" else [*rows, words]
    return "\n".join(rows)


def test_a_yes_in_the_form_writes_the_exact_text_once(on: Machine) -> None:
    with scripted(TALK) as fake, Screen(on, fake) as screen:
        form = asked(screen)
        assert "Message to the team's channel: write it, once?" in form
        assert written(on) == []
        for key in ("Left", "Down", "Space", "Down", "Enter"):
            screen.press(key)
        screen.wait_for("Written once", seconds=30)

    assert fake.script.problems == []
    [file] = written(on)
    _, about, text = file.read_text("utf-8").split("---\n", 2)
    front = yaml.safe_load(about)
    assert (front["kind"], front["destination"]) == ("post_to_chat", "#eng-orders")
    assert front["approved_by"].startswith("person:")
    assert text_in(form) == text.strip()


@pytest.mark.parametrize(("keys", "says"), [
    ("Down Space Space Down Enter", "the person said no"),
    ("Down Down Right Enter", "the person said no"),
    ("Escape", "a_person_runs"),
])  # fmt: skip
def test_without_a_tick_nothing_is_written(on: Machine, keys: str, says: str) -> None:
    """Ticked and unticked again, declined, closed."""
    with scripted(TALK) as fake, Screen(on, fake) as screen:
        asked(screen)
        for key in ("Left", *keys.split()):
            screen.press(key)
        screen.wait_for(says, seconds=30)

    assert fake.script.problems == []
    assert written(on) == []


def test_without_a_screen_nothing_is_written_and_the_answer_names_the_command(on: Machine) -> None:
    turns = [TALK[0], {"expect": ["ESCALATION"], "content": [POST]}, SAID]

    with scripted(turns) as fake:
        run = run_claude(on, fake)

    assert fake.script.problems == []
    assert (run.calls(), run.denials) == (["escalation_gather", "case_approve"], [])
    assert re.search(r"customer-escalation approve \w{8,}", run.answer)
    assert json.loads(run.answer)["done"] is False
    assert written(on) == []
