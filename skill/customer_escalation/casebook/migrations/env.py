"""How Alembic reaches the casebook: over the connection, and in the transaction, of whoever asks for the migration."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
