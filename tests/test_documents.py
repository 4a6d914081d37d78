"""What the documents claim is compared with what the program does: a document that drifts fails here."""

from __future__ import annotations

import ast
import json
import os
import re
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.documents import (
    ROOT,
    blocks,
    front_matter,
    headings,
    links,
    paths,
    policy,
    project,
    table,
    text_of,
)

SKILL = text_of("SKILL.md")
README = text_of("README.md")
DOCUMENTS = ("SKILL.md", "CONNECTORS.md", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "AGENTS.md")
TEMPLATE = [
    "ESCALATION", "Severity", "Target team", "Reported by", "Date",
    "Impact", "Customers affected", "Workflow impact", "Revenue at risk", "Time in queue",
    "Issue Description", "What's Been Tried",
    "Reproduction Steps", "Expected", "Actual", "Environment",
    "Customer Communication", "Last update to customer", "Customer expectation", "Escalation risk",
    "What's Needed", "Deadline", "Supporting Context",
]  # fmt: skip


def test_the_front_matter_has_only_the_fields_of_the_format() -> None:
    front = front_matter(SKILL)

    assert list(front) == ["name", "description", "license", "compatibility", "metadata", "allowed-tools"]
    assert front["name"] == "customer-escalation"
    assert 1 <= len(front["description"]) <= 1024
    assert not set("<>") & set(front["description"])
    assert len(front["compatibility"]) <= 500
    assert all(isinstance(value, str) for value in front["metadata"].values())


def test_the_skill_stays_under_200_lines() -> None:
    assert len(SKILL.splitlines()) < 200


def test_one_version_stands_everywhere() -> None:
    from customer_escalation import __version__

    manifest = json.loads(text_of(".claude-plugin/plugin.json"))
    released = re.findall(r"^## \[(\d[^\]]*)\]", text_of("CHANGELOG.md"), re.MULTILINE)

    version = project()["version"]

    assert (__version__, manifest["version"], front_matter(SKILL)["metadata"]["version"]) == (version,) * 3
    assert released[0] == version


@pytest.mark.parametrize(
    ("key", "heading"), [("handle_in_support", "Handle in support when"), ("escalate", "Escalate when")]
)
def test_the_criteria_are_those_of_the_policy(key: str, heading: str) -> None:
    assert table(SKILL, "Criterion", heading) == [(f"`{line['id']}`", line["text"]) for line in policy()[key]]


def test_the_tiers_are_those_of_the_policy() -> None:
    assert table(SKILL, "Target", "From", "To") == [
        (tier["name"], tier["from"], tier["to"], tier["text"], "; ".join(tier["include"])) for tier in policy()["tiers"]
    ]


def test_the_severities_are_those_of_the_policy() -> None:
    assert table(SKILL, "Severity", "When") == [
        (severity["name"], severity["text"], severity["attention"]) for severity in policy()["severity"]
    ]


def test_the_cadence_is_that_of_the_policy() -> None:
    names = {severity["id"]: severity["name"] for severity in policy()["severity"]}

    assert table(SKILL, "Severity", "Internal follow-up") == [
        (names[severity], each["internal"], each["customer"]) for severity, each in policy()["cadence"].items()
    ]


def test_the_conditions_and_duties_of_stepping_down_are_those_of_the_policy() -> None:
    conditions = [(f"`{each['id']}`", each["text"]) for each in policy()["de_escalation"]]
    duties = "; ".join(each["text"][0].lower() + each["text"][1:] for each in policy()["duties"])

    assert table(SKILL, "Condition", "Step down when") == conditions
    assert f"four duties: {duties}." in " ".join(SKILL.split())


def test_triage_priorities_read_as_the_policy_reads_them() -> None:
    assert table(SKILL, *policy()["triage"]) == [tuple(policy()["triage"].values())]


def test_the_template_has_the_lines_of_a_brief_in_their_order() -> None:
    [template] = blocks(SKILL, "markdown")

    assert headings(template) == TEMPLATE


def test_a_rendered_brief_follows_the_template() -> None:
    rendered = headings(text_of("tests/snapshots/render/escalation.md"))

    assert [line for line in rendered if line in TEMPLATE] == TEMPLATE


def test_the_seven_steps_stand_in_order() -> None:
    numbers = [int(number) for number in re.findall(r"^## (\d)\. ", SKILL, re.MULTILINE)]

    assert numbers == [1, 2, 3, 4, 5, 6, 7]


NO_TOOLS = {"escalation_risk", "case_id"}  # named like tools


async def test_the_skill_names_every_tool_and_no_other() -> None:
    from customer_escalation.server.app import build_server
    from customer_escalation.server.desk import desk_of

    families = "escalation|support|crm|chat|tracker|knowledge|case"
    named = set(re.findall(rf"`((?:{families})_(?:[a-z]+_)?[a-z]+)(?:\([^`]*\))?`", SKILL)) - NO_TOOLS
    offered = {tool.name for tool in await build_server(desk_of(None, None)).list_tools()}

    assert named == offered


def test_the_slots_and_kinds_are_those_that_the_server_takes() -> None:
    source = ast.parse(text_of("skill/customer_escalation/server/escalation.py"))
    words = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    slots = re.search(r"Slots: (.+?)\. ", SKILL.replace("\n", " "))
    kinds = re.search(r"six kinds of claim apart: (.+?)\.\s+- ", SKILL.replace("\n", " "))
    assert slots
    assert kinds

    assert set(re.findall(r"`(\w+)`", slots[1] + kinds[1])) <= words


def test_every_placeholder_is_explained() -> None:
    explained = {row[1].strip("`") for row in table(text_of("CONNECTORS.md"), "Category", "Placeholder")}

    used = {name for name in explained if name in SKILL}

    assert used == explained
    assert len(re.findall("~~", SKILL)) == sum(SKILL.count(name) for name in explained)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_lead_to_files_of_this_folder(name: str) -> None:
    text = text_of(name)
    linked = [path for path in links(text) if ".." in path or not (ROOT / path).exists()]
    named = [path for path in paths(text) if path.split("/")[0] not in ELSEWHERE and not exists(path)]

    assert (linked, named) == ([], [])


ELSEWHERE = {".venv", "..", "DIR", "articles", "workspace.yaml"}  # of other folders, named as such in the text


def exists(path: str) -> bool:
    """From the root, or from the package, as a document about it may write."""
    return (ROOT / path).exists() or (ROOT / "skill" / "customer_escalation" / path).exists()


def test_the_plugin_starts_the_launcher_and_leaves_the_skill_to_be_found() -> None:
    manifest = json.loads(text_of(".claude-plugin/plugin.json"))
    server = manifest["mcpServers"]["customer-escalation"]
    [listed] = json.loads(text_of(".claude-plugin/marketplace.json"))["plugins"]

    assert "skills" not in manifest
    assert server["args"][:2] == ["${CLAUDE_PLUGIN_ROOT}/skill/launch.py", "serve"]
    assert (listed["name"], listed["source"]) == (manifest["name"], "./")
    assert manifest["description"] == project()["description"] == listed["description"]


def test_the_readme_begins_with_two_commands_and_their_output() -> None:
    languages = re.findall(r"^```(\w+)$", README, re.MULTILINE)

    assert languages[:4] == ["sh", "text", "sh", "text"]
    assert all(len(command.splitlines()) == 1 for command in blocks(README, "sh")[:2])


def test_the_integration_run_uses_the_test_command_of_the_readme() -> None:
    assert blocks(README, "sh")[1].split(" && ")[-1].strip() == ".venv/bin/pytest"
    assert "README.md" in text_of(".ci/run")
    assert os.stat(ROOT / ".ci/run").st_mode & stat.S_IXUSR  # noqa: PTH116


def test_the_output_in_the_readme_is_the_real_one(tmp_path: Path) -> None:
    issue = re.search(r'escalate "([^"]+)"', README)
    assert issue
    run = "import sys; from customer_escalation.cli import main; sys.exit(main())"
    real = subprocess.run(
        [sys.executable, "-c", run, "escalate", issue[1], "--quiet"],
        capture_output=True, text=True, encoding="utf-8", check=True, cwd=tmp_path,
        env={**os.environ, "CUSTOMER_ESCALATION_HOME": str(tmp_path), "PYTHONUTF8": "1"},
    ).stdout  # fmt: skip
    shown = blocks(README, "text")[0]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        (ROOT / "README.md").write_text(README.replace(shown, excerpt(real), 1), encoding="utf-8")
        shown = excerpt(real)

    assert shown == excerpt(real)


def excerpt(output: str) -> str:
    """The head of a brief up to the reproduction steps, and how it was verified; [...] stands for the rest."""
    sections = re.split(r"(?m)^(?=### )", output)
    first = "".join(sections[: next(i for i, each in enumerate(sections) if each.startswith("### Reproduction"))])
    verified = next(each for each in sections if each.startswith("### Verification"))
    return f"{first.rstrip()}\n\n[...]\n\n{verified.rstrip()}\n\n[...]\n"


def test_the_changelog_lists_versions_from_the_newest() -> None:
    dates = re.findall(r"^## \[\d[^\]]*\] - (\d{4}-\d\d-\d\d)$", text_of("CHANGELOG.md"), re.MULTILINE)

    assert dates
    assert all(newer >= older for newer, older in pairwise(dates))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_every_package_with_hashes_and_names_no_index(name: str) -> None:
    entries = re.split(r"(?m)^(?=[a-z0-9])", text_of(name))[1:]
    pinned = {re.split(r"==|\[", entry)[0] for entry in entries}
    direct = {re.split(r"[>=;\[ ]", each)[0].lower().replace(".", "-") for each in project()["dependencies"]}

    assert all("--hash=sha256:" in entry for entry in entries)
    assert not [line for line in text_of(name).splitlines() if line.startswith("--")]
    assert direct <= pinned
