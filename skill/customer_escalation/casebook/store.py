"""The casebook: one SQLite file (WAL, readable by its owner alone) that outlives the process. Nothing else opens it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from customer_escalation.brief import Result
from customer_escalation.casebook import codec
from customer_escalation.evidence import Ledger
from escalation_connectors.errors import EscalationError

SCHEMA_VERSION = 1
APPLICATION_ID = 0x45534342  # "ESCB"
BUSY_TIMEOUT_S = 5.0
_PREFIX = "case-"
_SCHEMA = """
CREATE TABLE cases (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL DEFAULT 1,
    opened_at TEXT NOT NULL,
    workspace TEXT NOT NULL,
    issue TEXT NOT NULL,
    customer TEXT NOT NULL,
    result TEXT NOT NULL
);
CREATE TABLE evidence (
    case_number INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (case_number, position)
) WITHOUT ROWID;
"""


class CasebookError(EscalationError):
    """The casebook cannot be used; the text names the file and says what to do."""


class UnknownCase(CasebookError):  # noqa: N818 - named by what happened, as the callers read it
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class Case:
    """A kept case: what was asked, of which workspace, and the result with its evidence."""

    id: str
    revision: int
    workspace: str
    issue: str
    customer: str
    result: Result


class Casebook:
    """Cases by id ("case-7"). Raises CasebookError wherever the file fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        with self._told():
            _make_private(path)
            self._db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file; a closed casebook cannot be used again."""
        with self._lock:
            self._db.close()

    def add(self, result: Result, *, customer: str, workspace: str, opened_at: datetime) -> str:
        """Keep a new case and give its id."""
        with self._writing() as db:
            row = db.execute(
                "INSERT INTO cases (opened_at, workspace, issue, customer, result) VALUES (?, ?, ?, ?, ?)"
                " RETURNING number",
                (opened_at.isoformat(), workspace, result.issue, customer, codec.dump_result(result)),
            ).fetchone()
            number = int(row[0])
            _write_evidence(db, number, result.evidence)
        return f"{_PREFIX}{number}"

    def get(self, case_id: str) -> Case:
        """The case. Raises UnknownCase."""
        number = self._number(case_id)
        with self._reading() as db:
            row = db.execute(
                "SELECT revision, workspace, issue, customer, result FROM cases WHERE number = ?", (number,)
            ).fetchone()
            if row is None:
                raise self._unknown(case_id)
            texts = db.execute("SELECT row FROM evidence WHERE case_number = ? ORDER BY position", (number,)).fetchall()
        try:
            ledger = Ledger(codec.load_row(text) for (text,) in texts)
            result = codec.load_result(row[4], ledger)
        except ValueError as error:
            raise CasebookError(f"{self.path}: {case_id}: cannot be read ({error}); gather the case again") from None
        return Case(f"{_PREFIX}{number}", row[0], row[1], row[2], row[3], result)

    def change(self, case: Case, result: Result) -> None:
        """Replace the result of this case, unless somebody else changed it since it was read."""
        number = self._number(case.id)
        with self._writing() as db:
            changed = db.execute(
                "UPDATE cases SET result = ?, revision = revision + 1 WHERE number = ? AND revision = ?",
                (codec.dump_result(result), number, case.revision),
            )
            if changed.rowcount != 1:
                raise CasebookError(f"{case.id} was changed by somebody else meanwhile; read it again and repeat")
            db.execute("DELETE FROM evidence WHERE case_number = ?", (number,))
            _write_evidence(db, number, result.evidence)

    def ids(self, prefix: str = "", limit: int = 100) -> tuple[str, ...]:
        """Case ids that begin with this prefix, newest first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT ? || number AS id FROM cases WHERE substr(id, 1, ?) = ? ORDER BY number DESC LIMIT ?",
                (_PREFIX, len(prefix), prefix, limit),
            ).fetchall()
        return tuple(str(row[0]) for row in rows)

    def count(self) -> int:
        """How many cases are kept."""
        with self._reading() as db:
            return int(db.execute("SELECT count(*) FROM cases").fetchone()[0])

    def _prepare(self) -> None:
        db = self._db
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN IMMEDIATE")
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            raise CasebookError(
                f"{self.path}: casebook format {version} is newer than this program reads ({SCHEMA_VERSION}); "
                "upgrade customer-escalation"
            )
        if version == 0:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise CasebookError(f"{self.path}: is a database of another program; move it away")
            for statement in _SCHEMA.strip().split(";\n"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        with self._lock, self._told():
            yield self._db

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _told(self) -> Generator[None]:
        """Failures of the file in our own words."""
        try:
            yield
        except sqlite3.OperationalError as error:
            busy = "locked" in str(error)
            advice = (
                "another program holds it; try again" if busy else "check the folder, its rights and the free space"
            )
            raise CasebookError(f"{self.path}: cannot be used: {advice}") from None
        except sqlite3.ProgrammingError:
            raise CasebookError(f"{self.path}: the casebook was closed") from None
        except sqlite3.DatabaseError:
            raise CasebookError(f"{self.path}: is damaged or no SQLite file; move it away to begin a new one") from None
        except OSError as error:
            raise CasebookError(f"{self.path}: cannot be opened: {error.strerror}") from None

    def _number(self, case_id: str) -> int:
        digits = case_id.strip().lower().removeprefix(_PREFIX)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
            raise self._unknown(case_id)
        return int(digits)

    def _unknown(self, case_id: str) -> UnknownCase:
        return UnknownCase(f"no case {case_id.strip()[:40]!r} in the casebook; escalation_gather opens one")


def _write_evidence(db: sqlite3.Connection, number: int, ledger: Ledger) -> None:
    rows = ((number, position, row.id, codec.dump_row(row)) for position, row in enumerate(ledger))
    db.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?)", rows)


def _make_private(path: Path) -> None:
    """The folder and the file exist and only their owner may read them (SQLite gives its side files the same mode)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
