from __future__ import annotations

import logging

import pytest
from sqlalchemy import update

from antiphon.store.tables import DeploymentRow

from .conftest import Backend, Server, spoken
from .realtime.realtime_server import running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def forgotten(backend: Backend) -> Backend:
    """All deployments name a profile that was taken out of the configuration."""
    async with backend.database.begin() as session:
        await session.execute(update(DeploymentRow).values(profile="forgotten"))
    return backend


async def test_a_deployment_without_its_profile_is_none_to_its_users_and_the_operator_is_told_why(
    forgotten: Backend, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    response = await server.chat(spoken())
    assert (response.status_code, response.json()["error"]["code"]) == (404, "DeploymentNotFound")
    assert "antiphon deployments update gpt-4o-audio-preview --profile default" in caplog.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_nor_does_it_open_sessions(forgotten: Backend) -> None:
    async with running(forgotten) as started:
        status, body, _ = await started.refusal("/openai/v1/realtime?model=gpt-4o-realtime-preview")
    assert (status, body["error"]["code"]) == (404, "DeploymentNotFound")
