"""A backup is whole although the casebook is written meanwhile, and a casebook goes on from it elsewhere."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

import pytest

from customer_escalation.casebook import Casebook, CasebookError
from customer_escalation.casebook.backup import copy_to
from customer_escalation.casebook.database import Database
from tests import postgresql
from tests.casebook.opened import opened
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")  # its children have our modules already


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "casebook.sqlite3"


@pytest.fixture
def kept(path: Path) -> Iterator[Casebook]:
    """A casebook with an open case."""
    casebook = Casebook(path)
    add(casebook)
    yield casebook
    casebook.close()


def add(casebook: Casebook) -> None:
    case_id = casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT)
    casebook.record(case_id, "opened", actor="code:gather", at=AT, data=opened("Acme"))


def keep_writing(path: Path, written: Semaphore, over: Event) -> None:
    casebook = Casebook(path)
    while not over.is_set():
        add(casebook)
        casebook.record("case-1", "noted", actor="person:anna", at=AT, why="still waiting")
        written.release()
    casebook.close()


def test_a_copy_made_under_load_is_whole_and_goes_on_elsewhere(tmp_path: Path, path: Path, kept: Casebook) -> None:
    written, over = FORK.Semaphore(0), FORK.Event()
    writers = [FORK.Process(target=keep_writing, args=(path, written, over)) for _ in range(2)]
    for writer in writers:
        writer.start()
    copies = [tmp_path / f"copy-{number}.sqlite3" for number in range(5)]
    for copy in copies:
        known = kept.count()
        while kept.count() == known:
            assert written.acquire(timeout=30)
        copy_to(kept.database, copy)
    over.set()
    for writer in writers:
        writer.join(30)

    assert [writer.exitcode for writer in writers] == [0, 0]
    counts: list[int] = []
    for copy in copies:
        restored = Casebook(copy)
        assert [said for case_id in restored.ids(limit=10_000) if (said := restored.broken(case_id))] == []
        before = restored.count()
        counts.append(before)
        add(restored)
        restored.record("case-1", "moved", actor="person:anna", at=AT, data={"to": "acknowledged"})
        assert (restored.ids(limit=1), restored.state("case-1").status) == ((f"case-{before + 1}",), "acknowledged")
        assert restored.broken("case-1") == ""
        restored.close()
    assert counts == sorted(set(counts))


def test_a_copy_holds_what_was_there_and_is_its_owners_alone(tmp_path: Path, kept: Casebook) -> None:
    file = tmp_path / "copy.sqlite3"

    assert copy_to(kept.database, file) == file.stat().st_size

    restored = Casebook(file)
    assert restored.events("case-1") == kept.events("case-1")
    assert restored.summaries() == kept.summaries()
    restored.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*partial*")) == []


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, kept: Casebook) -> None:
    file = tmp_path / "copy.sqlite3"
    file.write_text("precious")

    with pytest.raises(CasebookError, match=r"copy\.sqlite3: is there already; name a new file"):
        copy_to(kept.database, file)

    assert file.read_text() == "precious"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, kept: Casebook) -> None:
    with pytest.raises(CasebookError, match=r"copy\.sqlite3: No such file or directory"):
        copy_to(kept.database, tmp_path / "nowhere" / "copy.sqlite3")


def test_a_copy_that_is_not_whole_gets_no_name(tmp_path: Path, kept: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customer_escalation.casebook.backup.CHECK", "SELECT 'row 3 missing from index'")
    file = tmp_path / "copy.sqlite3"

    with pytest.raises(CasebookError, match=r"the copy failed .not whole: row 3 missing from index."):
        copy_to(kept.database, file)

    assert sorted(each.name for each in tmp_path.glob("*copy*")) == []


def test_a_damaged_casebook_gives_no_copy(tmp_path: Path, path: Path, kept: Casebook) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    raw = bytearray(path.read_bytes())
    raw[4096 : 4096 * 3] = b"\xff" * 4096 * 2
    path.write_bytes(raw)

    with pytest.raises(CasebookError):
        copy_to(Database(path), tmp_path / "copy.sqlite3")

    assert not (tmp_path / "copy.sqlite3").exists()


def test_postgresql_has_its_own_way(tmp_path: Path, server: postgresql.Server) -> None:
    with server.database() as url:
        database = Database(url)
        with pytest.raises(CasebookError, match="is copied with pg_dump"):
            copy_to(database, tmp_path / "copy")
        database.close()
