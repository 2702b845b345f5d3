"""Prometheus reads how the engines behind a URL are doing; nobody else does."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from antiphon.api.measures import operation_of
from antiphon.api.metrics import Metrics, metrics_token
from antiphon.engines.kind import Placement, Role
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.replica import Replica
from antiphon.engines.running import RunningEngine
from antiphon.errors import ConfigurationError

from .conftest import Backend, Server, spoken

pytestmark = pytest.mark.anyio

TOKEN = "0123456789abcdef-0123"
PROMETHEUS = {"authorization": f"Bearer {TOKEN}"}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def engine(name: str, role: Role, **changes: Any) -> RunningEngine:
    kind = {Role.LANGUAGE_MODEL: "openai-chat"}.get(role, "whisper")
    usual = RunningEngine(
        id=name, name=name, role=role, kind=kind, where="there", engine=None, placement=None, replicas=()
    )
    return replace(usual, **changes)


def allow_metrics(backend: Backend, *engines: RunningEngine) -> None:
    metrics = Metrics(engines=engines, token=TOKEN, refusals=backend.services.metrics.refusals)
    object.__setattr__(backend.services, "metrics", metrics)


@pytest.fixture
async def stranger(server: Server) -> AsyncGenerator[httpx.AsyncClient]:
    """Without the account's key."""
    transport = httpx.ASGITransport(server.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://antiphon") as client:
        yield client


async def samples(client: httpx.AsyncClient) -> dict[str, str]:
    answered = await client.get("/metrics", headers=PROMETHEUS)
    assert (answered.status_code, answered.headers["content-type"].split(";")[0]) == (200, "text/plain")
    lines = [line for line in answered.text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+\{([a-z]+="[^"]*",?)+\} [\d.]+', line) for line in lines), lines
    return dict(line.rsplit(" ", 1) for line in lines)


async def test_each_replicas_health_and_latency_are_told(backend: Backend, stranger: httpx.AsyncClient):
    clock = Clock()
    replicas = [Replica(f"http://gpu-{number}/v1", monotonic=clock) for number in (1, 2)]
    allow_metrics(backend, engine("writer", Role.LANGUAGE_MODEL, replicas=replicas))
    with replicas[0].serving() as note_first_piece:
        clock.now += 0.15
        note_first_piece()
    for _ in range(3):
        with pytest.raises(UpstreamFault), replicas[1].serving():
            raise UpstreamFault("it is broken")
    with replicas[0].serving():
        told = await samples(stranger)
    first, second = (f'{{engine="writer",role="language_model",replica="http://gpu-{number}/v1"' for number in (1, 2))
    for name, of_first, of_second in (
        ("up", "1", "0"),
        ("requests_in_flight", "1", "0"),
        ("requests_total", "2", "3"),
        ("failures_total", "0", "3"),
        ("first_piece_seconds_count", "1", "0"),
    ):
        assert (told[f"antiphon_replica_{name}{first}}}"], told[f"antiphon_replica_{name}{second}}}"]) == (
            of_first,
            of_second,
        )
    for bound, count in (("0.1", "0"), ("0.2", "1"), ("+Inf", "1")):
        assert told[f'antiphon_replica_first_piece_seconds_bucket{first},le="{bound}"}}'] == count
    assert float(told[f"antiphon_replica_first_piece_seconds_sum{first}}}"]) == pytest.approx(0.15)


async def test_an_engine_of_this_process_is_told_with_its_device(backend: Backend, stranger: httpx.AsyncClient):
    ears = engine('my "ears"', Role.RECOGNIZER, where="this process", placement=Placement(device="cuda"))
    allow_metrics(backend, ears)
    answered = await stranger.get("/metrics", headers=PROMETHEUS)
    labels = 'engine="my \\"ears\\"",role="recognizer",kind="whisper",where="this process",device="cuda"'
    assert f"antiphon_engine_info{{{labels}}} 1" in answered.text.splitlines()


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"api-key": TOKEN}, {"authorization": TOKEN}]
)
async def test_nobody_reads_metrics_without_the_token(
    headers: dict[str, str], backend: Backend, stranger: httpx.AsyncClient
):
    allow_metrics(backend, engine("writer", Role.LANGUAGE_MODEL))
    refused = await stranger.get("/metrics", headers=headers)
    assert refused.status_code == 401
    assert "writer" not in refused.text


async def test_an_accounts_key_does_not_open_the_metrics(server: Server, backend: Backend):
    allow_metrics(backend)
    assert (await server.client.get("/metrics", headers={"authorization": f"Bearer {server.key}"})).status_code == 401


async def test_without_a_token_in_the_environment_there_are_no_metrics(stranger: httpx.AsyncClient):
    assert (await stranger.get("/metrics", headers=PROMETHEUS)).status_code == 404


def test_a_token_that_could_be_guessed_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ANTIPHON_METRICS_TOKEN", "secret")
    with pytest.raises(ConfigurationError, match="ANTIPHON_METRICS_TOKEN is too short"):
        metrics_token()
    monkeypatch.setenv("ANTIPHON_METRICS_TOKEN", TOKEN)
    assert metrics_token() == TOKEN


async def test_requests_replies_sessions_and_limits_are_measured(server: Server, backend: Backend):
    object.__setattr__(backend.services.metrics, "token", TOKEN)
    await server.chat(spoken())
    await server.chat("nonsense")
    answered = await server.client.get("/metrics", headers=PROMETHEUS)
    told = dict(line.rsplit(" ", 1) for line in answered.text.splitlines() if not line.startswith("#"))
    assert told['antiphon_requests_total{operation="chat_completions",status="200"}'] == "1"
    assert told['antiphon_requests_total{operation="chat_completions",status="400"}'] == "1"
    assert told['antiphon_request_seconds_count{operation="chat_completions"}'] == "2"
    assert told['antiphon_reply_seconds_count{profile="default",stage="first_audio"}'] == "1"
    assert told['antiphon_queue_turns{queue="decoder"}'] == "1"
    assert told["antiphon_sessions_open"] == "0"
    assert told["antiphon_store_up"] == "1"
    assert float(told['antiphon_limit{limit="record_bytes"}']) == 64 * 2**20
    assert float(told["process_cpu_seconds_total"]) > 0


async def test_a_path_that_somebody_has_made_up_makes_no_series_of_its_own():
    assert [
        operation_of(path) for path in ("/x/y", "/openai/v1/realtime", "/v1/audio/speech", "/portal/", "/ready")
    ] == [
        "other",
        "realtime",
        "audio",
        "portal",
        "looking_after",
    ]
