"""Migrates a database to the tables of this version of the program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from antiphon.store.errors import DatabaseTooNew


def upgrade(connection: Connection) -> None:
    """Apply the missing migrations, all or none: the caller's transaction must hold the write lock, and commits.

    Raises `DatabaseTooNew`. Alembic has one context for the whole process, so databases are upgraded one at a time.
    """
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    steps = {step.revision for step in scripts.walk_revisions()}
    taken = MigrationContext.configure(connection).get_current_heads()
    if unknown := [revision for revision in taken if revision not in steps]:
        raise DatabaseTooNew(
            f"The database {connection.engine.url.database} was written by a newer version of Antiphon (its tables "
            f"are at step {unknown[0]!r}, which this version does not know). Install that version, or use another "
            "data folder."
        )
    if set(taken) != set(scripts.get_heads()):  # Alembic reads all steps again, even to take none.
        command.upgrade(config, "head")
