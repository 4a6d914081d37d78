"""Brings a casebook to the format of this program, with Alembic; loaded only where there is something to do."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect

from customer_escalation.casebook.database import HEAD

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(db: Connection, found: str) -> None:
    """Run the steps from revision `found` (empty: nothing yet) to the newest, within the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = db
    if found and "alembic_version" not in inspect(db).get_table_names():
        command.stamp(config, found)
    command.upgrade(config, HEAD)
