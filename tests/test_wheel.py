"""What users install: the wheel alone, in an empty environment without development packages, in an empty folder."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from tests.documents import ROOT, project, text_of

ISSUE = "API returning 500 errors intermittently for Acme Corp"
DISTRIBUTIONS = {"jwt": "pyjwt", "mcp_types": "mcp-types", "ruamel": "ruamel.yaml", "yaml": "pyyaml"}
PACKAGES = {"customer_escalation", "escalation_connectors"}


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@dataclass(frozen=True)
class Installed:
    wheel: Path
    environment: Path
    empty: Path

    def program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        name = self.environment / ("Scripts" if sys.platform == "win32" else "bin") / "customer-escalation"
        return run([name, *arguments], self.empty, CUSTOMER_ESCALATION_HOME=str(self.empty.parent / "kept"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    built = run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"], ROOT)
    assert built.returncode == 0, built.stderr
    [wheel] = (folder / "dist").glob("*.whl")
    uv = [sys.executable, "-m", "uv"]
    made = run([*uv, "venv", "--quiet", "--python", sys.executable, folder / "environment"], folder)
    assert made.returncode == 0, made.stderr
    constrained: list[str | Path] = ["--constraints", ROOT / "requirements.txt"]
    put = run([*uv, "pip", "install", "--quiet", "-p", folder / "environment", *constrained, wheel], folder)
    if put.returncode and os.environ.get("CI_STRICT") != "1":
        pytest.skip(f"the packages of the lock cannot be fetched here: {put.stderr.strip()[-200:]}")
    assert put.returncode == 0, put.stderr
    (folder / "empty").mkdir()
    return Installed(wheel, folder / "environment", folder / "empty")


def test_the_wheel_alone_does_the_main_job(installed: Installed) -> None:
    done = installed.program("escalate", ISSUE, "--format", "json")

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["decision"], result["planner"]) == ("escalate", "rules")
    assert result["verification"]["unsupported"] == []
    assert list(installed.empty.iterdir()) == []


def test_without_its_extra_a_trace_is_refused_in_one_line(installed: Installed) -> None:
    done = installed.program("escalate", ISSUE, "--verbose")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "customer-escalation: --verbose: needs opentelemetry-sdk; pip install 'customer-escalation[trace]'\n"
    )


def test_the_wheel_brings_the_skill_the_prompts_and_the_sample(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())

    bundle = {f"customer_escalation/_bundle/{name}" for name in ("SKILL.md", "CONNECTORS.md")}
    prompts = {
        f"customer_escalation/_bundle/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "prompts").rglob("*")
        if path.is_file()
    }
    sample = {
        path.relative_to(ROOT / "skill").as_posix()
        for path in (ROOT / "skill/customer_escalation/sample").rglob("*")
        if path.is_file()
    }
    assert (bundle | prompts | sample) - names == set()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == PACKAGES
    assert {"customer_escalation/py.typed", "escalation_connectors/py.typed"} <= names


def test_the_wheel_serves_over_stdio(installed: Installed) -> None:
    greeting = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": greeting})
    name = installed.environment / ("Scripts" if sys.platform == "win32" else "bin") / "customer-escalation"

    done = subprocess.run(
        [str(name), "serve"],
        input=asked + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        cwd=installed.empty,
        check=False,
    )

    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "customer-escalation"


def test_every_package_that_the_code_imports_is_declared() -> None:
    extras = chain.from_iterable(project()["optional-dependencies"].values())
    declared = {re.split(r"[>=;\[ ]", each)[0].lower() for each in (*project()["dependencies"], *extras)}

    imported = {
        DISTRIBUTIONS.get(name, name)
        for root in ("skill/customer_escalation", "connectors")
        for path in (ROOT / root).rglob("*.py")
        for name in top_level_imports(path)
    }

    assert imported - declared - PACKAGES - OPTIONAL == set()


# The extra `trace`, loaded only where a trace is written; what the contract suites need, and their users have.
OPTIONAL = {"opentelemetry", "pytest"}


def top_level_imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in plain | named} - sys.stdlib_module_names


def test_the_bundled_files_are_those_of_the_checkout(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        assert wheel.read("customer_escalation/_bundle/SKILL.md").decode() == text_of("SKILL.md")
