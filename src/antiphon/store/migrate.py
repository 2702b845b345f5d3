"""Migrates a database to the tables of this version of the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, select

from antiphon.store.errors import DatabaseTooNew
from antiphon.store.tables import CompatibilityRow


def is_current(connection: Connection) -> bool:
    """Whether no migration is missing, and none is unknown."""
    heads = ScriptDirectory.from_config(_config(connection)).get_heads()
    return set(_taken(connection)) == set(heads)


def upgrade(connection: Connection, *, where: str = "") -> None:
    """Apply the missing migrations, all or none: the caller's transaction must be alone, and commits. `where` describes
    the database to the operator.

    A database that a newer version has only added to is left as it is, so that both versions can work on it during an
    upgrade. Raises `DatabaseTooNew` if it has done more. Alembic has one context for the whole process, so databases
    are upgraded one at a time.
    """
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    steps = {step.revision: step for step in scripts.walk_revisions()}
    taken = _taken(connection)
    if unknown := [revision for revision in taken if revision not in steps]:
        if _needed(connection) not in steps:
            raise DatabaseTooNew(
                f"{where or 'The database'} was written by a newer version of Antiphon (its tables are at step "
                f"{unknown[0]!r}, which this version does not know). Install that version, or use another database or "
                "data folder."
            )
        return
    if set(taken) != set(scripts.get_heads()):  # Alembic reads all steps again, even to take none.
        command.upgrade(config, "head")
        _note_needed(connection, scripts)


def _taken(connection: Connection) -> Sequence[str]:
    return MigrationContext.configure(connection).get_current_heads()


def _needed(connection: Connection) -> str | None:
    if not inspect(connection).has_table(CompatibilityRow.__tablename__):
        return None
    return connection.scalar(select(CompatibilityRow.needs))


def _note_needed(connection: Connection, scripts: ScriptDirectory) -> None:
    """Note the last step that programs must know. It says `is_additive = False`, as all did at first."""
    needs = next(step.revision for step in scripts.walk_revisions() if not getattr(step.module, "is_additive", False))
    connection.execute(delete(CompatibilityRow))
    connection.execute(insert(CompatibilityRow).values(needs=needs))


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
