"""The steps from one format of the casebook to the next (Alembic)."""
