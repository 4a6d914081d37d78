"""A casebook moves to another machine and goes on there; one of an earlier version is taken, a later one refused."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.commands.conftest import Run, Said, waiting, written

VERSION_1 = Path(__file__).parents[1] / "casebook" / "version_1.sql"


def file_of(path: Path, version: int) -> Path:
    """A casebook as the first version kept it, which says that it is of this version."""
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    db.executescript(VERSION_1.read_text(encoding="utf-8").replace("'Northwind'", "'Larkfield'"))
    db.execute(f"PRAGMA user_version = {version}")
    db.close()
    return path


def test_another_machine_goes_on_from_the_backup_and_nothing_is_lost(
    run: Run, kept: Said, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("approve", waiting(run)["id"], person="yes\n")
    run("update", "case-1", "promised", "--customer", "Acme Corp", "--due", "2026-11-20T12:00", "--why", "a date")
    before = run("show", "case-1", "--events", "99", "--whole", "--json").json
    due = run("due", "--json").json
    copy = tmp_path / "casebook-copy.sqlite3"

    said = run("backup", str(copy))

    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"{copy}: {copy.stat().st_size:,} bytes, the whole casebook")
    assert str(home / "casebook.sqlite3") in said.out

    other = tmp_path / "other machine"
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(other))
    (other / "data").mkdir(parents=True)
    shutil.copy(copy, other / "data" / "casebook.sqlite3")
    assert run("show", "case-1", "--events", "99", "--whole", "--json").json == before
    assert run("due", "--json").json == due
    assert run("verify", "--all").out.startswith("case-1: the trail is unchanged")

    assert run("approve", waiting(run, "internal_note")["id"], person="yes\n").status == 0
    assert len(written(other / "data")) == 1
    assert run("update", "case-1", "acknowledged").status == 0
    assert run("escalate", "Webhooks are late for Northgate", "--keep").err.startswith("Kept as case-2")
    assert run("verify", "--all").out.startswith("2 of 2 trails are unchanged")
    assert len(written(home)) == 1


def test_restore_puts_the_copy_in_place_and_keeps_what_was_there(
    run: Run, kept: Said, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    run("backup", str(copy))
    run("update", "case-1", "acknowledged")

    said = run("restore", str(copy))

    [aside] = home.glob("casebook-until-*.sqlite3")
    assert said == Said(
        0, f"{home / 'casebook.sqlite3'}: restored from {copy}, cases: 1; what was there is kept as {aside.name}\n", ""
    )
    assert run("show", "case-1", "--json").json["status"] == "open"
    assert run("restore", str(aside)).status == 0
    assert run("show", "case-1", "--json").json["status"] == "acknowledged"


def test_a_backup_overwrites_nothing(run: Run, kept: Said, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("precious")

    said = run("backup", str(file))

    assert said == Said(2, "", f"customer-escalation: FILE: is there already; name a new file: {file}\n")
    assert file.read_text() == "precious"


def test_the_cases_of_an_earlier_version_are_there(run: Run, home: Path) -> None:
    file_of(home / "casebook.sqlite3", 1)

    listed = run("cases", "--status", "all", "--json").json["cases"]

    assert [(each["case_id"], each["status"]) for each in listed] == [("case-2", "kept"), ("case-1", "kept")]
    assert run("update", "case-1", "escalated", "--why", "still there").status == 0
    assert run("cases", "--json").json["cases"][0]["case_id"] == "case-1"
    assert run("verify", "--all").status == 0


def test_a_casebook_of_a_later_version_is_refused_in_one_line(run: Run, home: Path) -> None:
    file = file_of(home / "casebook.sqlite3", 99)
    before = file.read_bytes()

    said = run("cases")

    wrong = f"{file}: casebook format 99 is newer than this program reads (2); upgrade customer-escalation"
    assert said == Said(1, "", f"customer-escalation: {wrong}\n")
    assert file.read_bytes() == before


def test_a_casebook_that_is_none_is_named_in_one_line(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "casebook.sqlite3").write_bytes(b"no database at all" * 100)

    said = run("due")

    assert (said.status, said.out) == (1, "")
    wrong = f"{home / 'casebook.sqlite3'}: is damaged or no SQLite file; move it away to begin a new one"
    assert said.err == f"customer-escalation: {wrong}\n"
