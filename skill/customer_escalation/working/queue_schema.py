"""Procrastinate's tables in the casebook's database: made, and brought up to date, by whichever worker starts first."""

from __future__ import annotations

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from customer_escalation.casebook.errors import CasebookError

LOCK = 0x45534351  # "ESCQ"
MARK = "customer-escalation made this: "


def plain(url: str) -> str:
    """The address as PostgreSQL's own library reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def bring_up_to_date(url: str) -> None:
    """Make the tables, or change them as a newer procrastinate needs it; one worker at a time. Raises CasebookError.

    The comment of a table says up to which migration they are. Tables that somebody else made are left to them.
    """
    try:
        with psycopg.connect(url) as db:
            db.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            found = db.execute(
                "SELECT to_regclass('procrastinate_jobs'), obj_description(to_regclass('procrastinate_jobs'))"
            ).fetchone()
            table, comment = found or (None, None)
            if table is None:
                db.execute(SchemaManager.get_schema().encode())
            elif comment is None or not comment.startswith(MARK) or not _missing(comment.removeprefix(MARK)):
                return
            else:
                for step in _missing(comment.removeprefix(MARK)):
                    db.execute(step.read_bytes())
            db.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{MARK}{_steps()[-1].stem}'".encode())
    except psycopg.Error as error:
        raise CasebookError(
            f"the queue's database cannot be used ({type(error).__name__}); check its address and the rights"
        ) from None


def _steps() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _missing(last: str) -> list[Path]:
    """The migrations after this one. Raises CasebookError where this program does not know it yet."""
    steps = _steps()
    if last > steps[-1].stem:
        raise CasebookError("the queue was made by a newer version of procrastinate; upgrade it here too")
    return [step for step in steps if step.stem > last]
