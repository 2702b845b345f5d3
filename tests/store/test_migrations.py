from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from antiphon.store import migrate
from antiphon.store.tables import Base


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return create_engine(f"sqlite:///{tmp_path}/migrated.db").connect()


def test_the_steps_lead_to_the_tables_of_the_program(connection: Connection) -> None:
    migrate.upgrade(connection)
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []


def test_the_steps_make_the_same_constraints_as_the_tables_declare(connection: Connection, tmp_path: Path) -> None:
    migrate.upgrade(connection)
    declared = create_engine(f"sqlite:///{tmp_path}/declared.db")
    Base.metadata.create_all(declared)
    for table in Base.metadata.tables:
        for aspect in ("get_pk_constraint", "get_foreign_keys", "get_unique_constraints", "get_indexes"):
            assert getattr(inspect(connection), aspect)(table) == getattr(inspect(declared), aspect)(table)


def test_a_database_at_the_latest_step_is_left_as_it_is(connection: Connection) -> None:
    migrate.upgrade(connection)
    before = inspect(connection).get_table_names()
    migrate.upgrade(connection)
    assert inspect(connection).get_table_names() == before
