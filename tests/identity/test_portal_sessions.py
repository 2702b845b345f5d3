"""Codes that sign in once, and the sessions that they begin."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from antiphon.identity.portal_sessions import OPERATOR, PortalSession, PortalSessions, PortalUser
from antiphon.store.database import Database
from antiphon.store.tables import Base, PortalSessionRow, SignInCodeRow

from ..clocks import HandClock
from .forging import OBJECT_ID

pytestmark = pytest.mark.anyio

ADA = PortalUser(object_id=OBJECT_ID, name="Ada", app_roles=("Cognitive Services OpenAI User",))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sessions(database: Database, clock: HandClock) -> PortalSessions:
    return PortalSessions(database, clock=clock)


async def signed_in(sessions: PortalSessions) -> tuple[str, PortalSession]:
    new = await sessions.sign_in(await sessions.create_code())
    assert new is not None
    return new.token, new.session


async def counted(database: Database) -> tuple[int, int]:
    """Codes and sessions in the store."""
    async with database.session() as session:
        codes = await session.scalar(select(func.count()).select_from(SignInCodeRow))
        return codes or 0, await session.scalar(select(func.count()).select_from(PortalSessionRow)) or 0


async def test_a_code_signs_the_operator_in(sessions: PortalSessions) -> None:
    token, session = await signed_in(sessions)
    assert session.user == OPERATOR
    assert session.user.is_operator
    assert await sessions.find(token) == session


async def test_a_code_works_once(sessions: PortalSessions) -> None:
    code = await sessions.create_code()
    assert await sessions.sign_in(code) is not None
    assert await sessions.sign_in(code) is None


async def test_of_many_who_show_a_code_at_once_one_is_let_in(sessions: PortalSessions, database_url: str) -> None:
    code = await sessions.create_code()
    async with await Database.open(database_url) as other:  # As of another process.
        elsewhere = PortalSessions(other, clock=HandClock())
        tries = [each.sign_in(code) for each in (sessions, elsewhere) for _ in range(5)]
        let_in = [new for new in await asyncio.gather(*tries) if new is not None]
    assert len(let_in) == 1


async def test_a_code_works_for_an_hour(sessions: PortalSessions, clock: HandClock) -> None:
    early, late = await sessions.create_code(), await sessions.create_code()
    clock.turn(minutes=59)
    assert await sessions.sign_in(early) is not None
    clock.turn(minutes=1)
    assert await sessions.sign_in(late) is None


@pytest.mark.parametrize("code", ["", "x", "\udc80", "é" * 100_000])
async def test_what_is_no_code_signs_nobody_in(sessions: PortalSessions, code: str) -> None:
    await sessions.create_code()
    assert await sessions.sign_in(code) is None
    assert await sessions.find(code) is None


async def test_a_code_is_no_token_and_a_token_no_code(sessions: PortalSessions) -> None:
    code = await sessions.create_code()
    assert await sessions.find(code) is None
    token, _ = await signed_in(sessions)
    assert await sessions.sign_in(token) is None


async def test_a_session_survives_the_server(sessions: PortalSessions, database_url: str) -> None:
    token, session = await signed_in(sessions)
    async with await Database.open(database_url) as restarted:
        assert await PortalSessions(restarted, clock=HandClock()).find(token) == session


async def test_a_session_ends_after_twelve_hours_without_use(sessions: PortalSessions, clock: HandClock) -> None:
    token, _ = await signed_in(sessions)
    clock.turn(hours=11)
    assert await sessions.find(token) is not None
    clock.turn(hours=11)
    assert await sessions.find(token) is not None
    clock.turn(hours=12)
    assert await sessions.find(token) is None


async def test_a_session_in_use_ends_after_a_week(sessions: PortalSessions, clock: HandClock) -> None:
    token, _ = await signed_in(sessions)
    for _ in range(7 * 24 - 1):
        clock.turn(hours=1)
        assert await sessions.find(token) is not None
    clock.turn(hours=1)
    assert await sessions.find(token) is None


async def test_who_came_through_entra_is_asked_to_come_again_within_a_day(
    sessions: PortalSessions, clock: HandClock
) -> None:
    token = (await sessions.open(ADA)).token
    found = await sessions.find(token)
    assert found is not None
    assert found.user == ADA
    clock.turn(hours=11)
    assert await sessions.find(token) is not None
    clock.turn(hours=1)
    assert await sessions.find(token) is None


async def test_a_session_that_is_ended_stays_ended(sessions: PortalSessions, clock: HandClock) -> None:
    token, _ = await signed_in(sessions)
    await sessions.end(token)
    assert await sessions.find(token) is None
    clock.turn(hours=1)
    assert await sessions.find(token) is None


async def test_a_session_that_ends_while_it_is_used_is_not_revived(sessions: PortalSessions, clock: HandClock) -> None:
    token, _ = await signed_in(sessions)
    clock.turn(hours=1)
    await asyncio.gather(*(sessions.find(token) for _ in range(5)), sessions.end(token))
    assert await sessions.find(token) is None


async def test_to_end_one_session_leaves_the_others(sessions: PortalSessions) -> None:
    (one, _), (other, _) = await signed_in(sessions), await signed_in(sessions)
    await sessions.end(one)
    assert await sessions.find(other) is not None


async def test_to_end_all_withdraws_codes_as_well(sessions: PortalSessions, database: Database) -> None:
    await signed_in(sessions)
    await sessions.create_code()
    await sessions.end_all()
    assert await counted(database) == (0, 0)


async def test_what_has_expired_is_purged_and_nothing_else(
    sessions: PortalSessions, clock: HandClock, database: Database
) -> None:
    await sessions.create_code()
    await signed_in(sessions)
    await sessions.purge()
    assert await counted(database) == (1, 1)
    clock.turn(hours=1)
    await sessions.purge()
    assert await counted(database) == (0, 1)
    clock.turn(hours=11)
    token, _ = await signed_in(sessions)
    await sessions.purge()
    assert await counted(database) == (0, 1)
    assert await sessions.find(token) is not None


async def test_neither_codes_nor_tokens_are_in_the_store(sessions: PortalSessions, database: Database) -> None:
    code = await sessions.create_code()
    new = await sessions.open(OPERATOR)
    async with database.session() as session:
        stored = [await session.execute(select(table)) for table in Base.metadata.sorted_tables]
        text = repr([tuple(row) for rows in stored for row in rows])
    assert "operator" in text
    assert code not in text
    assert new.token not in text
    assert new.token not in repr(new)
