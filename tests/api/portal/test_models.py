"""The catalogue of models in the portal, and fetching them from there."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR
from antiphon.models.cache import ModelCache
from antiphon.models.catalogue import CATALOGUE
from antiphon.models.errors import ModelError
from antiphon.models.progress import Progress

from ...identity.forging import OBJECT_ID
from ...waiting import eventually
from ..conftest import Backend
from .conftest import Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

MODELS = "/portal/api/models"
NAME = "smollm2-135m"


async def model(browser: Browser, name: str = NAME) -> dict[str, Any]:
    models = (await browser.client.get(MODELS)).json()["models"]
    return next(each for each in models if each["name"] == name)


class ScriptedPull:
    """A double of `ModelCache.pull`: half of a model comes, and the rest once it is let go on; or an error."""

    def __init__(self) -> None:
        self.pulled: list[str] = []
        self.go_on = threading.Event()
        self.error: Exception | None = None

    def __call__(self, names: Iterable[str], progress: Progress) -> None:
        (name,) = names
        self.pulled.append(name)
        progress.begin(name, 1_000)
        progress.reached(name, 500)
        self.go_on.wait(10)
        if self.error is not None:
            raise self.error
        progress.finish(name)


@pytest.fixture
def scripted(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedPull]:
    pull = ScriptedPull()
    monkeypatch.setattr(backend.services.portal.data.models, "pull", pull)
    yield pull
    pull.go_on.set()


async def is_over(backend: Backend) -> None:
    pulls = backend.services.portal.data.pulls
    await eventually(lambda: (status := pulls.status(NAME)) is None or status.error)


async def test_the_catalogue_is_listed_with_what_is_there(operator: Browser, backend: Backend):
    answered = (await operator.client.get(MODELS)).json()
    cache: ModelCache = backend.services.portal.data.models
    assert answered["directory"] == str(cache.directory)
    assert answered["free_bytes"] > 0
    assert [each["name"] for each in answered["models"]] == list(CATALOGUE)
    assert {each["name"] for each in answered["models"] if each["profiles"] != ["default", "fast", "mini"]} == {
        "gtcrn",
        "qwen2.5-coder-0.5b",
        "resemblyzer",
        "whisper-small",
        NAME,
    }
    assert await model(operator, "silero-vad") == {
        "name": "silero-vad",
        "title": "Silero VAD 6.2, ONNX",
        "purpose": "voice activity",
        "license": "MIT",
        "homepage": "https://github.com/snakers4/silero-vad",
        "bytes": 2_327_524,
        "state": "missing",
        "profiles": ["default", "fast", "mini"],
        "pull": None,
    }


async def test_a_pull_goes_on_in_the_server_and_tells_how_far_it_is(
    operator: Browser, backend: Backend, scripted: ScriptedPull
):
    assert (await operator.client.post(f"{MODELS}/{NAME}/pull")).status_code == 202
    await eventually(lambda: scripted.pulled)
    assert (await operator.client.post(f"{MODELS}/{NAME}/pull")).status_code == 202
    assert (await model(operator))["pull"] == {"done_bytes": 500, "total_bytes": 1_000, "error": None}
    scripted.go_on.set()
    await is_over(backend)
    assert (await model(operator))["pull"] is None
    assert scripted.pulled == [NAME]


async def test_why_a_pull_failed_is_told(operator: Browser, backend: Backend, scripted: ScriptedPull):
    scripted.error = ModelError("The disk is full. Make room.")
    scripted.go_on.set()
    await operator.client.post(f"{MODELS}/{NAME}/pull")
    await is_over(backend)
    assert (await model(operator))["pull"]["error"] == "The disk is full. Make room."


@pytest.mark.parametrize("name", ["gpt-9", "..%2F..", "%00", "silero-vad%2F.."])
async def test_a_model_that_there_is_none_of_is_not_pulled(operator: Browser, scripted: ScriptedPull, name: str):
    response = await operator.client.post(f"{MODELS}/{name}/pull")
    assert response.status_code == 404
    assert "error" in response.json()
    assert scripted.pulled == []


async def test_to_pull_takes_the_right_to_manage_all_accounts(
    browser: Browser, backend: Backend, scripted: ScriptedPull
):
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR, scope=backend.account_id)
    refused = await browser.client.post(f"{MODELS}/{NAME}/pull")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert scripted.pulled == []
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR)
    assert (await browser.client.post(f"{MODELS}/{NAME}/pull")).status_code == 202
