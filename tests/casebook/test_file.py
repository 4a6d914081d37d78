"""The casebook as one file: for its owner alone, and never another program's."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_escalation.casebook import Casebook, CasebookError, database
from customer_escalation.casebook.database import FORMAT
from tests.skill import render_samples as samples

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "casebook.sqlite3"


@pytest.fixture
def casebook(path: Path) -> Iterator[Casebook]:
    opened = Casebook(path)
    yield opened
    opened.close()


def add(casebook: Casebook) -> str:
    return casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=NOW)


def test_only_its_owner_can_read_it(path: Path, casebook: Casebook) -> None:
    add(casebook)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {
        "casebook.sqlite3": 0o600,
        "casebook.sqlite3-wal": 0o600,
        "casebook.sqlite3-shm": 0o600,
    }
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_newer_casebook_is_refused_in_one_line(path: Path) -> None:
    Casebook(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    db.close()

    with pytest.raises(CasebookError) as caught:
        Casebook(path)

    assert str(caught.value) == (
        f"{path}: casebook format 3 is newer than this program reads (2); upgrade customer-escalation"
    )


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (id)")
    db.close()

    with pytest.raises(CasebookError, match="is a database of another program"):
        Casebook(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, but long enough to be looked at" * 40)

    with pytest.raises(CasebookError, match="is damaged or no SQLite file"):
        Casebook(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(CasebookError, match=r"casebook\.sqlite3: cannot be opened: "):
        Casebook(tmp_path / "data" / "casebook.sqlite3")


def test_a_locked_casebook_says_so(path: Path, casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customer_escalation.casebook.database.BUSY_TIMEOUT_S", 0.01)
    other = Casebook(path)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    with pytest.raises(CasebookError, match="another program holds it; try again"):
        add(other)

    blocker.close()
    assert add(other) == "case-1"
    other.close()


def test_a_casebook_without_its_tables_says_what_to_check(path: Path, casebook: Casebook) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE cases")
    db.close()

    with pytest.raises(CasebookError, match="its rights and the free space"):
        casebook.count()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A file that another process is about to write its first table into."""
    file = tmp_path / "casebook.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield file, other
    other.close()


def test_who_opens_a_new_file_waits_for_another_who_does(
    held: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = held

    def done(seconds: float) -> None:
        del seconds
        other.execute("COMMIT")

    monkeypatch.setattr(database, "sleep", done)

    casebook = Casebook(file)

    assert casebook.count() == 0
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    casebook.close()


def test_who_waits_in_vain_for_a_file_says_so_in_one_line(
    held: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _ = held
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.0)

    with pytest.raises(CasebookError) as told:
        Casebook(file)

    assert str(told.value) == f"{file}: cannot be used: another program holds it; try again"
