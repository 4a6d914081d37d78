"""The command line: results to standard output or a file, progress to standard error, the same bytes each time."""

from __future__ import annotations

import io
import json
import runpy
import sys
from pathlib import Path
from typing import cast

import pytest

from customer_escalation import __version__
from customer_escalation.cli import main
from escalation_connectors.errors import Unavailable

ISSUE = ("escalate", "API returning 500 errors intermittently for Acme Corp")
Captured = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self) -> bool:
        return True


def test_an_issue_gives_a_brief_on_standard_output(capsys: Captured) -> None:
    assert main(ISSUE) == 0

    captured = capsys.readouterr()
    assert captured.out.startswith("## ESCALATION: ")
    assert "This is the bundled sample company (Larkfield)" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("name", "start"), [("markdown", "## ESCALATION"), ("json", "{"), ("html", "<!"), ("slack", "")]
)
def test_each_format_is_written(name: str, start: str, capsys: Captured) -> None:
    assert main([*ISSUE, "--format", name]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_two_runs_give_the_same_bytes(capsys: Captured) -> None:
    outputs: list[str] = []
    for _ in range(2):
        main([*ISSUE, "--planner", "rules"])
        outputs.append(capsys.readouterr().out)

    assert outputs[0] == outputs[1]


def test_the_result_goes_to_a_file_where_one_is_named(tmp_path: Path, capsys: Captured) -> None:
    main([*ISSUE])
    written = capsys.readouterr().out

    assert main([*ISSUE, "--output", str(tmp_path / "brief.md")]) == 0

    assert (tmp_path / "brief.md").read_bytes().decode() == written
    assert capsys.readouterr().out == ""


def test_the_issue_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + ISSUE[1].encode())))

    assert main(["escalate", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["issue"] == ISSUE[1]


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-19T16:50:00Z", "2026-11-19T16:50:00Z"),
        ("2026-11-19T17:50:00+01:00", "2026-11-19T16:50:00Z"),
        ("2026-11-19T16:50:00", "2026-11-19T16:50:00Z"),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
    ],
)
def test_the_clock_is_fixed_on_request(typed: str, moment: str, capsys: Captured) -> None:
    assert main([*ISSUE, "--format", "json", "--now", typed]) == 0
    assert json.loads(capsys.readouterr().out)["now"] == moment


def test_the_sample_has_its_own_clock_and_a_workspace_the_present(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "tickets.jsonl").touch()
    main([*ISSUE, "--format", "json"])
    sample = json.loads(capsys.readouterr().out)["now"]
    main([*ISSUE, "--format", "json", "--workspace", str(tmp_path)])
    present = json.loads(capsys.readouterr().out)["now"]

    assert sample == "2026-11-19T16:50:00Z"
    assert present != sample


def test_the_customer_is_asked_for_by_name(capsys: Captured) -> None:
    main(["escalate", "API returning 500 errors", "--customer", "acme corp", "--format", "json"])

    assert json.loads(capsys.readouterr().out)["customer"] == "Acme Corp"


def test_progress_is_shown_to_a_person_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    shown: list[str] = []
    for more in ((), ("--quiet",)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        assert main([*ISSUE, *more]) == 0
        shown.append(terminal.getvalue())

    assert shown[0].startswith("gather: ")
    assert shown[1] == ""
    assert "gather: " not in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_are_results(option: str, capsys: Captured) -> None:
    assert main([option]) == 0
    assert (__version__ if option == "--version" else "usage: customer-escalation") in capsys.readouterr().out


@pytest.mark.parametrize("command", ["escalate", "serve", "install", "doctor"])
def test_each_command_explains_itself(command: str, capsys: Captured) -> None:
    assert main([command, "--help"]) == 0
    assert "--workspace DIR" in capsys.readouterr().out


def test_the_doctor_tells_what_is_connected(capsys: Captured) -> None:
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out.startswith("Reading Larkfield (the bundled sample company)\n")


def test_install_shows_what_it_would_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert main(["install", "cursor", "--dry-run"]) == 0
    assert "would be added" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_serve_hands_its_options_to_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[object, ...]] = []

    def serve(*options: object) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr("customer_escalation.server.app.serve", serve)

    assert main(["serve", "--workspace", str(tmp_path), "--http", "127.0.0.1:8000"]) == 0
    assert asked == [(tmp_path, None, "127.0.0.1:8000")]


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (KeyboardInterrupt(), 1, ""),
        (BrokenPipeError(), 1, ""),
        (Unavailable("crm", "no answer"), 1, "customer-escalation: crm: no answer\n"),
        (RecursionError("deep"), 1, "customer-escalation: unexpected RecursionError; please report it\n"),
        (MemoryError(), 1, "customer-escalation: unexpected MemoryError; please report it\n"),
    ],
)
def test_whatever_goes_wrong_ends_in_a_status(
    error: BaseException, status: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("customer_escalation.settings.open_setting", fail)

    assert main(ISSUE) == status
    assert capsys.readouterr().err == line


def test_a_full_disk_behind_standard_output_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    full = io.BufferedWriter(Full(), 1)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(full))

    assert main(ISSUE) == 1
    assert capsys.readouterr().err == "customer-escalation: standard output: No space left on device\n"
    cast(io.TextIOWrapper, sys.stdout).detach()
    full.detach()


def test_a_reader_that_left_is_no_complaint(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    class Left(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, _: object) -> int:
            raise BrokenPipeError

    left = io.BufferedWriter(Left(), 1)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(left))

    assert main(ISSUE) == 1
    assert capsys.readouterr().err == ""
    cast(io.TextIOWrapper, sys.stdout).detach()
    left.detach()


def test_without_any_standard_stream_there_is_still_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stderr"):
        monkeypatch.setattr(sys, name, None)

    assert main(["escalate", "-"]) == 2


def test_the_package_runs_as_a_module(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "argv", ["customer_escalation", "--version"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("customer_escalation", run_name="__main__")

    assert stop.value.code == 0
    assert capsys.readouterr().out == f"{__version__}\n"
