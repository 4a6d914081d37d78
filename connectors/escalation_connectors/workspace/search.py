"""Finds records in one index: plain words in, the best records out, in bounded time however many records there are."""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar, cast

from escalation_connectors.records import Page
from escalation_connectors.workspace.fields import Fields
from escalation_connectors.workspace.kinds import GLUE, Kind, codes

R = TypeVar("R")
LIMIT = 1000
_WORDS = 64  # words of a query that are used
_ATOM = re.compile(r"[^\W_]+")
_RANK = "bm25(words, 4.0, 1.0, 2.0, 0.0)"
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "he",
        "her",
        "his",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)


def query_words(query: str) -> list[str]:
    """The words to look for: each once, ids in one piece before their parts, no words that say nothing."""
    query = query[:4000]
    glued = codes(query).split()
    atoms = [atom.lower() for atom in _ATOM.findall(query)]
    telling = [atom for atom in atoms if atom not in _STOP] or atoms
    return list(dict.fromkeys([*(code.lower() for code in glued), *telling]))[:_WORDS]


def search(
    connection: sqlite3.Connection,
    kind: Kind[R],
    query: str,
    *,
    facets: Sequence[str] = (),
    since: datetime | None = None,
    limit: int,
) -> Page[R]:
    """The records that hold any of the words, best first; then newest, then by id."""
    limit = max(1, min(limit, LIMIT))
    words = query_words(query)
    if not words:
        return Page(())
    floor = first_since(connection, since)
    match = any_of(words)
    if facets:
        match = f"({any_of(facets)}) AND ({match})"
    found = [
        n
        for n, _ in connection.execute(
            f"SELECT rowid, {_RANK} FROM words WHERE words MATCH ? AND rowid >= ? ORDER BY 2, 1 DESC LIMIT ?",  # noqa: S608
            (match, floor, limit),
        )
    ]
    total = _count(connection, "SELECT count(*) FROM words WHERE words MATCH ? AND rowid >= ?", match, floor)
    return Page(records(connection, kind, found), total=total, cut=total > len(found))


def newest(
    connection: sqlite3.Connection,
    kind: Kind[R],
    *,
    marks: Sequence[str] = (),
    since: datetime | None = None,
    limit: int,
    oldest_first: bool = False,
) -> Page[R]:
    """The newest records, of those under any of the marks where marks are given."""
    limit = max(1, min(limit, LIMIT))
    floor = first_since(connection, since)
    if marks:
        holes = ", ".join("?" * len(marks))
        rows = f"SELECT DISTINCT n FROM mark WHERE name IN ({holes}) AND n >= ?"  # noqa: S608
    else:
        rows = "SELECT n FROM place WHERE n >= ?"
    order = "" if oldest_first else "DESC"
    found = [n for (n,) in connection.execute(f"{rows} ORDER BY n {order} LIMIT ?", (*marks, floor, limit))]
    total = _count(connection, f"SELECT count(*) FROM ({rows})", *marks, floor)  # noqa: S608
    return Page(records(connection, kind, found), total=total, cut=total > len(found))


def by_id(connection: sqlite3.Connection, kind: Kind[R], ident: str) -> R | None:
    """The record with this id; an id in the wrong case is found where that is unmistakable."""
    for each in dict.fromkeys((ident, ident.strip(), ident.strip().upper())):
        row = connection.execute("SELECT doc FROM record WHERE id = ?", (each,)).fetchone()
        if row is not None:
            return read(kind, row[0])
    return None


def records(connection: sqlite3.Connection, kind: Kind[R], found: Iterable[int]) -> tuple[R, ...]:
    """The records with these numbers, in this order."""
    every = (
        connection.execute("SELECT doc FROM place JOIN record USING (key) WHERE n = ?", (n,)).fetchone() for n in found
    )
    return tuple(read(kind, row[0]) for row in every)


def read(kind: Kind[R], doc: str) -> R:
    """The record in a JSON text that was checked when the index was built."""
    return kind.read(Fields(cast("dict[str, object]", json.loads(doc))))


def any_of(words: Iterable[str]) -> str:
    """An FTS5 expression for any of these words, whatever they are."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def first_since(connection: sqlite3.Connection, since: datetime | None) -> int:
    """The number of the first record that is not older, to the second."""
    if since is None:
        return 0
    last = _count(connection, "SELECT coalesce(max(n), 0) FROM place")
    second = int(since.timestamp())

    def at(n: int) -> int:
        return _count(connection, "SELECT key >> 24 FROM place WHERE n = ?", n)

    return 1 + bisect_left(range(1, last + 1), second, key=at)


def _count(connection: sqlite3.Connection, sql: str, *values: object) -> int:
    return cast("int", connection.execute(sql, values).fetchone()[0])


__all__ = ["GLUE", "any_of", "by_id", "newest", "query_words", "read", "records", "search"]
