"""One index per file of a workspace: an SQLite database in the cache folder, named after the file's stamp.

A changed file has another stamp and therefore another index, so a warm start only asks whether that name exists. An
index is built beside its place and moved there when complete: a crash or a second process never leaves a broken one.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Generic, TypeVar

from escalation_connectors.errors import InputError, Unavailable
from escalation_connectors.workspace.kinds import Kind

R = TypeVar("R")
V = TypeVar("V")
SCHEMA = 2
SMALL = 1_000_000  # bytes; a search in it takes less time than handing it to a thread and back
_MEMORY = itertools.count()


class Index(Generic[R]):
    """Answers from one file as it was when it was opened. Raises InputError where the file cannot be used."""

    def __init__(self, kind: Kind[R], source: Path, cache: Path, *, skip_invalid: bool) -> None:
        self.kind = kind
        self._source = source
        self._cache = cache
        self._skip_invalid = skip_invalid
        self._idle: list[sqlite3.Connection] = []
        self._mending = threading.Lock()
        self._uri = ""
        self._small = _size(source) <= SMALL
        self._open()

    def left_out(self) -> dict[str, int]:
        """How many lines were left out, by file."""
        if not self._skip_invalid:
            return {}
        rows: list[tuple[str, int]] = self._run(
            lambda connection: connection.execute("SELECT file, lines FROM left_out ORDER BY file").fetchall(), _Lease()
        )
        return dict(rows)

    async def run(self, work: Callable[[sqlite3.Connection], V]) -> V:
        """Runs the work, in a thread where the file is not small; a cancelled caller stops it at once.

        Raises Unavailable.
        """
        lease = _Lease()
        if self._small:
            return self._run(work, lease)
        try:
            return await asyncio.to_thread(self._run, work, lease)
        except asyncio.CancelledError:
            lease.interrupt()
            raise

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Closes the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _run(self, work: Callable[[sqlite3.Connection], V], lease: _Lease) -> V:
        try:
            return self._attempt(work, lease)
        except sqlite3.DatabaseError:
            if lease.cancelled:
                raise
        try:
            self._mend()
            return self._attempt(work, lease)
        except InputError as problem:
            raise Unavailable("workspace", f"changed since it was opened: {problem}") from None
        except (sqlite3.DatabaseError, OSError):
            raise Unavailable("workspace", f"the index of {self.kind.file} cannot be read") from None

    def _attempt(self, work: Callable[[sqlite3.Connection], V], lease: _Lease) -> V:
        connection = self._borrow()
        lease.take(connection)
        try:
            answer = work(connection)
        except BaseException:
            lease.release()
            connection.close()
            raise
        lease.release()
        self._idle.append(connection)
        return answer

    def _mend(self) -> None:
        with self._mending:
            self.close()
            with suppress(OSError):
                self._place().unlink(missing_ok=True)
            self._open()

    def _borrow(self) -> sqlite3.Connection:
        with suppress(IndexError):
            return self._idle.pop()
        return _connect(self._uri)

    def _place(self) -> Path:
        stem = f"{_folder_key(self._source.parent)}-{self._source.stem}-"
        return self._cache / f"{stem}{_stamp(self._source)}{'-part' if self._skip_invalid else ''}.db"

    def _open(self) -> None:
        from_here = self._place()
        whole = from_here.with_name(from_here.name.replace("-part.db", ".db"))
        for place in (whole, from_here):
            if _looks_whole(place):
                self._uri = _uri(place)
                return
        self._build(from_here)

    def _build(self, place: Path) -> None:
        from escalation_connectors.workspace import building

        try:
            building.build_file(self.kind, self._source, place, skip_invalid=self._skip_invalid)
            self._uri = _uri(place)
        except (OSError, sqlite3.OperationalError):
            self._uri = f"file:escalation-{os.getpid()}-{next(_MEMORY)}?mode=memory&cache=shared"
            anchor = _connect(self._uri)
            self._idle.append(anchor)
            building.build_memory(self.kind, self._source, anchor, skip_invalid=self._skip_invalid)


def _size(file: Path) -> int:
    """In bytes; of a folder that of its files, of what cannot be read 0."""
    try:
        inside = file.glob("*") if file.is_dir() else [file]
        return sum(each.stat().st_size for each in inside)
    except OSError:
        return 0


class _Lease:
    """The connection that one caller is using, if any; safe to interrupt from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self.cancelled = False

    def take(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._connection = connection
        connection.set_progress_handler(self._is_cancelled, 20_000)  # interrupt() misses what has not begun

    def release(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.set_progress_handler(None, 0)
            self._connection = None

    def _is_cancelled(self) -> bool:
        return self.cancelled

    def interrupt(self) -> None:
        with self._lock:
            self.cancelled = True
            if self._connection is not None:
                self._connection.interrupt()


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA cache_size = -16384")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _uri(place: Path) -> str:
    return f"{place.resolve().as_uri()}?mode=ro&immutable=1"


def _looks_whole(place: Path) -> bool:
    try:
        with place.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _folder_key(folder: Path) -> str:
    return blake2b(f"{SCHEMA}\n{os.fspath(folder)}".encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _stamp(source: Path) -> str:
    """Changes when the file (or one of the folder's articles) does. Raises InputError."""
    digest = blake2b(digest_size=8)
    try:
        info = source.stat()
        if stat.S_ISDIR(info.st_mode):
            if source.name != "articles":
                raise InputError(f"{source.name}: not a file")
            from escalation_connectors.workspace.lines import article_paths

            paths = article_paths(source)
        else:
            if source.name == "articles":
                raise InputError("articles: not a folder")
            paths = [source]
        for path in paths:
            info = path.stat()
            if not stat.S_ISREG(info.st_mode):
                raise InputError(f"{path.relative_to(source.parent)}: not a file")
            digest.update(f"{path.name}\n{info.st_size} {info.st_mtime_ns} {info.st_ino}\n".encode("utf-8", "replace"))
    except OSError as problem:
        raise InputError(f"{source.name}: cannot be read ({problem.strerror})") from None
    return digest.hexdigest()
