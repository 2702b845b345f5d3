"""What clients are told of their deployment's limits, and when they are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from antiphon.store.tables import DeploymentRow, RateWindowRow
from antiphon.store.utc import Clock

from .conftest import CHAT, Backend, Server, asking, recording, spoken

pytestmark = pytest.mark.anyio

V1 = "/openai/v1/chat/completions"


@pytest.fixture
def clock() -> Clock:
    """Stands still, so that no window ends in the midst of a test."""
    return lambda: datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC)


async def set_capacity(backend: Backend, capacity: int) -> None:
    async with backend.database.begin() as session:
        await session.execute(update(DeploymentRow).values(capacity=capacity))
    backend.services.deployments._of_account.forget(backend.account_id)


async def used(backend: Backend) -> dict[str, int]:
    async with backend.database.session() as session:
        return dict((await session.execute(select(RateWindowRow.kind, RateWindowRow.used))).all())


async def refuse(server: Server, url: str = CHAT, **body: Any) -> httpx.Response:
    """The answer to a second request where there is one each ten seconds."""
    assert (await server.client.post(url, json=spoken(**body))).status_code == 200
    return await server.client.post(url, json=spoken(**body))


@pytest.mark.parametrize("options", [{}, {"stream": True, "audio": {"voice": "alloy", "format": "pcm16"}}])
async def test_an_answer_says_what_is_left(backend: Backend, server: Server, options: dict[str, Any]):
    headers = (await server.chat(spoken(max_tokens=100, **options))).headers
    assert headers["x-ratelimit-limit-requests"] == "10000"
    assert headers["x-ratelimit-remaining-requests"] == "9999"
    assert headers["x-ratelimit-limit-tokens"] == "10000000"
    assert 10_000_000 - 120 < int(headers["x-ratelimit-remaining-tokens"]) <= 10_000_000 - 100


async def test_too_many_calls_are_refused_in_azures_words(backend: Backend, server: Server):
    await set_capacity(backend, 1)
    response = await refuse(server)
    assert response.status_code == 429
    assert response.json() == {
        "error": {
            "code": "429",
            "message": "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
            "2025-01-01-preview have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry "
            "after 7 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase "
            "the default rate limit.",
        }
    }
    assert response.headers["retry-after"] == "7"
    assert response.headers["retry-after-ms"] == "7000"
    assert response.headers["x-ratelimit-reset-requests"] == "7"
    assert len(server.responder.requests) == 1


async def test_too_many_tokens_are_refused_until_the_minute_ends(backend: Backend, server: Server):
    await set_capacity(backend, 2)
    response = await refuse(server, max_tokens=1_000, n=1)
    assert response.status_code == 429
    assert "exceeded token rate limit" in response.json()["error"]["message"]
    assert response.headers["x-ratelimit-reset-tokens"] == response.headers["retry-after"] == "57"
    assert "x-ratelimit-reset-requests" not in response.headers


async def test_v1_routes_have_a_version_as_well(backend: Backend, server: Server):
    await set_capacity(backend, 1)
    message = (await refuse(server, V1, model="gpt-4o-audio-preview")).json()["error"]["message"]
    assert "API version v1 have exceeded" in message


async def test_what_no_minute_has_room_for_is_not_to_be_retried(backend: Backend, server: Server):
    await set_capacity(backend, 1)
    response = await server.chat(spoken(max_tokens=600, n=2))
    assert response.status_code == 429
    assert response.json()["error"]["message"].startswith("Request too large: the deployment has 1000 tokens a minute")
    assert response.headers["x-should-retry"] == "false"
    assert "retry-after" not in response.headers
    assert (await server.chat(spoken(max_tokens=600))).status_code == 200


async def test_recordings_count_by_their_length(backend: Backend, server: Server):
    headers = (await server.chat(asking(recording(), max_tokens=1))).headers
    one_second = 10_000_000 - int(headers["x-ratelimit-remaining-tokens"])
    assert one_second == pytest.approx(1 + 10, abs=5)


@pytest.mark.parametrize(
    ("url", "body", "status"),
    [
        (CHAT.replace("gpt-4o-audio-preview", "nothing", 1), spoken(), 404),
        (CHAT, {"messages": []}, 400),
        (CHAT, asking("Text alone."), 400),
        (CHAT, asking(recording("bm90IGF1ZGlv")), 400),
        (CHAT.replace("audio", "realtime", 1), spoken(), 400),
    ],
)
async def test_what_is_refused_before_counts_for_nothing(
    backend: Backend, server: Server, url: str, body: dict[str, Any], status: int
):
    assert (await server.client.post(url, json=body)).status_code == status
    assert await used(backend) == {}


async def test_a_wrong_key_counts_for_nothing(backend: Backend, server: Server):
    assert (await server.chat(spoken(), headers={"api-key": "wrong"})).status_code == 401
    assert await used(backend) == {}


async def test_the_operators_new_capacity_holds_for_the_next_request(backend: Backend, server: Server):
    await set_capacity(backend, 1)
    assert (await refuse(server)).status_code == 429
    await set_capacity(backend, 2)
    assert (await server.chat(spoken())).status_code == 200
