"""Cases are found by the records that they read."""

from __future__ import annotations

from alembic import op

revision, down_revision = "r0003", "r0002"


def upgrade() -> None:
    """Index the evidence by its id."""
    op.create_index("evidence_by_id", "evidence", ["id"])
