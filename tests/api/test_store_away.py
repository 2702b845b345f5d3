"""PostgreSQL stops, or the store of the blobs: clients are told to come back, and it is over when they are there."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import httpx
import pytest

from antiphon.settings import StoreSettings

from .. import postgresql
from ..s3 import S3
from ..s3 import s3 as run_s3
from .conftest import Backend, Server, spoken

pytestmark = [pytest.mark.anyio, pytest.mark.store("postgresql")]

STREAMED = {"voice": "alloy", "format": "pcm16"}


@pytest.fixture
def mortal_cluster() -> Generator[postgresql.Cluster]:
    with postgresql.cluster() as started:
        yield started


@pytest.fixture
def mortal_s3(s3: S3) -> Generator[S3]:
    """Beside one that gives tests credentials."""
    with run_s3() as started:
        yield started


@pytest.fixture
def store_settings(mortal_cluster: postgresql.Cluster, mortal_s3: S3) -> StoreSettings:
    bucket = mortal_s3.new_bucket()
    return StoreSettings(url=mortal_cluster.create(), blobs=f"s3://{bucket}", blobs_endpoint=mortal_s3.endpoint)


@pytest.fixture(autouse=True)
def trying_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("antiphon.api.health._TRY_EVERY_SECONDS", 0.0)


def check_refused(response: httpx.Response) -> None:
    assert (response.status_code, response.json()["error"]["code"]) == (503, "ServiceUnavailable")
    assert response.headers["retry-after"] == "5"


async def test_clients_are_told_to_come_back_while_the_database_is_away_and_served_when_it_is_there(
    server: Server, backend: Backend, mortal_cluster: postgresql.Cluster
) -> None:
    stored = await server.chat(spoken(store=True))
    assert stored.status_code == 200
    await asyncio.to_thread(mortal_cluster.stop)
    for body in (spoken(), spoken(stream=True, audio=STREAMED), spoken(store=True)):
        check_refused(await server.chat(body))
    for path in ("/health", "/ready"):
        assert (await server.client.get(path)).status_code == 503
    await asyncio.to_thread(mortal_cluster.start)
    assert (await server.client.get("/health")).status_code == 200
    assert (await server.chat(spoken())).status_code == 200
    kept = await server.client.get(f"/openai/v1/chat/completions/{stored.json()['id']}")
    assert kept.status_code == 200


async def test_what_needs_no_blob_is_answered_while_their_store_is_away(server: Server, mortal_s3: S3) -> None:
    assert (await server.chat(spoken(store=True))).status_code == 200
    mortal_s3.kill()
    assert (await server.chat(spoken())).status_code == 200
    check_refused(await server.chat(spoken(store=True)))
