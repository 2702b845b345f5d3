from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from antiphon.engines.errors import EngineFailed
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.replica import Replica
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream
from antiphon.errors import ConfigurationError
from antiphon.hardening.errors import ServerBusy
from antiphon.telemetry.tracing import NoTracing, within

from ...waiting import eventually
from .upstream_double import Answer, Connection, UpstreamDouble, document, hang, status, upstream, vanish

pytestmark = pytest.mark.anyio

FINE = document(b"fine")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def read(response: httpx.Response) -> AsyncGenerator[bytes]:
    async for piece in response.aiter_bytes():
        yield piece


@asynccontextmanager
async def replicas(
    *answers: Answer, clock: Clock | None = None, **settings: Any
) -> AsyncGenerator[tuple[Upstream, list[UpstreamDouble]]]:
    async with AsyncExitStack() as stack:
        doubles = [await stack.enter_async_context(upstream(answer)) for answer in answers]
        urls = tuple(double.url for double in doubles)
        reached = Upstream("some", UpstreamSettings(url=urls, model="m", **settings), monotonic=clock or Clock())
        stack.push_async_callback(reached.aclose)
        yield reached, doubles


async def post(reached: Upstream, conversation: str | None = None) -> bytes:
    return b"".join([piece async for piece in reached.post("x", read, conversation=conversation, json={})])


async def test_a_conversation_stays_with_its_replica():
    async with replicas(FINE, FINE, FINE) as (reached, doubles):
        for _ in range(4):
            await post(reached, "a")
        assert sorted(len(double.requests) for double in doubles) == [0, 0, 4]


async def test_a_new_request_goes_where_there_is_the_least_to_do():
    going_on = asyncio.Event()

    async def slow(connection: Connection) -> None:
        await going_on.wait()
        await FINE(connection)

    async with replicas(slow, slow) as (reached, doubles):
        asked = [asyncio.create_task(post(reached, name)) for name in "abcd"]
        await eventually(lambda: sum(len(double.requests) for double in doubles) == 4)
        assert [replica.in_flight for replica in reached.replicas] == [2, 2]
        going_on.set()
        await asyncio.gather(*asked)
        assert [replica.in_flight for replica in reached.replicas] == [0, 0]


async def test_where_one_fails_another_is_asked_at_once_and_keeps_the_conversation():
    async with replicas(vanish, FINE) as (reached, (gone, well)):
        for _ in range(3):
            assert await post(reached, "a") == b"fine"
        assert (len(gone.requests), len(well.requests)) == (1, 3)


async def test_what_fails_again_and_again_is_left_alone_and_tried_later():
    clock = Clock()
    async with replicas(vanish, clock=clock, retries=0) as (reached, (double,)):
        for _ in range(5):
            with pytest.raises(EngineFailed):
                await post(reached)
        assert len(double.requests) == 3
        double.answers[:] = [FINE]
        with pytest.raises(EngineFailed):
            await post(reached)
        clock.now += 2.1
        assert await post(reached) == b"fine"
        assert reached.replicas[0].is_well
        assert await post(reached) == b"fine"


async def test_a_refused_request_is_not_the_replicas_fault():
    async with replicas(status(400), retries=0) as (reached, (double,)):
        for _ in range(5):
            with pytest.raises(EngineFailed):
                await post(reached)
        assert len(double.requests) == 5


async def test_latency_is_that_of_the_first_piece():
    clock = Clock()

    async def late(connection: Connection) -> None:
        clock.now += 0.25
        await FINE(connection)

    async with replicas(late, clock=clock) as (reached, _):
        assert reached.replicas[0].latency_seconds is None
        await post(reached)
        assert reached.replicas[0].latency_seconds == 0.25


def test_a_rest_grows_with_each_failure():
    clock = Clock()
    replica = Replica("http://a", monotonic=clock)

    def fail() -> None:
        with pytest.raises(UpstreamFault), replica.serving():
            raise UpstreamFault("it is broken")

    for _ in range(3):
        assert replica.takes_requests
        fail()
    for seconds in (2, 4, 8, 15, 15):
        clock.now += seconds - 0.01
        assert not replica.takes_requests
        clock.now += 0.02
        assert replica.takes_requests
        fail()


def test_requests_that_fail_together_bring_one_rest():
    clock = Clock()
    replica = Replica("http://a", monotonic=clock)
    broken = UpstreamFault("it was killed")
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(UpstreamFault))
        for _ in range(20):
            stack.enter_context(replica.serving())
        clock.now += 1
        raise broken
    assert not replica.takes_requests
    clock.now += 2.01
    assert replica.takes_requests


async def test_one_that_is_not_asked_fails_for_a_reason(caplog: pytest.LogCaptureFixture):
    async with replicas(vanish, retries=2) as (reached, (double,)):
        with pytest.raises(EngineFailed):
            await post(reached)
        with pytest.raises(EngineFailed) as failed:
            await post(reached)
    assert len(double.requests) == 3
    assert "it failed again and again a moment ago" in str(failed.value.__cause__)
    assert "The engine some is not asked" in caplog.text


async def test_where_a_replica_is_waited_for_in_vain_another_is_asked():
    async with replicas(hang, FINE, read_seconds=0.2) as (reached, (silent, well)):
        assert await post(reached, "a") == b"fine"
        assert (len(silent.requests), len(well.requests)) == (1, 1)


async def test_a_refusal_without_end_is_cut_short():
    async def trickle(connection: Connection) -> None:
        await connection.head(500)
        while not connection.closed.is_set():
            await connection.send(b"x")
            await asyncio.sleep(0.01)

    async with replicas(trickle, retries=0) as (reached, _):
        with pytest.raises(EngineFailed) as failed:
            await asyncio.wait_for(post(reached), 20)
    assert "it answered 500: x" in str(failed.value.__cause__)


@pytest.mark.parametrize("url", ["gpu-1:8000/v1", "ftp://gpu-1/v1", "http://", "", "http://[::1"])
def test_what_is_not_an_address_is_refused(url: str):
    with pytest.raises(ValueError, match=re.escape(f"the URL {url!r} is not an address")):
        UpstreamSettings(url=url, model="m")


@pytest.mark.parametrize("user", ["ada:secret@", ":secret@", "secret@"])
def test_an_address_with_a_password_is_refused_without_repeating_it(user: str):
    with pytest.raises(ValueError, match="key_variable") as refused:
        UpstreamSettings(url=("http://gpu-1/v1", f"https://{user}gpu-2/v1"), model="m")
    assert "secret" not in str(refused.value)
    assert "gpu-2" in str(refused.value)


def test_a_key_that_is_not_set_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="SOME_KEY"):
        Upstream("some", UpstreamSettings(url="http://localhost/v1", model="m", key_variable="SOME_KEY"))


@pytest.mark.parametrize("wanted", ["0", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"])
async def test_whatever_an_upstream_wants_to_be_waited_for_is_survived(wanted: str):
    async with replicas(status(429, retry_after=wanted), retries=1) as (reached, (double,)):
        with pytest.raises(ServerBusy):
            await post(reached)
        assert len(double.requests) == 2


async def test_an_engine_is_told_of_the_trace_that_its_answer_is_part_of():
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=1"}
    async with replicas(FINE) as (reached, (double,)):
        with within(NoTracing().serve("chat_completions", trace)):
            await post(reached)
        await post(reached)
    asked, afterwards = double.requests
    assert {name: asked.headers.get(name) for name in trace} == trace
    assert "traceparent" not in afterwards.headers
