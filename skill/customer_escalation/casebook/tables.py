"""The tables of the casebook. Events are what is true; status, severity and clocks are kept beside them, to search."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, as text that sorts as the times do, on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As it is kept."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """As it was given."""
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData()
CASES = Table(
    "cases",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("revision", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("team", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="kept"),
    Column("severity", Text, nullable=False, server_default=""),
    Column("watch_at", Moment),  # when its sources are read again; none before a worker has seen the case
    Column("events", Integer, nullable=False, server_default="0"),
    Column("head", Text, nullable=False, server_default=""),
    Index("cases_by_team", "team", "status"),
    sqlite_autoincrement=True,
)
_OF_CASE = "cases.number"
EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("case_number", Integer, ForeignKey(_OF_CASE, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("row", Text, nullable=False),
    Index("evidence_by_id", "id"),
)
EVENTS = Table(
    "events",
    METADATA,
    Column("case_number", Integer, ForeignKey(_OF_CASE), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
CLOCKS = Table(
    "clocks",
    METADATA,
    Column("case_number", Integer, ForeignKey(_OF_CASE), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Column("customer", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("lead_at", Moment),
    Column("remind_at", Moment, index=True),  # where its reminder goes out before it falls due
)
# One row per reminder that was ever due: its key says which, so that none is sent twice.
REMINDERS = Table(
    "reminders",
    METADATA,
    Column("case_number", Integer, ForeignKey(_OF_CASE), primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("due_at", Moment, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("claimed_by", Text, nullable=False, server_default=""),
    Column("claimed_until", Moment),
    Column("sent_at", Moment),
    Index("reminders_by_state", "state", "claimed_until"),
)
PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("case_number", Integer, ForeignKey(_OF_CASE), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("approved_by", Text, nullable=False, server_default=""),
    Column("approved_at", Moment),
    Column("claimed_by", Text, nullable=False, server_default=""),
    Column("claimed_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("receipt", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Index("proposals_by_state", "state", "claimed_until"),
)
