"""A clock may have its reminder before it falls due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r0004", "r0003"


def upgrade() -> None:
    """Add the time; a clock without one is reminded of when it falls due."""
    op.add_column("clocks", sa.Column("remind_at", sa.String(32)))
    op.create_index("ix_clocks_remind_at", "clocks", ["remind_at"])
