"""Cases and their evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r0001", None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "cases",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("opened_at", "workspace", "issue", "customer", "result")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("case_number", sa.Integer, sa.ForeignKey("cases.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
    )
