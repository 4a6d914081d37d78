"""Finds records in one index without a search: by id, by a mark, by time."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from escalation_connectors.records import Page
from escalation_connectors.workspace.fields import Fields
from escalation_connectors.workspace.kinds import LINE_BITS, Kind

R = TypeVar("R")
LIMIT = 1000


def clamp(limit: int) -> int:
    """A limit between one record and the most that one answer holds."""
    return max(1, min(limit, LIMIT))


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
    limit = clamp(limit)
    floor = first_since(connection, since)
    if marks:
        holes = ", ".join("?" * len(marks))
        rows = f"SELECT DISTINCT n FROM mark WHERE name IN ({holes}) AND n >= ?"  # noqa: S608
        total = number(connection, f"SELECT count(*) FROM ({rows})", *marks, floor)  # noqa: S608
    else:
        rows = "SELECT n FROM place WHERE n >= ?"
        total = last(connection) - max(0, floor - 1)
    order = "" if oldest_first else "DESC"
    found = [n for (n,) in connection.execute(f"{rows} ORDER BY n {order} LIMIT ?", (*marks, floor, limit))]
    return Page(tuple(records(connection, kind, found)), total=total, cut=total > len(found))


def by_id(connection: sqlite3.Connection, kind: Kind[R], ident: str) -> R | None:
    """The record with this id, or with the id in capitals."""
    for each in dict.fromkeys((ident, ident.strip(), ident.strip().upper())):
        row = connection.execute("SELECT doc FROM record WHERE id = ?", (each,)).fetchone()
        if row is not None:
            return read(kind, row[0])
    return None


def records(connection: sqlite3.Connection, kind: Kind[R], found: Iterable[int]) -> list[R]:
    """The records with these numbers, in this order."""
    sql = "SELECT doc FROM place JOIN record USING (key) WHERE n = ?"
    return [read(kind, connection.execute(sql, (n,)).fetchone()[0]) for n in found]


def read(kind: Kind[R], doc: str) -> R:
    """The record in a JSON text that was checked when the index was built."""
    return cast("R", _read(kind, doc))


@lru_cache(maxsize=256)  # one case's questions find the same records again and again
def _read(kind: Kind[Any], doc: str) -> object:
    return kind.read(Fields(cast("dict[str, object]", json.loads(doc))))


def first_since(connection: sqlite3.Connection, since: datetime | None) -> int:
    """The number of the first record that is not older, to the second."""
    if since is None:
        return 0

    def second(n: int) -> int:
        return number(connection, f"SELECT key >> {LINE_BITS} FROM place WHERE n = ?", n)  # noqa: S608

    return 1 + bisect_left(range(1, last(connection) + 1), int(since.timestamp()), key=second)


def last(connection: sqlite3.Connection) -> int:
    """The number of the newest record, which is how many there are."""
    return number(connection, "SELECT coalesce(max(n), 0) FROM place")


def number(connection: sqlite3.Connection, sql: str, *values: object) -> int:
    """The one whole number that a query gives."""
    return cast("int", connection.execute(sql, values).fetchone()[0])
