"""The launcher of a copied folder: it finds a way to run the server, or says in one sentence what is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from tests.documents import ROOT

GREETING = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
MESSAGES: tuple[dict[str, Any], ...] = (
    {"jsonrpc": "2.0", "id": 0, "method": "server/discover"},
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": GREETING},
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "escalation_status", "arguments": {}}},
)
STAND_IN = "#!{python}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"


def launch(folder: Path, *arguments: str, bin_folder: Path | None = None, **more: str) -> tuple[str, str, int]:
    """Run the launcher on a machine with no program of ours but those in `bin_folder`."""
    search = [str(bin_folder)] if bin_folder else []
    environment = {"PATH": os.pathsep.join([*search, "/usr/bin", "/bin"]), "HOME": str(folder), **more}
    done = subprocess.run(
        [sys.executable, str(ROOT / "skill" / "launch.py"), *arguments],
        input="".join(json.dumps(message) + "\n" for message in MESSAGES) + "not JSON\n[1]\n",
        env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout, done.stderr, done.returncode


def program(folder: Path, name: str = "customer-escalation") -> Path:
    """A stand-in that prints the arguments it got."""
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)
    return folder


def answers(output: str) -> dict[int, dict[str, Any]]:
    messages = [cast("dict[str, Any]", json.loads(line)) for line in output.splitlines()]
    return {message["id"]: message for message in messages}


@pytest.mark.skipif(shutil.which("uv", path="/usr/bin:/bin") is not None, reason="uv is a program of this system")
def test_with_nothing_installed_it_speaks_the_protocol_and_says_what_to_do(tmp_path: Path) -> None:
    output, errors, status = launch(tmp_path, "serve", "--workspace=")

    found = answers(output)
    assert (status, len(errors.splitlines()), sorted(found)) == (0, 1, [0, 1, 2, 3])
    assert found[0]["error"]["code"] == -32601
    assert found[1]["result"]["serverInfo"]["name"] == "customer-escalation"
    assert [tool["name"] for tool in found[2]["result"]["tools"]] == ["escalation_status"]
    told = found[3]["result"]
    assert told["isError"]
    assert "neither customer-escalation nor uv is installed" in told["content"][0]["text"]
    assert f'python3 "{ROOT / "skill" / "launch.py"}" setup' in told["content"][0]["text"]
    assert found[1]["result"]["instructions"] == told["content"][0]["text"]


def test_an_installed_program_is_preferred_and_an_unset_workspace_is_left_out(tmp_path: Path) -> None:
    output, _, _ = launch(tmp_path, "serve", "--workspace=", bin_folder=program(tmp_path / "bin"))

    assert json.loads(output) == ["serve"]


def test_the_workspace_comes_from_the_plugin_or_from_the_environment(tmp_path: Path) -> None:
    programs = program(tmp_path / "bin")

    chosen, _, _ = launch(
        tmp_path, "serve", "--workspace=/a b", bin_folder=programs, CUSTOMER_ESCALATION_WORKSPACE="/c"
    )
    inherited, _, _ = launch(
        tmp_path, "serve", "--workspace=", "--config=", bin_folder=programs, CUSTOMER_ESCALATION_WORKSPACE="/c",
        CUSTOMER_ESCALATION_CONFIG="/d.yaml",
    )  # fmt: skip

    assert json.loads(chosen) == ["serve", "--workspace=/a b"]
    assert json.loads(inherited) == ["serve", "--workspace=/c", "--config=/d.yaml"]


@pytest.mark.skipif(sys.platform != "linux", reason="the folder for data is that of Linux")
def test_the_environment_of_setup_is_used_next(tmp_path: Path) -> None:
    version = json.loads((ROOT / ".claude-plugin" / "plugin.json").read_text(encoding="utf-8"))["version"]
    program(tmp_path / "data" / "customer-escalation" / f"environment-{version}" / "bin")

    output, _, _ = launch(tmp_path, "serve", XDG_DATA_HOME=str(tmp_path / "data"))

    assert json.loads(output) == ["serve"]


def test_uv_comes_last_and_goes_by_the_lock(tmp_path: Path) -> None:
    programs = program(tmp_path / "bin", "uv")

    output, _, _ = launch(tmp_path, "serve", bin_folder=programs)

    lock = str(ROOT / "requirements.txt")
    expected = ["tool", "run", "--quiet", "--constraints", lock, "--from", str(ROOT), "customer-escalation", "serve"]
    assert json.loads(output) == expected


def test_a_uv_that_fails_is_reported_with_its_reason(tmp_path: Path) -> None:
    programs = program(tmp_path / "bin", "uv")
    (programs / "uv").write_text("#!/bin/sh\necho 'error: no network' >&2\nexit 2\n", encoding="utf-8")

    output, _, _ = launch(tmp_path, "serve", bin_folder=programs)

    text = answers(output)[3]["result"]["content"][0]["text"]
    assert "uv could not prepare the environment: error: no network" in text
