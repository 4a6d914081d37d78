"""install: the server in agents' configurations, with everything else in them kept."""

from __future__ import annotations

import json
import shutil
import stat
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_escalation.install import TARGETS, Command, Machine, Target, set_up
from escalation_connectors.errors import InputError

COMMAND = Command("/opt/python", ("-m", "customer_escalation", "serve"))
NOW = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)

CODEX = """\
# my own settings, by hand
model = "gpt-5-codex"   # the good one

[mcp_servers.docs]
command = "docs-server"   # never touch
args = ["--quiet"]

[tui]
theme = "dark"
"""

CLAUDE = """\
{
    "numStartups": 41,
    "mcpServers": {
        "other": {"command": "other", "env": {"TOKEN": "secret-of-another-server"}}
    },
    "projects": {"/home/me": {"allowedTools": []}},
    "ratio": 1e5
}
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A home without any agent."""
    return Machine(tmp_path, "linux")


def put(machine: Machine, target: Target, text: str) -> Path:
    path = machine.path_of(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def run(machine: Machine, *targets: str, command: Command = COMMAND, dry_run: bool = False) -> list[str]:
    return [change.outcome for change in set_up(targets, machine, command, dry_run=dry_run, now=lambda: NOW)]


@pytest.mark.parametrize(
    ("platform", "target", "place"),
    [
        ("linux", "claude-code", ".claude.json"),
        ("linux", "cursor", ".cursor/mcp.json"),
        ("linux", "codex", ".codex/config.toml"),
        ("linux", "vscode", ".config/Code/User/mcp.json"),
        ("linux", "claude-desktop", ".config/Claude/claude_desktop_config.json"),
        ("darwin", "vscode", "Library/Application Support/Code/User/mcp.json"),
        ("darwin", "claude-desktop", "Library/Application Support/Claude/claude_desktop_config.json"),
        ("win32", "vscode", "AppData/Roaming/Code/User/mcp.json"),
        ("win32", "claude-desktop", "AppData/Roaming/Claude/claude_desktop_config.json"),
    ],
)
def test_each_agent_has_its_file_on_each_platform(tmp_path: Path, platform: str, target: Target, place: str) -> None:
    assert Machine(tmp_path, platform).path_of(target) == tmp_path / place


def test_folders_that_the_person_chose_count(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "win32", tmp_path / "roaming", tmp_path / "claude", tmp_path / "codex")

    assert machine.path_of("claude-desktop") == tmp_path / "roaming/Claude/claude_desktop_config.json"
    assert machine.path_of("claude-code") == tmp_path / "claude/.claude.json"
    assert machine.path_of("codex") == tmp_path / "codex/config.toml"


def test_without_names_the_agents_on_this_machine_are_set_up(machine: Machine) -> None:
    put(machine, "cursor", "{}")
    (machine.home / ".claude").mkdir()

    changes = set_up((), machine, COMMAND, now=lambda: NOW)

    assert {change.target: change.outcome for change in changes} == {
        "claude-code": "added",
        "cursor": "added",
        "codex": "absent",
        "vscode": "absent",
        "claude-desktop": "absent",
    }
    assert "not found on this machine" in changes[-1].line
    assert json.loads(machine.path_of("cursor").read_text()) == {
        "mcpServers": {
            "customer-escalation": {"command": "/opt/python", "args": ["-m", "customer_escalation", "serve"]}
        }
    }


@pytest.mark.parametrize("target", TARGETS)
def test_a_named_agent_without_a_file_gets_one_that_only_its_owner_reads(machine: Machine, target: Target) -> None:
    assert run(machine, target) == ["added"]

    path = machine.path_of(target)
    text = path.read_text()
    table = "mcp_servers" if target == "codex" else "servers" if target == "vscode" else "mcpServers"
    data = tomllib.loads(text) if target == "codex" else json.loads(text)
    assert data[table]["customer-escalation"]["command"] == "/opt/python"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(path.parent.glob("*.bak"))


@pytest.mark.parametrize("target", TARGETS)
def test_a_second_run_changes_nothing(machine: Machine, target: Target) -> None:
    run(machine, target)
    before = machine.path_of(target).read_bytes()

    (change,) = set_up([target], machine, COMMAND)

    assert change.outcome == "unchanged"
    assert "is set up already in" in change.line
    assert machine.path_of(target).read_bytes() == before
    assert not list(machine.path_of(target).parent.glob("*.bak"))


def test_json_keeps_its_order_indentation_and_every_other_character(machine: Machine) -> None:
    path = put(machine, "claude-code", CLAUDE)

    run(machine, "claude-code")

    added = """,
        "customer-escalation": {
            "type": "stdio",
            "command": "/opt/python",
            "args": [
                "-m",
                "customer_escalation",
                "serve"
            ]
        }
    },
    "projects\""""
    assert path.read_text() == CLAUDE.replace('\n    },\n    "projects"', added)


def test_toml_keeps_its_comments(machine: Machine) -> None:
    path = put(machine, "codex", CODEX)

    run(machine, "codex", command=Command("/opt/python", ("serve",), {"PYTHONPATH": "/here"}))

    text = path.read_text()
    assert [line for line in CODEX.splitlines() if line not in text] == []
    assert tomllib.loads(text) == {
        **tomllib.loads(CODEX),
        "mcp_servers": {
            "docs": {"command": "docs-server", "args": ["--quiet"]},
            "customer-escalation": {
                "command": "/opt/python",
                "args": ["serve"],
                "env": {"PYTHONPATH": "/here"},
            },
        },
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "{}",
        '{"mcpServers":{}}',
        '{"a":1,"mcpServers":{"b":{"command":"c"}}}',
        '{\r\n\t"a": [1, {"x": "}"}],\r\n\t"mcpServers": {}\r\n}\r\n',
        '\ufeff{"a": "\\u00e9\\"{"}',
        '{\n  "mcpServers": {"b": {"command": "c"}}, "z": 0\n}',
    ],
)
def test_json_of_any_layout_is_kept(machine: Machine, text: str) -> None:
    path = put(machine, "cursor", text)
    old = json.loads(text.removeprefix("\ufeff").strip() or "{}")

    run(machine, "cursor")

    new = path.read_bytes().decode()
    entry = {"command": "/opt/python", "args": ["-m", "customer_escalation", "serve"]}
    expected = {**old, "mcpServers": {**old.get("mcpServers", {}), "customer-escalation": entry}}
    assert json.loads(new.removeprefix("\ufeff")) == expected
    assert new.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in new) == ("\r\n" in text)
    assert ("\n" in new.replace("\r\n", "")) == ("\n" in text.replace("\r\n", "") or not text.strip())


@pytest.mark.parametrize(
    "text", ["", "[mcp_servers]\n", 'x = 1\r\n[mcp_servers.a]\r\ncommand = "b"\r\n', "mcp_servers.a.command = 'b'\n"]
)
def test_toml_of_any_layout_is_kept(machine: Machine, text: str) -> None:
    path = put(machine, "codex", text)
    old = tomllib.loads(text)

    run(machine, "codex")

    new = path.read_bytes().decode()
    assert tomllib.loads(new)["mcp_servers"].keys() == {*old.get("mcp_servers", {}), "customer-escalation"}
    assert "\n" not in new.replace("\r\n", "") if "\r\n" in text else "\r" not in new


@pytest.mark.parametrize("target", ["cursor", "codex"])
def test_an_older_entry_is_updated_and_keeps_what_the_person_added(machine: Machine, target: Target) -> None:
    if target == "codex":
        put(
            machine, "codex", '[mcp_servers.customer-escalation]\ncommand = "old"  # mine\nargs = []\nenabled = false\n'
        )
    else:
        put(machine, "cursor", '{"mcpServers": {"customer-escalation": {"command": "old", "enabled": false}}}')

    changes = set_up([target], machine, COMMAND, now=lambda: NOW)

    assert changes[0].outcome == "updated"
    text = machine.path_of(target).read_text()
    data = tomllib.loads(text)["mcp_servers"] if target == "codex" else json.loads(text)["mcpServers"]
    assert data["customer-escalation"] == {
        "command": "/opt/python",
        "args": ["-m", "customer_escalation", "serve"],
        "enabled": False,
    }


def test_the_old_file_is_kept_beside_the_new_one_with_its_rights(machine: Machine) -> None:
    path = put(machine, "claude-code", CLAUDE)
    path.chmod(0o640)

    changes = set_up(["claude-code"], machine, COMMAND, now=lambda: NOW)

    backup = path.with_name(".claude.json.20261123T120005Z.bak")
    assert changes[0].backup == backup
    assert backup.read_text() == CLAUDE
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert backup.name in changes[0].line
    assert sorted(each.name for each in path.parent.iterdir()) == [".claude.json", backup.name]


def test_a_configuration_that_is_a_link_stays_one(machine: Machine, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_text("{}")
    path = machine.path_of("cursor")
    path.parent.mkdir(parents=True)
    path.symlink_to(real)

    run(machine, "cursor")

    assert path.is_symlink()
    assert "customer-escalation" in real.read_text()


def test_a_dry_run_shows_the_change_and_writes_nothing(machine: Machine) -> None:
    path = put(machine, "claude-code", CLAUDE)

    (change,) = set_up(["claude-code"], machine, COMMAND, dry_run=True)

    assert path.read_text() == CLAUDE
    assert '+        "customer-escalation": {' in change.diff
    assert change.line == f"Claude Code: customer-escalation would be added in {path}"
    assert list(path.parent.iterdir()) == [path]


def test_the_diff_shows_no_settings_of_other_servers(machine: Machine) -> None:
    text = CLAUDE.replace('"other": {"command"', '"other": {\n            "command"').replace("}}\n", "\n        }}\n")
    put(machine, "claude-code", text)

    (change,) = set_up(["claude-code"], machine, COMMAND, dry_run=True)

    assert "secret-of-another-server" not in change.diff


@pytest.mark.parametrize(
    ("target", "text", "line"),
    [
        ("cursor", '{\n  "a": 1,\n}', ":3: is not JSON: "),
        ("cursor", "[]", ": the file is not a table"),
        ("cursor", '{"mcpServers": []}', ": mcpServers is not a table"),
        ("cursor", '{"mcpServers": {"customer-escalation": 1}}', ": mcpServers.customer-escalation is not a table"),
        ("cursor", '{"mcpServers": {}, "mcpServers": {"a": {}}}', ": holds the same key twice"),
        ("cursor", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", ": is nested too deeply"),
        ("vscode", '{\n  // my servers\n  "servers": {}\n}', ":2: has comments, which would be lost"),
        ("vscode", '{\n  "url": "http://x/*y",\n\n  /* old */ "servers": {}\n}', ":4: has comments"),
        ("codex", "a = 1\nb = = 2\n", ": is not TOML: Invalid value (at line 2"),
        ("codex", "mcp_servers = 1\n", ": mcp_servers is not a table"),
        ("codex", "[mcp_servers]\ncustomer-escalation = 1\n", ": mcp_servers.customer-escalation is not a table"),
        (
            "codex",
            'mcp_servers = { a = { command = "b" } }\n',
            ": [mcp_servers] is written in a way that cannot be changed safely",
        ),
    ],
)
def test_a_file_that_cannot_be_changed_safely_stays_as_it_is(
    machine: Machine, target: Target, text: str, line: str
) -> None:
    path = put(machine, target, text)

    with pytest.raises(InputError) as caught:
        run(machine, target)

    assert str(caught.value).startswith(f"{path}{line}")
    assert "\n" not in str(caught.value)
    assert path.read_text() == text


def test_one_broken_file_stops_all_before_anything_is_written(machine: Machine) -> None:
    cursor = put(machine, "cursor", "{}")
    put(machine, "codex", "= broken")

    with pytest.raises(InputError):
        run(machine)

    assert cursor.read_text() == "{}"


def test_bytes_that_are_no_text_are_refused(machine: Machine) -> None:
    path = machine.path_of("cursor")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe{")

    with pytest.raises(InputError, match="is not UTF-8 text"):
        run(machine, "cursor")


def test_a_folder_in_the_place_of_the_file_is_named(machine: Machine) -> None:
    machine.path_of("cursor").mkdir(parents=True)

    with pytest.raises(InputError, match=r"mcp\.json: cannot be read: "):
        run(machine, "cursor")


def test_an_unknown_agent_is_refused_with_the_names_of_the_known(machine: Machine) -> None:
    with pytest.raises(InputError, match="unknown agent 'emacs': choose claude-code, cursor, codex"):
        run(machine, "emacs")


def test_a_file_that_changes_meanwhile_is_not_overwritten(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(machine, "cursor", "{}")
    copy = shutil.copy2

    def busy_copy(source: Path, target: Path) -> None:
        copy(source, target)
        source.write_text('{"new": 1}')

    monkeypatch.setattr("shutil.copy2", busy_copy)

    with pytest.raises(InputError, match="another program changed it just now"):
        run(machine, "cursor")

    assert path.read_text() == '{"new": 1}'


def test_a_full_disk_leaves_the_file_as_it_was(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(machine, "cursor", "{}")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        run(machine, "cursor")

    assert path.read_text() == "{}"
    assert [each.name for each in path.parent.iterdir() if not each.name.endswith(".bak")] == ["mcp.json"]
