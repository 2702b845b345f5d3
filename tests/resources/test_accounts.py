from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select

from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import LOCAL_DEPLOYMENTS, Account, ensure_local_account, get_account
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import AccountNotFound
from antiphon.store.database import Database
from antiphon.store.tables import AccountKeyRow, AccountRow, DeploymentRow

pytestmark = pytest.mark.anyio


async def test_a_new_data_folder_gets_an_account_with_two_different_keys(database: Database) -> None:
    account = await ensure_local_account(database)
    pair = await AccountKeys(database).pair(account.id)
    assert (account.name, account.kind) == ("local", "OpenAI")
    assert pair is not None
    assert pair.key1 != pair.key2


async def test_the_account_is_dated_by_the_clock_it_is_given(database: Database) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert (await ensure_local_account(database, clock=lambda: now)).created_at == now


async def test_its_deployments_are_named_after_their_models(database: Database, local: Account) -> None:
    deployments = await Deployments(database).list(local.id)
    assert [(deployment.name, deployment.model.id) for deployment in deployments] == [
        ("gpt-4o-audio-preview", "gpt-4o-audio-preview-2024-12-17"),
        ("gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15"),
        ("gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15"),
        ("gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-12-17"),
        ("gpt-4o-transcribe", "gpt-4o-transcribe-2025-03-20"),
        ("gpt-audio", "gpt-audio-2025-08-28"),
        ("gpt-audio-mini", "gpt-audio-mini-2025-12-15"),
        ("gpt-realtime", "gpt-realtime-2025-08-28"),
        ("gpt-realtime-mini", "gpt-realtime-mini-2025-12-15"),
        ("tts", "tts-001"),
        ("whisper", "whisper-001"),
    ]


async def test_the_minis_have_a_profile_of_their_own(database: Database, local: Account) -> None:
    deployments = await Deployments(database).list(local.id)
    assert {each.name for each in deployments if each.profile == "mini"} == {
        "gpt-4o-mini-transcribe",
        "gpt-4o-mini-tts",
        "gpt-audio-mini",
        "gpt-realtime-mini",
    }


async def test_an_account_that_exists_is_left_as_it_is(database: Database, local: Account) -> None:
    async with database.begin() as session:
        await session.execute(delete(DeploymentRow).where(DeploymentRow.name == "gpt-4o-realtime-preview"))
    before = await AccountKeys(database).pair(local.id)
    assert await ensure_local_account(database) == local
    assert await AccountKeys(database).pair(local.id) == before
    assert len(await Deployments(database).list(local.id)) == len(LOCAL_DEPLOYMENTS) - 1


async def test_an_account_is_found_whatever_the_case_of_its_name(database: Database, local: Account) -> None:
    assert await get_account(database, "LoCaL") == local


async def test_an_account_that_does_not_exist_is_reported_by_name(database: Database, local: Account) -> None:
    with pytest.raises(AccountNotFound, match="'elsewhere'"):
        await get_account(database, "elsewhere")


STARTER = """
import asyncio, sys
from antiphon.resources.accounts import ensure_local_account
from antiphon.store.database import Database

async def start():
    async with await Database.open(sys.argv[1]) as database:
        print((await ensure_local_account(database)).id)

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(start())
"""


def start_together(database_url: str, *, processes: int) -> list[str]:
    """Start that many processes, let them go at the same moment, and return what each printed."""
    command = [sys.executable, "-c", STARTER, database_url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate(timeout=60)[0].strip() for process in started]
    assert all(process.returncode == 0 for process in started)
    return printed


async def test_processes_that_start_at_once_on_a_new_folder_share_one_account(empty_database_url: str) -> None:
    account_ids = start_together(empty_database_url, processes=2)
    async with await Database.open(empty_database_url) as database, database.session() as session:
        assert (await session.scalars(select(AccountRow.id))).all() == [account_ids[0]]
        assert account_ids[0] == account_ids[1]
        assert await session.scalar(select(func.count()).select_from(AccountKeyRow)) == 2
        assert await session.scalar(select(func.count()).select_from(DeploymentRow)) == len(LOCAL_DEPLOYMENTS)
