"""Opens the casebook's database and brings it up to date: a SQLite file (WAL, its owner's alone), or PostgreSQL.

Nothing else opens it. Transactions are short and synchronous; the server runs them on a thread of their own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from threading import RLock
from time import monotonic, sleep

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from customer_escalation.brief import Result
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.recent import Recent

HEAD = "r0004"
APPLICATION_ID = 0x45534342  # "ESCB"
FORMAT = 2  # in a SQLite file's user_version, which the first version of this program refuses by
BUSY_TIMEOUT_S = 10.0
MOST_ROWS = 64_000  # of evidence, kept in memory; about 1.6 kB each
Revision = tuple[int, int]  # the number of a case, and which revision of it: what follows from both never changes
AGAIN_S = 0.02
HELD = "cannot be used: another program holds it; try again"
FOREIGN = "is a database of another program; move it away"


class Database:
    """One open database. `where` names it in messages, without a password; `recent` is what was read of it lately:
    whole cases, their `own` rows alone, their `tickets`.
    """

    def __init__(self, where: Path | str | None) -> None:
        self.where = _named(where)
        self.recent = Recent[Revision, Result](MOST_ROWS, _rows)
        self.own = Recent[Revision, Result](MOST_ROWS, _rows)
        self.tickets = Recent[Revision, frozenset[str]](MOST_ROWS, len)
        self._closed = False
        self._one: ContextVar[Connection | None] = ContextVar("transaction", default=None)
        # In memory there is one connection, which one thread uses at a time.
        self._turn: AbstractContextManager[object] = RLock() if where is None else nullcontext()
        with self.told():
            self.engine = _engine(where)
        try:
            with self.told():
                _bring_up_to_date(self.engine, self.where)
        except BaseException:
            self.engine.dispose()
            raise

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file of one machine."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close its connections."""
        self._closed = True
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that only reads. Raises CasebookError."""
        if (joined := self._one.get()) is not None:
            yield joined
            return
        with self._turn, self.told(), self.engine.connect() as db:
            yield db

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that is kept when the block ends well. Raises CasebookError."""
        if (joined := self._one.get()) is not None:
            yield joined
            return
        connect = self.engine.connect
        with self._turn, self.told(), connect().execution_options(writes=True) as db, db.begin():
            yield db

    @contextmanager
    def together(self) -> Generator[None]:
        """Everything that this block reads and writes is one transaction; nothing may be awaited in it."""
        with self.writing() as db:
            mark = self._one.set(db)
            try:
                yield
            finally:
                self._one.reset(mark)

    @contextmanager
    def told(self) -> Generator[None]:
        """Failures of the database in our own words."""
        if self._closed:
            raise CasebookError(f"{self.where}: the casebook was closed")
        try:
            yield
        except (DBAPIError, OSError) as error:
            raise CasebookError(f"{self.where}: {_advice(error)}") from None
        except (NoSuchModuleError, ArgumentError, ModuleNotFoundError):
            raise CasebookError(
                f"{self.where}: not a database this program can open (postgresql://... needs the extra 'postgresql')"
            ) from None
        except SQLAlchemyError as error:
            raise CasebookError(f"{self.where}: the casebook failed ({type(error).__name__})") from None


def _rows(result: Result) -> int:
    return len(result.evidence)


def _named(where: Path | str | None) -> str:
    if not isinstance(where, str):
        return str(where or ":memory:")
    try:
        return make_url(where).render_as_string(hide_password=True)
    except ArgumentError:
        return "the casebook's URL"


def _engine(where: Path | str | None) -> Engine:
    if isinstance(where, str):
        url = make_url(where)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if where is None:
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_private(where)
        engine = create_engine(
            f"sqlite:///{where}", connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
        )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _: object) -> None:
    """The driver begins no transaction by itself: `_on_begin` does, and takes the writer's lock at once."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine, where: str) -> None:
    """Migrate an older casebook, make a new one, refuse a newer or foreign one, which stays as it is."""
    with engine.connect() as db:
        found = _version(db, where)
    if engine.dialect.name == "sqlite":
        _let_readers_and_a_writer_in(engine, where)
    if found == HEAD:
        return
    from customer_escalation.casebook.migrating import migrate

    with engine.connect().execution_options(writes=True) as db, db.begin():
        _lock(db)
        if (found := _version(db, where)) == HEAD:  # somebody else was first
            return
        migrate(db, found)
        if engine.dialect.name == "sqlite":
            db.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            db.execute(text(f"PRAGMA user_version = {FORMAT}"))


def _let_readers_and_a_writer_in(engine: Engine, where: str) -> None:
    """The WAL mode, which the file keeps. No transaction can set it, and SQLite waits for nobody to do so: we do."""
    until = monotonic() + BUSY_TIMEOUT_S
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if monotonic() > until:
                    raise CasebookError(f"{where}: {HELD}") from None
                sleep(AGAIN_S)


def _lock(db: Connection) -> None:
    """On PostgreSQL one process migrates at a time; a SQLite transaction that writes is alone anyway."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPLICATION_ID})


def _version(db: Connection, where: str) -> str:
    """The revision of what is there: empty for nothing yet. Raises CasebookError for what is not ours or is newer."""
    tables = set(inspect(db).get_table_names())
    kept = int(db.execute(text("PRAGMA user_version")).scalar() or 0) if db.dialect.name == "sqlite" else 0
    if kept > FORMAT:
        raise _newer(where, str(kept), str(FORMAT))
    if "alembic_version" in tables:
        found = str(db.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
        if found > HEAD:
            raise _newer(where, found, HEAD)
        return found
    if db.dialect.name == "sqlite" and kept == 0 and tables:
        raise CasebookError(f"{where}: {FOREIGN}")
    return "r0001" if kept == 1 else ""


def _newer(where: str, found: str, known: str) -> CasebookError:
    what = f"casebook format {found} is newer than this program reads ({known})"
    return CasebookError(f"{where}: {what}; upgrade customer-escalation")


def _advice(error: DBAPIError | OSError) -> str:
    """What to do about it."""
    if isinstance(error, OSError):
        return f"cannot be opened: {error.strerror}"
    said, kind = str(error.orig).lower(), type(error.orig).__name__
    if "locked" in said or "busy" in said:
        return HELD
    if "malformed" in said or "not a database" in said:
        return "is damaged or no SQLite file; move it away to begin a new one"
    if kind == "OperationalError" and "password" in said:
        return "cannot be used: the database refuses this user or password"
    if kind == "OperationalError":
        return "cannot be used: check that it can be reached, its rights and the free space"
    return f"cannot be used ({kind})"


def _make_private(path: Path) -> None:
    """The folder and the file exist and only their owner may read them (SQLite gives its side files the same mode)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
