"""One turn can be followed through the server, from the client's trace to the engines'."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from antiphon.telemetry.otlp import OtlpTracing

from ..telemetry.collector import Collector, collecting
from .conftest import Backend, Server, spoken
from .realtime.realtime_server import BETA, answered, running

pytestmark = pytest.mark.anyio

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


@contextmanager
def traced(backend: Backend) -> Generator[Collector]:
    """Spans are sent by the time that the context ends."""
    with collecting() as collector:
        tracing = OtlpTracing(collector.url, instance="test")
        backend.api.state.services = dataclasses.replace(backend.services, tracing=tracing)
        yield collector
        tracing.close()


async def test_a_request_goes_on_with_its_clients_trace_and_tells_its_stages(server: Server, backend: Backend):
    with traced(backend) as collector:
        chatted = await server.chat(spoken(), headers={"traceparent": TRACEPARENT})
        assert chatted.status_code == 200
    request = collector.named("chat_completions")
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, PARENT)
    told = {each.key: each.value for each in request.attributes}
    assert told["request_id"].string_value == chatted.headers["x-request-id"]
    assert told["http.response.status_code"].int_value == 200
    assert (told["profile"].string_value, told["outcome"].string_value) == ("default", "completed")
    for stage in ("first_words", "first_audio", "done"):
        assert collector.named(stage).parent_span_id == request.span_id
    assert "Good day" not in str(collector.spans)


async def test_a_request_that_is_part_of_no_trace_begins_one(server: Server, backend: Backend):
    with traced(backend) as collector:
        await server.chat(spoken(), headers={"traceparent": "00-nonsense-01"})
        await server.client.get("/health")
    request = collector.named("chat_completions")
    assert not request.parent_span_id
    assert {span.trace_id for span in collector.spans} == {request.trace_id}


async def test_each_turn_of_a_session_is_a_span_of_its_own(backend: Backend):
    with traced(backend) as collector:
        headers = {"api-key": backend.key, "traceparent": TRACEPARENT}
        async with running(backend) as server, server.open(BETA, headers=headers) as client:
            for _ in range(2):
                await answered(client)
    session = collector.named("realtime")
    turns = [span for span in collector.spans if span.name == "turn"]
    assert session.trace_id.hex() == TRACE
    assert [turn.parent_span_id for turn in turns] == [session.span_id] * 2
    ends = [span.parent_span_id for span in collector.spans if span.name == "done"]
    assert sorted(ends) == sorted(turn.span_id for turn in turns)
