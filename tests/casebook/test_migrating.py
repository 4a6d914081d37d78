"""A casebook of an earlier version is brought up to date, a newer one refused, and two may open a new one at once."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from customer_escalation.casebook import Casebook, CasebookError
from customer_escalation.casebook.database import FORMAT, HEAD, Database
from customer_escalation.casebook.tables import METADATA
from tests import postgresql
from tests.casebook.opened import opened
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
VERSION_1 = Path(__file__).with_name("version_1.sql")  # what the first version kept of two cases, cut to a few rows
FORK = multiprocessing.get_context("fork")  # its children have our modules already


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where nothing is yet."""
    if request.param == "sqlite":
        yield tmp_path / "casebook.sqlite3"
        return
    server: postgresql.Server = request.getfixturevalue("server")
    with server.database(empty=True) as url:
        yield url


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A file of the first version."""
    path = tmp_path / "casebook.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1.read_text(encoding="utf-8"))
    db.execute("PRAGMA application_id = 1163084610")
    db.execute("PRAGMA user_version = 1")
    db.close()
    return path


def test_cases_of_the_first_version_are_all_there(version_1: Path) -> None:
    casebook = Casebook(version_1)
    first, second = casebook.get("case-1"), casebook.get("case-2")

    assert casebook.ids() == ("case-2", "case-1")
    assert (first.customer, first.result.severity, len([*first.result.evidence])) == ("Acme Corp", "high", 12)
    assert first.result.brief.title.text == "API returning 500 errors intermittently (Acme Corp, Pellworth Supply)"
    assert (second.revision, second.issue, second.result.decision) == (2, "Cannot export to XLSX", "handle_in_support")
    assert [case.title for case in casebook.summaries()] == [second.issue, first.issue]
    casebook.close()


def test_a_case_of_the_first_version_waits_until_somebody_opens_it(version_1: Path) -> None:
    casebook = Casebook(version_1)

    assert (casebook.state("case-1").status, casebook.broken("case-1"), casebook.events("case-1")) == ("kept", "", ())
    assert casebook.summaries(status="live") == ()

    casebook.record("case-1", "opened", actor="person:anna", at=AT, data=opened("Acme"))
    assert (casebook.state("case-1").status, casebook.broken("case-1")) == ("open", "")
    casebook.close()


def test_new_cases_go_on_counting(version_1: Path) -> None:
    casebook = Casebook(version_1)

    assert casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT) == "case-3"
    casebook.close()


def test_a_migrated_file_is_its_owners_alone_and_not_for_the_first_version(version_1: Path) -> None:
    version_1.chmod(0o644)
    Casebook(version_1).close()

    db = sqlite3.connect(version_1)
    assert db.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    assert db.execute("PRAGMA application_id").fetchone() == (1163084610,)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert stat.S_IMODE(version_1.stat().st_mode) == 0o600


def test_a_migration_that_fails_leaves_the_file_as_it_was(version_1: Path) -> None:
    db = sqlite3.connect(version_1)
    db.execute("CREATE TABLE reminders (in_the_way)")
    db.commit()
    before = [*db.iterdump()]

    with pytest.raises(CasebookError, match="cannot be used"):
        Casebook(version_1)

    assert [*db.iterdump()] == before
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    db.close()


def test_the_migrations_make_the_tables_that_the_program_uses(nowhere: Path | str) -> None:
    database = Database(nowhere)
    with database.reading() as db:
        found = {
            name: {column["name"]: column["nullable"] for column in inspect(db).get_columns(name)}
            for name in METADATA.tables
        }
    database.close()

    assert found == {
        name: {column.name: column.nullable for column in table.columns} for name, table in METADATA.tables.items()
    }


def test_a_casebook_of_a_later_version_is_refused(casebook: Casebook, where: Path | str) -> None:
    with casebook.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))

    with pytest.raises(CasebookError, match=f"format r9999 is newer than this program reads .{HEAD}.; upgrade"):
        Casebook(where)


def test_many_who_open_a_new_casebook_at_once_make_one(nowhere: Path | str) -> None:
    processes = 4
    start = FORK.Barrier(processes)
    opening = [FORK.Process(target=_open, args=(nowhere, start)) for _ in range(processes)]
    for process in opening:
        process.start()
    for process in opening:
        process.join(30)

    casebook = Casebook(nowhere)
    assert [process.exitcode for process in opening] == [0] * processes
    assert casebook.count() == processes
    casebook.close()


def _open(where: Path | str, start: Barrier) -> None:
    start.wait(20)
    casebook = Casebook(where)
    casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=AT)
    casebook.close()
