from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade as alembic_upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.store import migrate
from antiphon.store.database import Database
from antiphon.store.errors import DatabaseTooNew
from antiphon.store.labels import label_digest
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


def test_groups_that_were_there_by_having_accounts_stay(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate.command, "upgrade", partial(_upgrade_to, "0003"))
    monkeypatch.setattr(migrate, "_note_needed", lambda *_: None)
    migrate.upgrade(connection)
    monkeypatch.undo()
    for name, location, subscription, group in [
        ("b", "eastus2", "Sub-1", "RG"),
        ("a", "local", "sub-1", "Rg"),
        ("c", "eastus2", "sub-2", "rg"),
    ]:
        values = {"name": name, "location": location, "subscription": subscription, "group": group}
        connection.execute(text(_ACCOUNT), values)
    migrate.upgrade(connection)
    groups = "SELECT folded_subscription, folded_name, name, location, tags FROM resource_groups ORDER BY 1"
    assert [tuple(row) for row in connection.execute(text(groups))] == [
        ("sub-1", "rg", "Rg", "local", "{}"),
        ("sub-2", "rg", "rg", "eastus2", "{}"),
    ]


def test_the_labels_of_records_that_were_there_can_be_found_by(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate.command, "upgrade", partial(_upgrade_to, "0006"))
    monkeypatch.setattr(migrate, "_note_needed", lambda *_: None)
    migrate.upgrade(connection)
    monkeypatch.undo()
    connection.exec_driver_sql(
        "INSERT INTO accounts VALUES ('a', 'a', 'a', 'OpenAI', 'x', '2026-01-01 12:00:00.000000', 's', 'g', '{}', 0)"
    )
    for record_id, labels in (("one", '{"a": "b", "c": "d"}'), ("two", "{}")):
        connection.exec_driver_sql(
            "INSERT INTO records (id, account_id, deployment, model, principal, operation, is_stored, labels, audio, "
            "prompt_tokens, completion_tokens, created_at, expires_at) VALUES (?, 'a', 'd', 'm', 'key1', "
            "'chatCompletion', 1, ?, '[]', 0, 0, '2026-01-01 12:00:00.000000', '2026-02-01 12:00:00.000000')",
            (record_id, labels),
        )
    migrate.upgrade(connection)
    assert {tuple(row) for row in connection.execute(text("SELECT record_id, digest FROM record_labels"))} == {
        ("one", label_digest("a", "b")),
        ("one", label_digest("c", "d")),
    }


def _upgrade_to(revision: str, config: Config, _: str) -> None:
    alembic_upgrade(config, revision)


def test_a_database_at_the_latest_step_is_left_as_it_is(connection: Connection) -> None:
    migrate.upgrade(connection)
    before = inspect(connection).get_table_names()
    migrate.upgrade(connection)
    assert inspect(connection).get_table_names() == before


def test_todays_models_are_deployed_once_beside_what_is_there(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate.command, "upgrade", partial(_upgrade_to, "0004"))
    monkeypatch.setattr(migrate, "_note_needed", lambda *_: None)
    migrate.upgrade(connection)
    monkeypatch.undo()
    for name in ("local", "other"):
        values = {"name": name, "location": "local", "subscription": "s", "group": "g"}
        connection.execute(text(_ACCOUNT), values)
    connection.execute(text(_DEPLOYMENT), {"name": "gpt-realtime", "model": "gpt-4o-realtime-preview"})
    migrate.upgrade(connection)
    connection.execute(text("DELETE FROM deployments WHERE name = 'gpt-audio'"))
    migrate.upgrade(connection)
    deployments = connection.execute(text("SELECT account_id, name, model_name, profile FROM deployments ORDER BY 2"))
    assert [tuple(row) for row in deployments] == [
        ("local", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe", "mini"),
        ("local", "gpt-4o-mini-tts", "gpt-4o-mini-tts", "mini"),
        ("local", "gpt-4o-transcribe", "gpt-4o-transcribe", "default"),
        ("local", "gpt-audio-mini", "gpt-audio-mini", "mini"),
        ("local", "gpt-realtime", "gpt-4o-realtime-preview", "default"),
        ("local", "gpt-realtime-mini", "gpt-realtime-mini", "mini"),
        ("local", "tts", "tts", "default"),
        ("local", "whisper", "whisper", "default"),
    ]


_ACCOUNT = (
    "INSERT INTO accounts (id, name, folded_name, kind, location, created_at, subscription_id, resource_group, tags, "
    "disable_local_auth) VALUES (:name, :name, :name, 'OpenAI', :location, '2026-01-01 12:00:00.000000', "
    ":subscription, :group, '{}', 0)"
)
_DEPLOYMENT = (
    "INSERT INTO deployments (account_id, folded_name, name, model_name, model_version, profile, sku_name, capacity, "
    "created_at, version_upgrade_option, rai_policy_name, tags) VALUES ('local', :name, :name, :model, '2024-12-17', "
    "'default', 'Standard', 1, '2026-01-01 12:00:00.000000', 'NoAutoUpgrade', 'p', '{}')"
)


@pytest.mark.anyio
async def test_the_steps_lead_there_on_every_database(empty_database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, Base.metadata)

    async with await Database.open(empty_database_url) as database, database._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def upgrade_as_a_newer_version(url: str, *statements: str) -> None:
    async with await Database.open(url) as database, database._engine.begin() as connection:
        for statement in ("UPDATE alembic_version SET version_num = '9999'", *statements):
            await connection.exec_driver_sql(statement)


@pytest.mark.anyio
async def test_a_version_works_on_what_a_newer_one_has_only_added_to(empty_database_url: str) -> None:
    async with await Database.open(empty_database_url) as database:
        account = await ensure_local_account(database)
        await upgrade_as_a_newer_version(
            empty_database_url,
            "ALTER TABLE accounts ADD COLUMN mood VARCHAR",
            "ALTER TABLE accounts ADD COLUMN size INTEGER NOT NULL DEFAULT 1",
            "CREATE TABLE moods (name VARCHAR PRIMARY KEY)",
        )
        assert (await Accounts(database).update(account.id, tags={"a": "b"})).tags == {"a": "b"}  # It was running.
    async with await Database.open(empty_database_url) as database:  # It starts again.
        await Accounts(database).put("another", AccountPlan(location="eastus2"))
        assert len(await Accounts(database).list()) == 2


@pytest.mark.anyio
async def test_a_version_refuses_what_a_newer_one_has_changed(empty_database_url: str) -> None:
    await upgrade_as_a_newer_version(empty_database_url, "UPDATE compatibility SET needs = '9998'")
    with pytest.raises(DatabaseTooNew, match=r"was written by a newer version of Antiphon .*'9999'"):
        await Database.open(empty_database_url)
