"""What the databases behind SQLAlchemy do each in their own way, and how all are asked for what is named so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import URL, ColumnElement, Select, String, case, cast, column, func, literal, or_
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError, SQLAlchemyError

from escalation_connectors.errors import AccessDenied, BadAnswer, ConnectorError, Unavailable

READ_ONLY = dict.fromkeys(("postgresql", "mysql"), "SET TRANSACTION READ ONLY") | {"sqlite": "PRAGMA query_only = ON"}
CONNECT_S, STOP_S = 10, 5.0
WAITING = ("psycopg", "psycopg2", "pymysql", "mysqldb")  # these would else wait for minutes
REFUSED = {"28000", "28P01", "42501", "1044", "1045", "1142", "1143", "SQLITE_AUTH", "SQLITE_PERM"}
NO_SUCH_USER = re.compile(r'authentication failed|role ".*" does not exist|no (password supplied|pg_hba\.conf entry)')
NOT_ACCEPTED = {"SQLITE_ERROR", "SQLITE_READONLY"}


def narrowed(known: Select[tuple[str]], words: Sequence[str], whole: bool) -> Select[tuple[str]]:
    """Those called by one of the words, or with one of the words in it."""
    called = [cast(column(name), String()) for name in ("name", "domain", "id")]
    same = [each == word for word in words for each in called]
    same += [func.lower(each) == word.lower() for word in words for each in called]
    if whole:
        return known.where(or_(*same))
    has = [or_(*(func.lower(each).contains(word.lower(), autoescape=True) for each in called)) for word in words]
    share: ColumnElement[int] = sum((case((each, 1), else_=0) for each in has), literal(0))
    return known.where(or_(*has)).order_by(case((or_(*same), 0), else_=1), share.desc(), *called)


def connecting(url: URL) -> Mapping[str, int]:
    """Arguments for the driver, so that a host that is silent is given up; what the address says comes first."""
    known = url.get_driver_name() in WAITING and "connect_timeout" not in url.query
    return {"connect_timeout": CONNECT_S} if known else {}


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database that is one."""
    name = url.database or ""
    return Path(name) if url.get_backend_name() == "sqlite" and name and not name.startswith((":", "file:")) else None


def told(source: str, error: SQLAlchemyError, what: str) -> ConnectorError:
    """What an error means, in our words; `what` is what was read."""
    code = _code(error)
    if code in REFUSED or (not code and NO_SUCH_USER.search(str(error))):  # who cannot connect is told no code
        return AccessDenied(
            source, "the database refused the user, or a right is missing", advice="check the user and its rights"
        )
    if isinstance(error, ProgrammingError | DataError) or code in NOT_ACCEPTED:
        return BadAnswer(
            source, f"the database did not accept the statement for {what}", advice=f"mend {what} in the configuration"
        )
    return Unavailable(source, "the database cannot be read", advice="check that it runs, and the address in database")


def _code(error: SQLAlchemyError) -> str:
    """SQLSTATE, MySQL's number or SQLite's name of the error."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    named = [getattr(orig, name, None) for name in ("sqlstate", "pgcode", "sqlite_errorname")]
    numbers = [each for each in getattr(orig, "args", ()) if isinstance(each, int)]
    return next((str(each) for each in (*named, *numbers) if each), "")


def stop(driver: object) -> None:
    """End the statement of a driver's connection; nobody waits for it any more, but its thread would run on."""
    for name, options in (("interrupt", {}), ("cancel_safe", {"timeout": STOP_S}), ("cancel", {})):
        method = getattr(driver, name, None)
        if method is not None:
            method(**options)
            return


def plain(value: object) -> object:
    """A value of the database as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) else str(value)
