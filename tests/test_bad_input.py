"""Every bad input gets its one clear line and the right exit status, and nothing is written."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from customer_escalation.cli import main
from tests import bad_inputs
from tests.bad_casework import CASEBOOK
from tests.bad_inputs import IN_W, ISSUE, TICKET, Bad
from tests.documents import ROOT

BAD = [*bad_inputs.BAD, *CASEBOOK]
NOW = ("--now", "2026-11-19T16:50:00Z")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, so that names are as short as they were typed."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def content(folder: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def ours() -> dict[str, str]:
    """The environment in which an interpreter finds the program."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("skill", "connectors"))}


def run(argv: list[str], folder: Path, typed: bytes = b"", **more: str) -> tuple[int, str, str]:
    """The program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "customer_escalation", *argv],
        input=typed, cwd=folder, capture_output=True, timeout=120, check=False, env={**ours(), **more},
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("bad", BAD, ids=[f"{number}-{bad.line[:50]!a}" for number, bad in enumerate(BAD)])
def test_a_bad_input_is_named_in_one_line(
    bad: Bad, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "/dev/full" in bad.argv and not Path("/dev/full").exists():
        pytest.skip("no such device here")
    write(here, dict(bad.files))
    before = content(here)
    if bad.typed is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bad.typed)))

    status = main(list(bad.argv))

    captured = capsys.readouterr()
    assert (captured.err, captured.out, status) == (f"customer-escalation: {bad.line}\n", "", bad.status)
    assert content(here) == before


def test_the_table_is_long_and_no_line_is_long() -> None:
    assert len(BAD) >= 60
    assert {bad.line for bad in BAD if len(bad.line) > 520 or "\n" in bad.line} == set()


ODD = {
    "punctuation": "?!... --- ***",
    "emoji": "😀🔥🧑‍🚀",
    "right to left": "واجهة API لا تعمل \u202eabc",
    "zero width": "A\u200bP\u200dI d\ufeffown",
    "combining": "A" + "\u0301" * 500 + "PI down",
    "a NUL inside": "API\0 down",
    "one letter": "x",
    "lines": "API down\r\n\r\nsince\x0bnoon\u2028today",
    "markup": "<script>alert(1)</script> ](x) `` ``` ##",
    "braces": "{{ issue }} %s {0} $HOME `id`",
    "full width": "ＡＰＩ　ｄｏｗｎ",
    "long": "API down 500 " * 70_000,
    "one long word": "x" * 900_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=list(ODD))
def test_an_odd_issue_still_gets_a_brief(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["escalate", text, *NOW])

    captured = capsys.readouterr()
    assert (captured.err, status) == ("", 0)
    assert captured.out.strip()


@pytest.mark.parametrize("format_name", ["json", "html", "slack"])
def test_an_odd_issue_gets_a_brief_in_each_format(format_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["escalate", " ".join(list(ODD.values())[:11]), *NOW, "--format", format_name]) == 0
    assert capsys.readouterr().out.strip()


def test_a_standard_input_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Broken())))

    assert main(["escalate", "-"]) == 2
    assert capsys.readouterr().err == "customer-escalation: standard input: Input/output error\n"


@pytest.mark.parametrize(
    "name",
    ["Åäö GmbH", "株式会社アクメ", "Acme\u202e proc", "A\u0301cme", "🚀", "' OR 1=1 --", "*", "a" * 200, "", " "],
)
def test_an_odd_customer_name_still_gets_a_brief(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ISSUE, *NOW, "--customer", name]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"# nothing but a remark\n",
        b"\xef\xbb\xbfcompany: Larkfield\r\n",
        b"company: 5\nreporter: 1.50\nproducts: [1, 2.0]\n",
        b"company:\nteams:\npolicy:\nbusiness_hours:\nhigh_value:\nholidays:\n",
        b"business_hours: {days: [Mon], start: 9:00, end: 17:30}\nholidays: NO\n",
        b"holidays: [2026-12-24]\nunknown: {key: [1, {a: b}]}\n",
        "company: \u202eLarkfield 😀\n".encode(),
        b"policy: {thresholds: null, escalate: [], tiers: null, cadence: {high: null}}\n",
        b"policy: {tiers: [{id: product, enabled: false}], thresholds: {pattern_customers: null}}\n",
    ],
)
def test_an_odd_profile_is_taken(profile: bytes, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"w/tickets.jsonl": TICKET, "w/workspace.yaml": profile})

    assert main([*IN_W, *NOW]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe of Unix")
def test_files_of_the_wrong_kind_are_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"w/tickets.jsonl": TICKET})
    profile = here / "w" / "workspace.yaml"
    lines: list[str] = []
    for kind in ("folder", "pipe", "link to nowhere"):
        if kind == "folder":
            profile.mkdir()
        elif kind == "pipe":
            os.mkfifo(profile)
        else:
            profile.symlink_to("gone")
        assert main([*IN_W]) == 2
        lines.append(capsys.readouterr().err)
        profile.rmdir() if profile.is_dir() else profile.unlink()

    assert lines == [
        "customer-escalation: workspace.yaml: not a file\n",
        "customer-escalation: workspace.yaml: not a file\n",
        "customer-escalation: workspace.yaml: cannot be read: No such file or directory\n",
    ]


def test_a_workspace_without_any_source_is_status_3(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"w/workspace.yaml": b"company: Larkfield\n"})

    status = main([*IN_W, "--output", "brief.md"])

    captured = capsys.readouterr()
    assert (captured.out, status, (here / "brief.md").exists()) == ("", 3, False)
    assert captured.err.startswith("customer-escalation: sources: none could be read: ")
    assert captured.err.count("\n") == 1


def test_an_unforeseen_failure_is_status_1_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("customer_escalation.settings.open_setting", broken)

    assert main([*ISSUE]) == 1
    assert capsys.readouterr().err == "customer-escalation: unexpected ZeroDivisionError; please report it\n"


def test_invalid_lines_are_left_out_on_request_and_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"w/tickets.jsonl": TICKET + b"hello\n"})

    assert main([*IN_W, *NOW, "--skip-invalid"]) == 0
    assert "1 invalid line of tickets.jsonl left out" in capsys.readouterr().out


def test_a_process_of_its_own_says_the_same(here: Path) -> None:
    line = "customer-escalation: --workspace: no such folder: nowhere\n"
    assert run([*ISSUE, "--workspace", "nowhere"], here) == (2, "", line)
    line = "customer-escalation: standard input: not UTF-8 at byte 0\n"
    assert run(["escalate", "-"], here, b"\xff") == (2, "", line)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_bytes_of_another_encoding_on_the_command_line_are_refused(here: Path, locale: str) -> None:
    argv = ["escalate", os.fsdecode(b"Caf\xe9 down")]

    assert run(argv, here, LC_ALL=locale) == (2, "", "customer-escalation: ISSUE: not UTF-8 text\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
@pytest.mark.parametrize(
    ("redirection", "line", "status"),
    [
        ("> /dev/full", "customer-escalation: standard output: No space left on device\n", 1),
        (">&-", "customer-escalation: standard output: is closed\n", 1),
        ("<&-", "customer-escalation: standard input: is closed\n", 2),
        ("2>&- <&-", "", 2),
    ],
)
def test_closed_and_full_streams_are_no_tracebacks(here: Path, redirection: str, line: str, status: int) -> None:
    (here / "issue").write_text("API down")
    source = "" if "<" in redirection else "< issue"
    done = subprocess.run(
        f"{sys.executable} -m customer_escalation escalate - {source} {redirection}",
        shell=True, cwd=here, capture_output=True, text=True, timeout=120, check=False, env=ours(),
    )  # fmt: skip

    assert (done.stderr, done.stdout, done.returncode) == (line, "", status)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Unix")
def test_a_reader_that_leaves_early_is_no_traceback(here: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "customer_escalation", *ISSUE],
        stdout=writing, stderr=subprocess.PIPE, cwd=here, timeout=120, check=False, env=ours(),
    )  # fmt: skip
    os.close(writing)

    assert (done.stderr, done.returncode) == (b"", 1)
