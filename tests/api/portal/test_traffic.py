"""What deployments have been used for lately, as the portal draws it; and what can answer for them."""

from __future__ import annotations

import time

import pytest

from antiphon.identity.roles import OPENAI_USER

from ...identity.forging import OBJECT_ID
from ..conftest import Backend
from .conftest import Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

TRAFFIC = "/portal/api/traffic"
CHAT = "/openai/deployments/{}/chat/completions?api-version=2025-01-01-preview"


async def test_each_deployment_has_its_last_thirty_minutes(operator: Browser, backend: Backend):
    body = {
        "messages": [{"role": "user", "content": "Hello."}],
        "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "wav"},
        "max_tokens": 100,
    }
    assert (await operator.client.post(CHAT.format("GPT-4o-audio-preview"), json=body)).status_code == 200
    assert (await operator.client.post(CHAT.format("gpt-4o-realtime-preview"), json=body)).status_code == 400
    answered = (await operator.client.get(TRAFFIC)).json()
    assert (abs(answered["now"] - time.time()) < 60, answered["minute_s"]) == (True, 60)
    shown = {each["name"]: each for each in answered["deployments"]}
    chat, realtime = shown["gpt-4o-audio-preview"], shown["gpt-4o-realtime-preview"]
    assert [len(chat["requests"]), len(chat["tokens"]), sum(chat["requests"])] == [30, 30, 1]
    assert sum(chat["tokens"]) > 100
    assert realtime["requests"] == realtime["tokens"] == [0] * 30


async def test_profiles_are_listed_with_their_voices_and_models(operator: Browser):
    engines = {
        "voices": ["alloy", "echo", "shimmer"],
        "recognizer": "whisper-base",
        "language_model": "qwen2.5-coder-1.5b",
        "synthesizer": "kokoro-82m",
    }
    assert (await operator.client.get("/portal/api/profiles")).json() == {
        "profiles": [{"name": "default", **engines}, {"name": "mini", **engines}]
    }


@pytest.mark.parametrize("path", [TRAFFIC, "/portal/api/profiles", "/portal/api/models", "/portal/api/environment"])
async def test_whoever_may_read_the_account_sees_what_there_is(browser: Browser, backend: Backend, path: str):
    assert (await browser.client.get(path)).status_code == 401
    await signed_in_as_ada(browser)
    refused = await browser.client.get(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AuthorizationFailed")
    await backend.services.portal.roles.assign(OBJECT_ID, OPENAI_USER, scope=backend.account_id)
    assert (await browser.client.get(path)).status_code == 200
