"""CONNECTORS.md is compared with the connectors, and what it tells a reader to run is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import keyring
import pytest

from customer_escalation import configuration, settings
from customer_escalation.model_setting import read as read_model
from tests.documents import ROOT, blocks, text_of
from tests.documents_of_connectors import BEGIN, END, tables

PAGE = text_of("CONNECTORS.md")
SECRETS = ("ZENDESK_SECRET", "ATLASSIAN_TOKEN", "REDMINE_KEY")


def run(command: Sequence[str | Path], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A program in this folder, with the folder's modules, these packages, no language model, and nothing measured."""
    others = ("ANTHROPIC", "COV", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    path = os.pathsep.join(str(each) for each in (folder, ROOT / "skill", ROOT / "connectors"))
    programs = f"{folder}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    own = {"PYTHONPATH": path, "PATH": programs, "PYTHONUTF8": "1", "CUSTOMER_ESCALATION_HOME": str(folder / "home")}
    return subprocess.run(
        [str(word) for word in command], cwd=folder, env={**kept, **own, **more},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_the_tables_are_those_of_the_connectors() -> None:
    shown = PAGE.partition(BEGIN)[2].partition(END)[0]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        (ROOT / "CONNECTORS.md").write_text(PAGE.replace(shown, tables()), encoding="utf-8")
        shown = tables()

    assert shown == tables()


@pytest.mark.skipif(shutil.which("bash") is None, reason="the page shows commands of a shell")
def test_the_commands_give_the_output_that_is_shown(tmp_path: Path) -> None:
    program = tmp_path / "customer-escalation"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m customer_escalation "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    good, wrong, *_ = blocks(PAGE, "sh")

    connected = run(["bash", "-ec", good], tmp_path)
    written = (tmp_path / "escalation.yaml").read_text(encoding="utf-8")
    refused = run(["bash", "-c", wrong], tmp_path)

    assert [connected.stdout, refused.stderr] == blocks(PAGE, "text")
    assert (connected.stderr, refused.stdout, refused.returncode) == ("", "", 2)
    assert (tmp_path / "escalation.yaml").read_text(encoding="utf-8") == written


def in_the_keyring(service: str, name: str) -> str | None:
    return "xoxp-1" if (service, name) == ("support-secrets", "slack") else None


def test_the_configuration_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example, _ = blocks(PAGE, "yaml")
    file = tmp_path / "escalation.yaml"
    file.write_text(example, encoding="utf-8")
    for folder in ("company", ".secrets"):
        (tmp_path / folder).mkdir()
    (tmp_path / ".secrets" / "hubspot").write_text("h\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr(keyring, "get_password", in_the_keyring)

    fields = configuration.load(file)
    connected = configuration.connected(configuration.entries(fields, tmp_path, dict.fromkeys(SECRETS, "s")))

    assert connected is not None
    assert [setup.name for setup in connected.setups] == [
        "zendesk", "hubspot", "slack", "jira", "operations", "confluence",
    ]  # fmt: skip
    assert configuration.workspace_of(fields, file) == tmp_path / "company"
    assert read_model(fields.fields("model"), {"ANTHROPIC_API_KEY": "k"}) is not None
    assert settings.DEADLINE_S == 30


def test_the_connector_of_the_page_is_found_and_keeps_its_contract(tmp_path: Path) -> None:
    for code in blocks(PAGE, "python"):
        (tmp_path / code.splitlines()[0].removeprefix("# ")).write_text(code, encoding="utf-8")
    package = tmp_path / "handbook-1.dist-info"
    package.mkdir()
    [toml] = blocks(PAGE, "toml")
    head, line = toml.splitlines()
    group, named = head.split('"')[1], line.replace('"', "")
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: handbook\nVersion: 1\n", encoding="utf-8")
    (package / "entry_points.txt").write_text(f"[{group}]\n{named}\n", encoding="utf-8")

    kept = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_handbook.py"], tmp_path)
    asked = ["connect", "knowledge_base", "handbook", "--config", "escalation.yaml"]
    known = run([sys.executable, "-m", "customer_escalation", *asked], tmp_path)

    assert kept.returncode == 0, kept.stdout
    assert known.stderr == "customer-escalation: escalation.yaml: connectors.knowledge_base.url: missing\n"
