"""Builds the index of one file. Only imported when an index has to be built."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Generic, TypeVar

from escalation_connectors.errors import InputError
from escalation_connectors.workspace.fields import Invalid, shown
from escalation_connectors.workspace.kinds import LINE_BITS, TOKENIZER, Kind
from escalation_connectors.workspace.lines import Entry, article_entries, entries, fields_of

R = TypeVar("R")
COMMON = 2000  # a word in more records than this is common: its count is kept, for the search to plan with
RECORD_LIMIT = (1 << LINE_BITS) - 1
_TABLES = f"""
CREATE TABLE record (key INTEGER PRIMARY KEY, line INTEGER, file TEXT, id TEXT UNIQUE, doc TEXT);
CREATE TABLE place (n INTEGER PRIMARY KEY, key INTEGER);
CREATE TABLE mark (name TEXT, n INTEGER, PRIMARY KEY (name, n)) WITHOUT ROWID;
CREATE TABLE left_out (file TEXT PRIMARY KEY, lines INTEGER);
CREATE TABLE common (term TEXT PRIMARY KEY, records INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, body, codes, facet, content='', tokenize='{TOKENIZER}');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
INSERT INTO words(words, rank) VALUES ('hashsize', 67108864);
"""  # noqa: S608 - our own constant; key is the time in seconds and the line; n counts from the oldest record, so the newest has the highest


def build_file(kind: Kind[R], source: Path, place: Path, *, skip_invalid: bool) -> None:
    """Builds beside `place` and moves it there. Raises InputError, OSError and sqlite3.OperationalError."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    family = "-".join(place.name.split("-")[:2])
    handle, name = tempfile.mkstemp(suffix=".tmp", prefix=f"{family}-", dir=place.parent)
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -65536")
            build_memory(kind, source, connection, skip_invalid=skip_invalid)
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _clean(place, family)


def _clean(place: Path, family: str) -> None:
    """Removes the indexes of earlier states of the file, and what a crash left behind a day ago."""
    with suppress(OSError):
        now = place.stat().st_mtime
        for other in place.parent.glob(f"{family}-*"):
            if other != place and (other.suffix == ".db" or other.stat().st_mtime < now - 86_400):
                other.unlink()


def build_memory(kind: Kind[R], source: Path, connection: sqlite3.Connection, *, skip_invalid: bool) -> None:
    """Builds into an empty database. Raises InputError at the first line that is not valid, unless told to skip it."""
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    filling = _Filling(kind, connection)
    left_out: Counter[str] = Counter()
    for entry in _entries(kind, source):
        try:
            filling.add(entry)
        except Invalid as problem:
            if not skip_invalid:
                raise InputError(f"{entry.file}:{entry.line_of(problem)}: {problem}") from None
            left_out[entry.file] += 1
    connection.executemany("INSERT INTO left_out VALUES (?, ?)", left_out.items())
    filling.finish()
    connection.execute("COMMIT")


class _Filling(Generic[R]):
    """Takes the records in the order of the file; their words are indexed at once as long as they come oldest first."""

    def __init__(self, kind: Kind[R], connection: sqlite3.Connection) -> None:
        self._kind = kind
        self._connection = connection
        self._count = 0
        self._newest = -sys.maxsize
        self._in_order = True

    def add(self, entry: Entry) -> None:
        """Raises Invalid."""
        if entry.problem is not None:
            raise entry.problem
        record = self._kind.read(fields_of(entry.doc))
        if self._count >= RECORD_LIMIT:
            raise InputError(f"{entry.file}: more than {RECORD_LIMIT} records")
        at = self._kind.at(record)
        key = ((int(at.timestamp()) if at else 0) << LINE_BITS) + self._count
        self._store(entry, key, self._kind.ident(record))
        self._count += 1
        self._in_order = self._in_order and key > self._newest
        self._newest = key
        if self._in_order:
            self._index(self._count, record)

    def finish(self) -> None:
        """Numbers the records from the oldest on, and indexes their words where that could not be done before."""
        self._connection.execute("INSERT INTO place SELECT row_number() OVER (ORDER BY key), key FROM record")
        if not self._in_order:
            self._connection.execute("INSERT INTO words(words) VALUES ('delete-all')")
            self._connection.execute("DELETE FROM mark")
            for n, doc in self._connection.execute("SELECT n, doc FROM place JOIN record USING (key) ORDER BY n"):
                self._index(n, self._kind.read(fields_of(doc)))
        self._connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        self._connection.execute("INSERT INTO common SELECT term, doc FROM vocabulary WHERE doc > ?", (COMMON,))

    def _store(self, entry: Entry, key: int, ident: str) -> None:
        try:
            self._connection.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?)", (key, entry.line, entry.file, ident, entry.doc)
            )
        except sqlite3.IntegrityError:
            sql = "SELECT file, line FROM record WHERE id = ?"
            file, line = self._connection.execute(sql, (ident,)).fetchone()
            where = f"on line {line}" if file == entry.file else f"in {file}"
            raise Invalid(self._kind.id_field, f"already used {where}: {shown(ident)}") from None

    def _index(self, n: int, record: R) -> None:
        marks = ((mark, n) for mark in self._kind.marks(record))
        self._connection.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?)", marks)
        if self._kind.words is not None:
            self._connection.execute(
                "INSERT INTO words(rowid, title, body, codes, facet) VALUES (?, ?, ?, ?, ?)",
                (n, *self._kind.words(record)),
            )


def _entries(kind: Kind[R], source: Path) -> Iterator[Entry]:
    try:
        if kind.file == "articles":
            yield from article_entries(source)
        else:
            with source.open("rb") as stream:
                yield from entries(kind.file, stream)
    except OSError as problem:
        raise InputError(f"{kind.file}: cannot be read ({problem.strerror})") from None
