"""Follow-through: events, clocks, reminders, proposals; what was kept before stays, and nobody follows it up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r0002", "r0001"
CASE = "cases.number"


def upgrade() -> None:
    """Add the columns and tables."""
    for name, default in (("team", ""), ("title", ""), ("status", "kept"), ("severity", ""), ("head", "")):
        op.add_column("cases", sa.Column(name, sa.Text, nullable=False, server_default=default))
    op.add_column("cases", sa.Column("events", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("watch_at", sa.String(32)))
    op.create_index("cases_by_team", "cases", ["team", "status"])
    _events()
    _clocks()
    _reminders()
    _proposals()


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("case_number", sa.Integer, sa.ForeignKey(CASE), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "kind", "why", "data")),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("case_number", sa.Integer, sa.ForeignKey(CASE), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False, index=True),
        sa.Column("since", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("customer", "why")),
        sa.Column("lead_at", sa.String(32)),
    )


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("case_number", sa.Integer, sa.ForeignKey(CASE), primary_key=True),
        sa.Column("clock", sa.Text, primary_key=True),
        sa.Column("due_at", sa.String(32), primary_key=True),
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claimed_by", sa.Text, nullable=False, server_default=""),
        sa.Column("claimed_until", sa.String(32)),
        sa.Column("sent_at", sa.String(32)),
    )
    op.create_index("reminders_by_state", "reminders", ["state", "claimed_until"])


def _proposals() -> None:
    texts = ("kind", "title", "destination", "payload")
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_number", sa.Integer, sa.ForeignKey(CASE), nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False, server_default=""),
        sa.Column("approved_at", sa.String(32)),
        sa.Column("claimed_by", sa.Text, nullable=False, server_default=""),
        sa.Column("claimed_until", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("receipt", sa.Text, nullable=False, server_default=""),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("proposals_by_state", "proposals", ["state", "claimed_until"])
