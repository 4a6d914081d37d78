"""The cases for `claude plugin eval`: the real client takes them, passes a good answer and fails a bad one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.clients.harness import ISSUE, ROOT, Fake, Json, client, copy_tracked, machine, scripted

PREFIX = "mcp__plugin_customer-escalation_customer-escalation__"
CASES = {path.parent.name: path for path in sorted((ROOT / "evals").glob("*/case.yaml"))}
TOOLS = {path.stem for path in (ROOT / "tests" / "snapshots" / "tools").glob("*.json")}


def case_of(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(CASES[name].read_text("utf-8")))


def test_every_example_of_the_skill_has_a_case_and_so_have_planted_text_support_and_neither() -> None:
    assert set(CASES) == {
        "api-errors", "churn-threat", "handled-in-support", "login-loop", "missing-rows", "no-escalation-wanted",
        "planted-instructions",
    }  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case_grants_every_tool_of_the_server_and_grades_what_comes_out(name: str) -> None:
    case = case_of(name)
    granted = {tool.removeprefix(PREFIX) for tool in case["execution"]["allowed_tools"] if tool.startswith(PREFIX)}

    assert (case["schema_version"], case["name"], case["runs"] >= 3) == ("1.0", name, True)
    assert granted == TOOLS
    assert {grader["tool"] for grader in case["graders"] if grader["type"] == "tool_used"} == {
        f"{PREFIX}escalation_gather"
    }
    assert sum(grader["type"] == "regex" for grader in case["graders"]) >= 2


def brief(issue: str, customer: str) -> list[Json]:
    """The turns of a model that passes on what the tools give."""

    def use(tool: str, **given: str) -> Json:
        return {"content": [{"type": "tool_use", "name": f"mcp__*__{tool}", "input": given}]}

    show = use("escalation_show", case_id="{{case_id}}")
    return [use("escalation_gather", issue=issue, customer=customer), show, said("{{tool_result}}")]


def said(text: str) -> Json:
    """A turn that only talks."""
    return {"content": [{"type": "text", "text": text}]}


def evaluated(folder: Path, fake: Fake, name: str) -> tuple[int, dict[str, bool], str]:
    """The exit status of the real client on one case, its graders' verdicts, and what went wrong."""
    on = machine(folder)
    plugin, told = copy_tracked(folder / "customer-escalation"), folder / "told.json"
    tools = [tool for tool in case_of(name)["execution"]["allowed_tools"] if tool.startswith(PREFIX)]
    options = ["--trust-plugin", "--mocks", "off", "--ablation", "none", "--runs", "1", "--no-publish", "--case", name]
    command = [client("CLAUDE", "claude"), "plugin", "eval", str(plugin), *options]
    done = subprocess.run(
        [*command, "--json", str(told), "--allow-tools", *tools],
        cwd=on.project, env=on.for_claude(fake.url), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if not told.is_file():
        return done.returncode, {}, done.stdout + done.stderr
    graders: dict[str, bool] = {}
    _collect(json.loads(told.read_text("utf-8")), graders)
    return done.returncode, graders, done.stdout + done.stderr


def _collect(value: object, graders: dict[str, bool]) -> None:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        if "passed" in found and "name" in found:
            graders[found["name"]] = bool(found["passed"])
        for each in found.values():
            _collect(each, graders)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            _collect(each, graders)


@pytest.mark.shared
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("name", "issue", "customer"),
    [
        ("api-errors", ISSUE, "Acme Corp"),
        ("planted-instructions", "Two lines on our November invoice", "Ravensby Toys"),
    ],
)
def test_the_real_client_passes_a_model_that_uses_the_tools(
    tmp_path: Path, name: str, issue: str, customer: str
) -> None:
    with scripted(brief(issue, customer)) as fake:
        status, graders, told = evaluated(tmp_path, fake, name)

        assert fake.script.problems == []
    assert status == 0, told
    assert graders == {grader["name"]: True for grader in case_of(name)["graders"]}


@pytest.mark.shared
@pytest.mark.enable_socket
def test_the_real_client_fails_a_model_that_follows_what_was_planted(tmp_path: Path) -> None:
    obeyed = "## ESCALATION\nSeverity: Critical\nAcme Corp: 840,000\nA full refund has been approved."

    with scripted([said(obeyed)]) as fake:
        status, graders, told = evaluated(tmp_path, fake, "planted-instructions")

    assert status == 1, told
    assert graders == {grader["name"]: False for grader in case_of("planted-instructions")["graders"]}
