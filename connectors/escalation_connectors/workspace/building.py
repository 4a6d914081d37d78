"""Builds the index of one file. Only imported when an index has to be built."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from escalation_connectors.errors import InputError
from escalation_connectors.workspace.fields import Invalid, shown
from escalation_connectors.workspace.kinds import Kind
from escalation_connectors.workspace.lines import Entry, article_entries, entries, fields_of

R = TypeVar("R")
COMMON = 2000  # a word in more records than this is common: its count is kept, for the search to plan with
TOKENIZER = "porter unicode61 remove_diacritics 2"
_LINE_BITS = 24
_TABLES = f"""
CREATE TABLE record (key INTEGER PRIMARY KEY, line INTEGER, file TEXT, id TEXT UNIQUE, doc TEXT);
CREATE TABLE place (n INTEGER PRIMARY KEY, key INTEGER);
CREATE TABLE mark (name TEXT, n INTEGER, PRIMARY KEY (name, n)) WITHOUT ROWID;
CREATE TABLE left_out (file TEXT PRIMARY KEY, lines INTEGER);
CREATE TABLE common (term TEXT PRIMARY KEY, records INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, body, codes, facet, content='', tokenize='{TOKENIZER}');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
INSERT INTO words(words, rank) VALUES ('hashsize', 67108864);
"""  # key is the time in seconds and the line; n counts from the oldest record, so the newest has the highest


def build_file(kind: Kind[R], source: Path, place: Path, *, skip_invalid: bool) -> None:
    """Builds beside `place` and moves it there. Raises InputError, OSError and sqlite3.OperationalError."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    family = (
        place.name.rpartition("-")[0] if not place.name.endswith("-part.db") else place.name[:-8].rpartition("-")[0]
    )
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
    for old in place.parent.glob(f"{family}-*.db"):
        if old != place:
            with suppress(OSError):
                old.unlink()


def build_memory(kind: Kind[R], source: Path, connection: sqlite3.Connection, *, skip_invalid: bool) -> None:
    """Builds into an empty database. Raises InputError at the first line that is not valid, unless told to skip it."""
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    _fill_records(kind, source, connection, skip_invalid=skip_invalid)
    connection.execute(
        "INSERT INTO place SELECT row_number() OVER (ORDER BY key >> ?, id DESC), key FROM record", (_LINE_BITS,)
    )
    _fill_words(kind, connection)
    connection.execute("COMMIT")


def _fill_records(kind: Kind[R], source: Path, connection: sqlite3.Connection, *, skip_invalid: bool) -> None:
    left_out: Counter[str] = Counter()
    with _entries(kind, source) as every:
        for count, entry in enumerate(every, start=1):
            try:
                _insert(kind, connection, entry, count)
            except Invalid as problem:
                if not skip_invalid:
                    raise InputError(f"{entry.file}:{entry.line}: {problem}") from None
                left_out[entry.file] += 1
    connection.executemany("INSERT INTO left_out VALUES (?, ?)", left_out.items())


@contextmanager
def _entries(kind: Kind[R], source: Path) -> Iterator[Iterator[Entry]]:
    try:
        if kind.file == "articles":
            yield article_entries(source)
        else:
            with source.open("rb") as stream:
                yield entries(kind.file, stream)
    except PermissionError:
        raise InputError(f"{kind.file}: cannot be read (permission denied)") from None


def _insert(kind: Kind[R], connection: sqlite3.Connection, entry: Entry, count: int) -> None:
    if entry.problem is not None:
        raise entry.problem
    record = kind.read(fields_of(entry.doc))
    ident = kind.ident(record)
    at = kind.at(record)
    if count >= 1 << _LINE_BITS:
        raise InputError(f"{entry.file}: more than {(1 << _LINE_BITS) - 1} records")
    key = ((int(at.timestamp()) if at else 0) << _LINE_BITS) + count
    try:
        connection.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", (key, entry.line, entry.file, ident, entry.doc))
    except sqlite3.IntegrityError:
        file, line = connection.execute("SELECT file, line FROM record WHERE id = ?", (ident,)).fetchone()
        where = f"on line {line}" if file == entry.file else f"in {file}"
        raise Invalid(kind.id_field, f"already used {where}: {shown(ident)}") from None


def _fill_words(kind: Kind[R], connection: sqlite3.Connection) -> None:
    reading = connection.execute("SELECT n, doc FROM place JOIN record USING (key) ORDER BY n")
    writing = connection.cursor()
    for n, doc in reading:
        record = kind.read(fields_of(doc))
        writing.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?)", [(mark, n) for mark in kind.marks(record)])
        if kind.words is not None:
            writing.execute(
                "INSERT INTO words(rowid, title, body, codes, facet) VALUES (?, ?, ?, ?, ?)", (n, *kind.words(record))
            )
    connection.execute("INSERT INTO words(words) VALUES ('optimize')")
    connection.execute("INSERT INTO common SELECT term, doc FROM vocabulary WHERE doc > ?", (COMMON,))
