"""A copy takes the place of a casebook whole, whatever a killed process left beside it, and never under somebody."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_escalation.casebook import Casebook, CasebookError
from customer_escalation.casebook.backup import copy_to
from customer_escalation.casebook.restoring import Restored, restore
from tests import postgresql
from tests.casebook.test_backup import AT, add

FORK = multiprocessing.get_context("fork")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data" / "casebook.sqlite3"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of a casebook with two cases."""
    casebook, file = Casebook(tmp_path / "elsewhere.sqlite3"), tmp_path / "copy.sqlite3"
    for _ in range(2):
        add(casebook)
    copy_to(casebook.database, file)
    casebook.close()
    return file


def count(file: Path) -> int:
    """How many cases are there; each trail is intact."""
    casebook = Casebook(file)
    try:
        assert [said for case_id in casebook.ids() if (said := casebook.broken(case_id))] == []
        return casebook.count()
    finally:
        casebook.close()


def killed_at_work(home: Path) -> None:
    """A casebook whose process died: its last changes stand in the write-ahead file alone."""
    home.parent.mkdir(parents=True, exist_ok=True)
    casebook, alive = Casebook(home), home.with_name("alive.sqlite3")
    for _ in range(5):
        add(casebook)
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{home}{end}", f"{alive}{end}")
    casebook.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{alive}{end}").replace(f"{home}{end}")


def test_where_nothing_is_the_copy_is_the_casebook(home: Path, copy: Path) -> None:
    assert restore(copy, home, NOW) == Restored(2, (), None)

    assert (count(home), count(copy)) == (2, 2)
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert [each.name for each in home.parent.iterdir()] == ["casebook.sqlite3"]


def test_what_a_killed_process_left_damages_nothing_and_is_kept(home: Path, copy: Path) -> None:
    killed_at_work(home)
    assert Path(f"{home}-wal").stat().st_size > 0

    done = restore(copy, home, NOW)

    assert done.aside == home.with_name("casebook-until-20261124T080000Z.sqlite3")
    assert not Path(f"{home}-wal").exists()
    assert count(home) == 2
    assert done.aside is not None
    assert count(done.aside) == 5


def test_a_copy_put_in_place_by_hand_under_a_write_ahead_file_is_replaced_by_a_whole_one(
    home: Path, copy: Path
) -> None:
    killed_at_work(home)
    shutil.copy(copy, home)

    restore(copy, home, NOW)

    assert count(home) == 2


def test_a_casebook_that_somebody_has_open_is_left_alone(home: Path, copy: Path) -> None:
    home.parent.mkdir()
    ready, over = FORK.Event(), FORK.Event()

    def hold() -> None:
        casebook = Casebook(home)
        add(casebook)
        ready.set()
        over.wait(60)
        casebook.close()

    holder = FORK.Process(target=hold)
    holder.start()
    assert ready.wait(60)
    with pytest.raises(CasebookError, match="another program has it open; end `work` and `serve` first"):
        restore(copy, home, NOW)
    over.set()
    holder.join(60)

    assert count(home) == 1
    assert [each.name for each in home.parent.glob(".*")] == []


@pytest.mark.parametrize("what", ["text", "half", "foreign"])
def test_what_is_no_whole_casebook_takes_no_place(home: Path, copy: Path, what: str) -> None:
    home.parent.mkdir()
    shutil.copy(copy, home)
    raw = copy.read_bytes()
    copy.write_bytes(b"no database at all" * 100 if what == "text" else raw[: len(raw) // 2])
    if what == "foreign":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as db:
            db.execute("CREATE TABLE recipes (name TEXT)")

    with pytest.raises(CasebookError, match=str(copy)):
        restore(copy, home, NOW)

    assert count(home) == 2
    assert [each.name for each in home.parent.iterdir()] == ["casebook.sqlite3"]


def test_a_changed_trail_is_named(home: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        db.execute("UPDATE events SET why = 'nothing happened' WHERE number = 1 AND case_number = 1")
        db.commit()

    assert restore(copy, home, NOW).broken == ("case-1: event 1 was changed",)


def test_the_casebook_itself_is_no_copy(home: Path, copy: Path) -> None:
    restore(copy, home, NOW)
    with pytest.raises(CasebookError, match="is the casebook itself"):
        restore(home, home, NOW)


@pytest.fixture
def url(server: postgresql.Server) -> Iterator[str]:
    """A casebook in PostgreSQL."""
    with server.database() as found:
        yield found


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
def test_in_postgresql_a_dump_is_restored_by_its_own_programs(
    tmp_path: Path, url: str, server: postgresql.Server
) -> None:
    casebook, file = Casebook(url), tmp_path / "casebook.dump"
    add(casebook)
    casebook.record("case-1", "noted", actor="person:anna", at=AT, why="still waiting")
    before = casebook.events("case-1")
    subprocess.run(["pg_dump", "-Fc", "--file", str(file), url], check=True, timeout=60)
    casebook.close()

    with server.database(empty=True) as other:
        subprocess.run(["pg_restore", "--no-owner", "--dbname", other, str(file)], check=True, timeout=60)
        restored = Casebook(other)
        assert (restored.events("case-1"), restored.broken("case-1")) == (before, "")
        add(restored)
        assert restored.count() == 2
        restored.close()
