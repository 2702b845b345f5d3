"""What counts against the limits of a Realtime session's deployment, and what is refused beyond them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from antiphon.api.realtime.quota import Quota
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyRequest, TranscriptSpoken
from antiphon.realtime.events import RateLimit
from antiphon.resources.rate_limits import RateStatus
from antiphon.store.tables import DeploymentRow, RateWindowRow
from antiphon.vocabulary.usage import Usage

from ...clocks import HandClock
from ...waiting import eventually
from ..conftest import tone
from .realtime_server import GA, SILENCE, Client, RealtimeServer, answered, ask, said

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> HandClock:
    """Stands still, so that no window ends in the midst of a test."""
    return HandClock(datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC))


async def set_capacity(server: RealtimeServer, capacity: int) -> None:
    async with server.backend.database.begin() as session:
        await session.execute(update(DeploymentRow).values(capacity=capacity))
    server.backend.services.deployments._of_account.forget(server.backend.account_id)


async def used(server: RealtimeServer) -> dict[str, int]:
    async with server.backend.database.session() as session:
        return dict((await session.execute(select(RateWindowRow.kind, RateWindowRow.used))).all())


async def test_what_is_left_is_told_of_all_sessions_together(realtime: RealtimeServer):
    async with realtime.open() as one, realtime.open(GA) as other:
        await answered(one)
        await one.last("rate_limits.updated")
        await answered(other)
        requests, tokens = (await other.last("rate_limits.updated"))["rate_limits"]
    assert (requests["name"], requests["limit"], requests["remaining"]) == ("requests", 10_000, 9998)
    assert (tokens["name"], tokens["limit"], tokens["remaining"]) == ("tokens", 10_000_000, 10_000_000 - 2 * 24)
    assert (requests["reset_seconds"], tokens["reset_seconds"]) == (7, 57)


async def test_a_session_is_one_request_and_one_too_many_is_not_opened(realtime: RealtimeServer):
    await set_capacity(realtime, 1)
    async with realtime.open():
        status, body, headers = await realtime.refusal(GA)
    assert (status, body["error"]["code"]) == (429, "429")
    assert "exceeded call rate limit" in body["error"]["message"]
    assert (headers["retry-after"], headers["x-ratelimit-reset-requests"]) == ("7", "7")


async def test_a_response_beyond_the_limit_fails_and_the_session_goes_on(realtime: RealtimeServer):
    async with realtime.open() as client:
        await set_capacity(realtime, 1)
        refused = await answered(client, max_output_tokens=999)
        assert (refused["status"], refused["output"]) == ("failed", [])
        assert refused["status_details"]["error"]["code"] == "rate_limit_exceeded"
        assert refused["usage"]["total_tokens"] == 0
        await set_capacity(realtime, 2)
        assert (await answered(client, max_output_tokens=999))["status"] == "completed"


async def test_a_spoken_turn_beyond_the_limit_fails_as_well(realtime: RealtimeServer):
    async with realtime.open() as client:
        await set_capacity(realtime, 0)
        await client.append(said() + SILENCE)
        events = await client.until("response.done")
        assert not any("audio.delta" in event["type"] for event in events)
        assert events[-1]["response"]["status_details"]["error"]["code"] == "rate_limit_exceeded"
        await client.last("rate_limits.updated")
    assert await used(realtime) == {"requests": 1}


async def test_tokens_count_even_when_the_client_leaves_at_once(
    realtime: RealtimeServer, monkeypatch: pytest.MonkeyPatch
):
    rate_limits = realtime.backend.services.realtime.rate_limits
    count = rate_limits.count_used

    has_left = asyncio.Event()

    async def count_late(*counted: Any, **amounts: Any) -> RateStatus:
        await has_left.wait()
        return await count(*counted, **amounts)

    monkeypatch.setattr(rate_limits, "count_used", count_late)
    async with realtime.open() as client:
        await answered(client)
    assert await used(realtime) == {"requests": 1}
    has_left.set()
    await eventually(lambda: not realtime.uvicorn.server_state.tasks)
    assert await used(realtime) == {"requests": 1, "tokens": 24}


WRITTEN = [TranscriptSpoken(text="Good day, and "), AudioSpoken(audio=tone(0.6)), TranscriptSpoken(text="so on. ")]


async def begun(realtime: RealtimeServer, client: Client, **options: Any) -> str:
    """Ask for a response that says something and then nothing more; its id, once that was said."""

    async def respond(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        for event in WRITTEN:
            yield event
        await asyncio.Event().wait()

    realtime.backend.responder.instead = respond
    await ask(client, "Tell me a story." * 10, **options)
    events = await client.until("response.audio_transcript.delta")
    while events[-1].get("delta") != "so on. ":
        events += await client.until("response.audio_transcript.delta")
    return events[-1]["response_id"]


def is_what_it_took(counted: dict[str, int]) -> bool:
    """Some 44 tokens of the prompt, 5 of text, 12 of audio."""
    return counted["requests"] == 1 and 55 <= counted["tokens"] <= 66


async def test_a_response_that_is_cancelled_counts_what_it_took_until_then(realtime: RealtimeServer):
    async with realtime.open() as client:
        await begun(realtime, client)
        await client.send("response.cancel")
        await client.last("rate_limits.updated")
        assert is_what_it_took(await used(realtime))


async def test_a_response_that_is_interrupted_counts_what_it_took_until_then(realtime: RealtimeServer):
    async with realtime.open() as client:
        await begun(realtime, client)
        await client.append(said())
        await client.last("rate_limits.updated")
        assert is_what_it_took(await used(realtime))


async def test_a_response_counts_what_it_took_until_its_client_left(realtime: RealtimeServer):
    async with realtime.open() as client:
        await begun(realtime, client)
        client.socket.transport.abort()
    await eventually(lambda: not realtime.uvicorn.server_state.tasks)
    assert is_what_it_took(await used(realtime))


async def test_a_response_out_of_band_that_is_cancelled_counts_as_well(realtime: RealtimeServer):
    async with realtime.open() as client:
        response_id = await begun(realtime, client, conversation="none")
        await client.send("response.cancel", response_id=response_id)
        await client.last("rate_limits.updated")
        assert is_what_it_took(await used(realtime))


async def test_each_response_is_a_request_the_first_of_them_the_sessions_own(realtime: RealtimeServer):
    async with realtime.open() as client:
        for count in (1, 2, 3):
            await answered(client)
            await client.last("rate_limits.updated")
            assert (await used(realtime))["requests"] == max(count, 1)


async def test_responses_beyond_the_requests_fail_until_there_are_some_again(
    realtime: RealtimeServer, clock: HandClock
):
    await set_capacity(realtime, 2)  # Two requests in ten seconds.
    async with realtime.open() as client:
        for status in ("completed", "completed", "failed"):
            response = await answered(client, max_output_tokens=99)
            await client.last("rate_limits.updated")
            assert response["status"] == status
        assert response["status_details"]["error"]["code"] == "rate_limit_exceeded"
        assert (await used(realtime))["requests"] == 2
        clock.turn(seconds=10)
        assert (await answered(client, max_output_tokens=99))["status"] == "completed"


async def test_a_client_is_read_again_once_enough_of_its_responses_have_been_counted(
    realtime: RealtimeServer, monkeypatch: pytest.MonkeyPatch
):
    realtime.limit(uncounted_responses=2)
    may_count, count = asyncio.Event(), Quota.count

    async def count_late(self: Quota, usage: Usage | None) -> tuple[RateLimit, RateLimit]:
        await may_count.wait()
        return await count(self, usage)

    monkeypatch.setattr(Quota, "count", count_late)
    async with realtime.open() as client:
        for _ in range(2):
            await client.send("response.create", response={"conversation": "none"})
            await client.last("response.done")
        await client.send("response.create", response={"conversation": "none"})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client.last("response.created")
        may_count.set()
        await client.last("response.done")
