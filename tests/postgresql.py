"""A PostgreSQL of our own: on a Unix socket in a folder of its own, with a fresh database whenever one is asked for.

`python -m tests.postgresql` installs it where it is missing, as the tests with real servers do.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from customer_escalation.casebook.database import HEAD, Database
from tests.real.servers import PROGRAMS_OF_POSTGRESQL, install_postgresql

USER = "postgres"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # a test's data need not outlive the machine
TEMPLATE = "casebook"


class Server:
    """A running server; each of its databases has a name of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._has_template = False
        self._clean: list[str] = []

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, *, empty: bool = False) -> Generator[str]:
        """The URL of a database: a casebook without cases, or nothing at all where it shall be `empty`."""
        name = "" if empty or not self._clean else self._clean.pop()
        if not name:
            name = f"test_{next(self._numbers)}"
            self._do(f"CREATE DATABASE {name} TEMPLATE {'template1' if empty else self._template()}")
        try:
            yield self.url(name)
        finally:
            self._leave(name)

    def fresh(self, name: str) -> str:
        """The URL of a new casebook without cases, which stays until the server ends."""
        self._do(f"CREATE DATABASE {name} TEMPLATE {self._template()}")
        return self.url(name)

    def copy(self, name: str, into: str) -> None:
        """Make `into` what the database of this name is; whoever has either open loses it."""
        self._do(f"DROP DATABASE IF EXISTS {into} WITH (FORCE)")
        self._do(f"CREATE DATABASE {into} TEMPLATE {name}")

    def _leave(self, name: str) -> None:
        """Keep it for the next test where it can be made clean, since a new one costs ten times that."""
        try:
            with psycopg.connect(self.url(name), options="-c lock_timeout=1s") as db:
                db.execute("TRUNCATE cases RESTART IDENTITY CASCADE")
                seen = db.execute(
                    "SELECT version_num, to_regclass('procrastinate_jobs') FROM alembic_version"
                ).fetchall()
                as_new = seen == [(HEAD, None)]
        except psycopg.Error:
            as_new = False
        if as_new:
            self._clean.append(name)
        else:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self) -> str:
        """A casebook without cases, made once: a copy of it costs less than its migrations."""
        if not self._has_template:
            self._do(f"CREATE DATABASE {TEMPLATE}")
            Database(self.url(TEMPLATE)).close()
            self._has_template = True
        return TEMPLATE

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(statement.encode())


def why_not() -> str:
    """Why none can be started here; nothing where it can."""
    if not (PROGRAMS_OF_POSTGRESQL / "initdb").exists():
        return f"no PostgreSQL 15 in {PROGRAMS_OF_POSTGRESQL}"
    if os.geteuid() == 0 and not _account():
        return "PostgreSQL does not run as root, and there is no user 'postgres'"
    return ""


@contextmanager
def running(*settings: str) -> Generator[Server]:
    """A server until the end of the block; `settings` are its parameters ("fsync=off")."""
    folder = Path(tempfile.mkdtemp(prefix="casebook-"))  # a socket's path must be short
    account = _account() if os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account)
    initdb = ("initdb", "-D", "data", "-A", "trust", "-U", USER, "-E", "UTF8", "-N", "--locale=C.UTF-8")
    asked = ("listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200", *settings)
    options = " ".join(f"-c {setting}" for setting in asked)
    try:
        _run(folder, account, *initdb)
        _run(folder, account, "pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            _run(folder, account, "pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, account: str | None, program: str, *arguments: str) -> None:
    command = [str(PROGRAMS_OF_POSTGRESQL / program), *arguments]
    subprocess.run(command, check=True, user=account, cwd=folder, timeout=60, stdout=subprocess.DEVNULL)


def _account() -> str:
    return next((each.pw_name for each in pwd.getpwall() if each.pw_name == "postgres"), "")


def must_be_here() -> None:
    """Skip the test where none can be started; under CI_STRICT=1 that is a failure."""
    reason = why_not()
    if reason and os.environ.get("CI_STRICT") == "1":
        pytest.fail(f"CI_STRICT: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)


@contextmanager
def for_tests() -> Generator[Server]:
    """A server for a session of tests, where one can be started."""
    must_be_here()
    with running(*FAST) as server:
        yield server


if __name__ == "__main__":
    install_postgresql(Path(tempfile.mkdtemp(prefix="postgresql-")))
    sys.exit(why_not() or None)
