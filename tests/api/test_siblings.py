"""Workers tell each other what each knows alone, so that whichever is asked tells of all."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from antiphon.api.portal.services import PortalData
from antiphon.api.siblings import Siblings, Told
from antiphon.models.pulls import PullStatus
from antiphon.seat import Seat
from antiphon.telemetry.measures import gauge

from .conftest import Backend, Server
from .portal.conftest import Browser, browser, operator

__all__ = ["browser", "operator"]  # Fixtures.

pytestmark = pytest.mark.anyio

MODEL = "whisper-base"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy; who does not listen is known at once."""
    monkeypatch.setattr("antiphon.api.siblings._SECONDS", 60.0)


def told(**changes: Any) -> Told:
    return msgspec.structs.replace(Told(families=[], traffic={}, pulls={}), **changes)


@pytest.fixture
def folder() -> Generator[Path]:
    """Its name is short: a socket's path has to be."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def seats(folder: Path, count: int = 2) -> list[Siblings]:
    return [Siblings(Seat(number=number, count=count, folder=folder)) for number in range(1, count + 1)]


def become(backend: Backend, siblings: Siblings) -> None:
    """Make the server one of several workers."""
    data: PortalData = backend.services.portal.data
    object.__setattr__(data, "siblings", siblings)
    object.__setattr__(backend.services.metrics, "siblings", siblings)


async def test_what_others_tell_arrives_and_who_does_not_answer_is_known(folder: Path):
    first, second, third = seats(folder, 3)
    what = told(
        families=[gauge("open", "Open.", ({"a": "b"}, 2.5))],
        traffic={"account": {"voice": {29_000_000: (1, 20)}}},
        pulls={MODEL: PullStatus(done_bytes=1, total_bytes=2, error=None)},
    )
    async with second.answered(lambda: what):
        assert await first.ask() == {2: what, 3: None}
        assert list(await third.ask_those_who_answer()) == [what]
    assert await first.ask_those_who_answer() == []


async def test_a_worker_that_does_not_answer_is_told_as_down(folder: Path, server: Server, backend: Backend):
    first, second, _ = seats(folder, 3)
    become(backend, first)
    object.__setattr__(backend.services.metrics, "token", "0123456789abcdef-0123")
    async with second.answered(lambda: told(families=[gauge("antiphon_sessions_open", "Open.", ({}, 7))])):
        headers = {"authorization": "Bearer 0123456789abcdef-0123"}
        answered = await httpx.AsyncClient(transport=httpx.ASGITransport(server.api), base_url="http://a").get(
            "/metrics", headers=headers
        )
    lines = answered.text.splitlines()
    assert 'antiphon_sessions_open{worker="1"} 0' in lines
    assert 'antiphon_sessions_open{worker="2"} 7' in lines
    assert [f'antiphon_worker_up{{worker="{number}"}} {up}' in lines for number, up in ((1, 1), (2, 1), (3, 0))] == [
        True
    ] * 3


async def test_the_portal_adds_up_what_all_workers_have_answered(folder: Path, operator: Browser, backend: Backend):
    first, second = seats(folder)
    become(backend, first)
    traffic = backend.services.portal.data.traffic
    traffic.count(backend.account_id, "gpt-4o-audio-preview", requests=1, tokens=10)
    minute = traffic.now() // 60
    elsewhere = {backend.account_id: {"gpt-4o-audio-preview": {minute: (2, 30)}}}
    async with second.answered(lambda: told(traffic=elsewhere)):
        answered = (await operator.client.get("/portal/api/traffic")).json()
    (shown,) = (each for each in answered["deployments"] if each["name"] == "gpt-4o-audio-preview")
    assert (sum(shown["requests"]), sum(shown["tokens"])) == (3, 40)


async def test_a_model_that_another_worker_fetches_is_not_fetched_again(
    folder: Path, operator: Browser, backend: Backend, monkeypatch: pytest.MonkeyPatch
):
    first, second = seats(folder)
    become(backend, first)
    started: list[str] = []
    monkeypatch.setattr(backend.services.portal.data.pulls, "start", started.append)
    going_on = {MODEL: PullStatus(done_bytes=5, total_bytes=10, error=None)}
    async with second.answered(lambda: told(pulls=going_on)):
        assert (await operator.client.post(f"/portal/api/models/{MODEL}/pull")).status_code == 202
        models = (await operator.client.get("/portal/api/models")).json()["models"]
    (shown,) = (each["pull"] for each in models if each["name"] == MODEL)
    assert shown == {"done_bytes": 5, "total_bytes": 10, "error": None}
    assert started == []
    assert (await operator.client.post(f"/portal/api/models/{MODEL}/pull")).status_code == 202
    assert started == [MODEL]
