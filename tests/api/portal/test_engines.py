"""The engines in the portal: where they run, how they are doing, and testing them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from antiphon.api.portal.services import ShownEngine
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import Generated, GenerationFinished, Prompt, TextDelta
from antiphon.engines.kind import Placement, Role
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.replica import Replica
from antiphon.engines.running import RunningEngine
from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR

from ...identity.forging import OBJECT_ID
from ..conftest import Backend
from .conftest import Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

ENGINES = "/portal/api/engines"


class WriterDouble:
    """A language model that writes two words, or fails."""

    def __init__(self) -> None:
        self.fails = False

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        if self.fails:
            raise EngineFailed from RuntimeError("it is out of memory")
        yield TextDelta(text="one \x1b[2J")
        yield TextDelta(text="two")
        yield GenerationFinished(finish_reason="stop", prompt_tokens=1, cached_tokens=0, completion_tokens=2)


@pytest.fixture
def writer(backend: Backend) -> WriterDouble:
    """Stands among the server's engines, behind two addresses, one of which does not answer."""
    double = WriterDouble()
    well, gone = Replica("http://gpu-1/v1"), Replica("http://gpu-2/v1")
    for _ in range(3):
        with pytest.raises(UpstreamFault), gone.serving():
            raise UpstreamFault("it is gone")
    show(backend, double, kind="openai-chat", where="http://gpu-1/v1, http://gpu-2/v1", replicas=(well, gone))
    return double


def show(backend: Backend, engine: Any, **fields: Any) -> None:
    usual: dict[str, Any] = {"placement": None, "replicas": ()}
    running = RunningEngine(id="0123", name="writer", role=Role.LANGUAGE_MODEL, engine=engine, **{**usual, **fields})
    object.__setattr__(backend.services.portal.data, "engines", [ShownEngine(engine=running, profiles=["default"])])


async def test_an_engine_behind_addresses_is_listed_with_the_health_of_each(operator: Browser, writer: WriterDouble):
    assert (await operator.client.get(ENGINES)).json() == {
        "engines": [
            {
                "id": "0123",
                "name": "writer",
                "role": "language_model",
                "kind": "openai-chat",
                "where": "http://gpu-1/v1, http://gpu-2/v1",
                "device": None,
                "note": "",
                "profiles": ["default"],
                "replicas": [
                    {"url": "http://gpu-1/v1", "is_well": True, "in_flight": 0, "latency_ms": None},
                    {"url": "http://gpu-2/v1", "is_well": False, "in_flight": 0, "latency_ms": None},
                ],
                "tested": None,
            }
        ]
    }


async def test_an_engine_of_this_process_is_listed_with_its_device(operator: Browser, backend: Backend):
    show(backend, None, kind="llama", where="this process", placement=Placement(device="cpu", note="there is no GPU"))
    (engine,) = (await operator.client.get(ENGINES)).json()["engines"]
    assert (engine["device"], engine["note"], engine["replicas"]) == ("cpu", "there is no GPU", [])


async def test_a_test_tells_how_the_engine_answered_and_is_remembered(operator: Browser, writer: WriterDouble):
    told = (await operator.client.post(f"{ENGINES}/0123/test")).json()
    assert told["tested"]["answers"]
    assert 0 <= told["tested"]["first_ms"] <= told["tested"]["whole_ms"]
    assert told["tested"]["text"].startswith("one ")
    assert "\x1b" not in told["tested"]["text"]
    assert (await operator.client.get(ENGINES)).json()["engines"] == [told]


async def test_a_test_that_fails_tells_why(operator: Browser, writer: WriterDouble):
    writer.fails = True
    tested = (await operator.client.post(f"{ENGINES}/0123/test")).json()["tested"]
    assert (tested["answers"], tested["error"]) == (False, "it is out of memory")


async def test_an_engine_that_there_is_none_of_is_not_tested(operator: Browser, writer: WriterDouble):
    response = await operator.client.post(f"{ENGINES}/4567/test")
    assert (response.status_code, "error" in response.json()) == (404, True)


async def test_nobody_sees_engines_without_signing_in(browser: Browser, writer: WriterDouble):
    assert (await browser.client.get(ENGINES)).status_code == 401
    assert (await browser.client.post(f"{ENGINES}/0123/test")).status_code == 401


async def test_to_test_takes_the_right_to_manage_all_accounts(browser: Browser, backend: Backend, writer: WriterDouble):
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR, scope=backend.account_id)
    assert (await browser.client.post(f"{ENGINES}/0123/test")).status_code == 403
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR)
    assert (await browser.client.post(f"{ENGINES}/0123/test")).status_code == 200
