"""Alembic's entry: runs the steps on the connection that `antiphon.store.migrate` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from antiphon.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
