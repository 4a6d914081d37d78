"""Goes on from a copy: it takes the place of the present casebook, which is kept aside with all that belongs to it.

Write-ahead files that a killed process left beside the old file belong to that one alone: read with the copy they would
damage it, so they go aside, too. https://www.sqlite.org/wal.html, https://www.sqlite.org/lockingv3.html
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from msgspec import Struct

from customer_escalation.casebook.backup import CHECK
from customer_escalation.casebook.database import Database
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.casebook.store import Casebook

SHARED, WHOLE_RANGE = 0x40000002, 510  # the bytes of the file that every open connection holds a lock on
ASIDE = ("", "-wal")
EVERY = 1_000_000_000


class Restored(Struct, frozen=True):
    """How many cases the copy holds, whose trail was changed, and where the casebook of before is now, if any was."""

    cases: int
    broken: tuple[str, ...]
    aside: Path | None


def restore(copy: Path, home: Path, now: datetime) -> Restored:
    """Make `home` what the copy is. Raises CasebookError, and then nothing was changed.

    A copy of an earlier version is brought up to date; the file that was named stays as it is.
    """
    if home.exists() and home.samefile(copy):
        raise CasebookError(f"{copy}: is the casebook itself; name a copy of it")
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = home.with_name(f".{home.name}.{os.getpid()}.partial")
    try:
        _read(copy, partial)
        cases, broken = _checked(partial, copy)
        with _nobody_else(home):
            aside = _put_aside(home, now)
            partial.replace(home)
    except OSError as error:
        raise CasebookError(f"{home}: cannot be replaced ({error.strerror}); end what has it open") from None
    finally:
        for file in (partial, *_beside(partial)):
            file.unlink(missing_ok=True)
    return Restored(cases, broken, aside)


def _read(copy: Path, partial: Path) -> None:
    """The copy with what is in its own write-ahead file. Raises CasebookError where it is no whole database."""
    os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as source:
            said = source.execute(CHECK).fetchone()[0]
            with closing(sqlite3.connect(partial)) as target:
                source.backup(target)
    except sqlite3.Error:
        raise CasebookError(f"{copy}: is damaged, or no casebook") from None
    if said != "ok":
        raise CasebookError(f"{copy}: is damaged ({' '.join(str(said).split())[:100]})")


def _checked(partial: Path, copy: Path) -> tuple[int, tuple[str, ...]]:
    """Opened as a casebook once, which brings it up to date. Raises CasebookError."""
    with closing(sqlite3.connect(partial)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'cases'").fetchone():
            raise CasebookError(f"{copy}: holds no casebook")
    try:
        casebook = Casebook(None, database=Database(partial))
    except CasebookError as error:
        raise CasebookError(str(error).replace(str(partial), str(copy))) from None
    try:
        ids = casebook.ids(limit=EVERY)
        return len(ids), tuple(filter(None, map(casebook.broken, ids)))
    finally:
        casebook.close()


@contextmanager
def _nobody_else(home: Path) -> Generator[None]:
    """Nobody has the casebook open, nor opens it meanwhile. Raises CasebookError where somebody has."""
    try:
        import fcntl
    except ImportError:  # Windows: a file that is open cannot be moved there
        yield
        return
    if not home.exists():
        yield
        return
    with home.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, WHOLE_RANGE, SHARED)
        except OSError:
            raise CasebookError(f"{home}: another program has it open; end `work` and `serve` first") from None
        yield


def _put_aside(home: Path, now: datetime) -> Path | None:
    """The present casebook under another name, its write-ahead file with it."""
    if not home.exists():
        for file in _beside(home):
            file.unlink(missing_ok=True)
        return None
    times = chain(("",), (f"-{number}" for number in count(2)))
    names = (f"{home.stem}-until-{now:%Y%m%dT%H%M%SZ}{again}{home.suffix}" for again in times)
    aside = next(file for file in map(home.with_name, names) if not file.exists())
    for end in ASIDE:
        if (file := Path(f"{home}{end}")).exists():
            file.replace(f"{aside}{end}")
    Path(f"{home}-shm").unlink(missing_ok=True)
    return aside


def _beside(file: Path) -> tuple[Path, ...]:
    return tuple(Path(f"{file}{end}") for end in ("-wal", "-shm", "-journal"))
