"""A copy of a casebook's file, made while others read and write it; `restoring.py` goes on from it.

https://www.sqlite.org/lang_vacuum.html#vacuuminto: the copy is the casebook as it stood when the copying began.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from customer_escalation.casebook.database import Database
from customer_escalation.casebook.errors import CasebookError

CHECK = "PRAGMA integrity_check"


def copy_to(database: Database, file: Path) -> int:
    """Copy into a new file of its owner's alone and give its size in bytes. Raises CasebookError.

    The file gets its name when the copy is whole and was checked, so that no half of one is ever taken for a backup.
    """
    if not database.is_sqlite:
        raise CasebookError(f"{database.where}: is copied with pg_dump (and restored with pg_restore)")
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        _claim(file)
    except OSError as error:
        what = "is there already; name a new file" if isinstance(error, FileExistsError) else error.strerror
        raise CasebookError(f"{file}: {what}") from None
    try:
        _claim(partial)
        _write(database, partial)
        partial.replace(file)
        _sync(file.parent)
        return file.stat().st_size
    except BaseException as error:
        file.unlink()
        partial.unlink(missing_ok=True)
        if isinstance(error, (sqlite3.Error, OSError)):
            raise CasebookError(f"{file}: the copy failed ({error}); check the free space") from None
        raise


def _claim(file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _write(database: Database, partial: Path) -> None:
    """The driver's own connection: a copy is made outside of any transaction."""
    with closing(database.engine.raw_connection()) as db, closing(db.cursor()) as cursor:
        cursor.execute("VACUUM INTO ?", (str(partial),))
    with closing(sqlite3.connect(partial)) as copy:
        said = copy.execute(CHECK).fetchone()[0]
    if said != "ok":
        raise sqlite3.DatabaseError(f"not whole: {said}")
    _sync(partial)


def _sync(path: Path) -> None:
    """What was written is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
