"""Engines behind a URL: a llama.cpp server that dies and comes back, and another Antiphon."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from bench.engines.llama_server import KEY
from bench.engines.processes import UpstreamProcess, running
from openai import OpenAI

from antiphon.audio.pcm import Pcm

from ..conftest import SpeechClip
from ..speech import read_flac, word_error_rate
from ..waiting import until
from .conversation import SAMPLE_RATE, SERVER_VAD, Conversation, Ga, opened
from .running_server import RunningServer, serving

pytestmark = pytest.mark.anyio

SETTINGS = """
language_model = "llama"

[engines.llama]
kind = "openai-chat"
url = "{llama}"
model = "smollm2"
key_variable = "LLAMA_KEY"

[engines.antiphon]
kind = "openai-chat"
url = "{antiphon}/v1"
model = "gpt-4o-audio-preview"
key_variable = "ANTIPHON_KEY"
extra = {{ modalities = ["text", "audio"], audio = {{ voice = "alloy", format = "pcm16" }} }}

[profiles.antiphon]
language_model = "antiphon"

[engines.whole-antiphon]
kind = "openai-audio"
url = "{antiphon}/v1"
model = "gpt-4o-audio-preview"
key_variable = "ANTIPHON_KEY"
voices = {{ alloy = "alloy" }}

[profiles.whole-antiphon]
responder = "whole-antiphon"
"""
DEPLOYMENTS = (
    ("antiphon", "gpt-4o-audio-preview", "antiphon"),
    ("whole-antiphon", "gpt-4o-audio-preview", "whole-antiphon"),
    ("whole-antiphon-live", "gpt-4o-realtime-preview", "whole-antiphon"),
)
"""By name: their models and profiles."""
ALOUD: dict[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}
CLIP = "pocketsphinx/sense_and_sensibility_01_austen_64kb-0880.flac"
WEATHER: Any = {
    "name": "get_weather",
    "description": "Tells the current weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
SECONDS_TO_RECOVER = 10


@pytest.fixture(scope="module")
def llama(model_path: Callable[[str], Path]) -> Generator[UpstreamProcess]:
    (model,) = model_path("smollm2-135m").glob("*.gguf")
    with running(UpstreamProcess("bench.engines.llama_server", str(model), key=KEY)) as process:
        yield process


@pytest.fixture(scope="module")
def front(
    server: RunningServer, llama: UpstreamProcess, tmp_path_factory: pytest.TempPathFactory
) -> Generator[RunningServer]:
    """An Antiphon whose models are elsewhere: in `llama`, and in the Antiphon `server`."""
    settings = SETTINGS.format(llama=llama.url, antiphon=server.url)
    environment = {"LLAMA_KEY": KEY, "ANTIPHON_KEY": server.key}
    data = tmp_path_factory.mktemp("front")
    with serving(data, max_reply_tokens=400, more_settings=settings, environment=environment) as front:
        for name, model, profile in DEPLOYMENTS:
            deployment = (name, "--model", model, "--profile", profile)
            front.run("deployments", "create", *deployment, "--config", str(data / "antiphon.toml"))
        yield front


@pytest.fixture(scope="module")
def client(front: RunningServer) -> OpenAI:
    client = OpenAI(base_url=f"{front.url}/v1", api_key=front.key, max_retries=0)
    until(lambda: DEPLOYMENTS[-1][0] in [model.id for model in client.models.list()])
    return client


def spoken(clip: SpeechClip) -> Any:
    data = base64.b64encode(clip.path.read_bytes()).decode()
    return {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}]}


async def test_a_llama_server_answers_in_chat(client: OpenAI):
    question: Any = {"role": "user", "content": "Tell me a story of the sea."}
    completion = client.chat.completions.create(
        model="gpt-4o-audio-preview", messages=[question], max_tokens=8, **ALOUD
    )
    assert completion.choices[0].finish_reason == "length"
    assert completion.choices[0].message.audio is not None
    assert completion.choices[0].message.audio.transcript
    assert len(completion.choices[0].message.audio.data) > 10_000


async def test_a_llama_server_answers_in_json_with_log_probabilities(
    client: OpenAI, speech_clips: dict[str, SpeechClip]
):
    schema: Any = {"type": "object", "properties": {"mood": {"enum": ["sad", "glad"]}}, "required": ["mood"]}
    completion = client.chat.completions.create(
        model="gpt-4o-audio-preview",
        messages=[spoken(speech_clips[CLIP])],
        response_format={"type": "json_schema", "json_schema": {"name": "mood", "schema": schema}},
        logprobs=True,
        top_logprobs=2,
        max_tokens=24,
    )
    assert json.loads(completion.choices[0].message.content or "")["mood"] in {"sad", "glad"}
    logprobs = completion.choices[0].logprobs
    assert logprobs is not None
    assert "".join(token.token for token in logprobs.content or ()).strip() == completion.choices[0].message.content
    assert completion.usage is not None
    assert completion.usage.completion_tokens > 3


async def test_a_session_outlives_the_llama_server_that_answers_it(front: RunningServer, llama: UpstreamProcess):
    async with opened(front, Ga()) as conversation:
        await conversation.configure(None)
        await conversation.write("Tell me a long story.")
        await conversation.until("response.output_audio_transcript.delta")
        llama.kill()
        broken = (await conversation.until("response.done")).response
        assert broken.status == "failed"

        assert (await answered(conversation)).status == "failed"  # Nobody is there.
        llama.start()
        started = time.monotonic()
        while (again := await answered(conversation)).status == "failed":
            assert time.monotonic() - started < SECONDS_TO_RECOVER
            await asyncio.sleep(0.2)
        assert again.output[0].content[0].text
    log = front.log.read_text()
    assert re.search(rf"The engine llama at {llama.url} failed: the connection failed \(RemoteProtocolError", log)
    assert re.search(rf"The engine llama at {llama.url} failed: the connection failed \(ConnectError", log)


async def answered(conversation: Conversation) -> Any:
    await conversation.connection.response.create(response={"max_output_tokens": 8, "output_modalities": ["text"]})
    return (await conversation.until("response.done")).response


async def test_another_antiphon_answers_in_chat(client: OpenAI):
    question: Any = {"role": "user", "content": "What is the capital of France?"}
    completion = client.chat.completions.create(model="antiphon", messages=[question], max_tokens=20, **ALOUD)
    audio = completion.choices[0].message.audio
    assert audio is not None
    assert "Paris" in audio.transcript


async def test_another_antiphon_calls_tools(client: OpenAI):
    completion = client.chat.completions.create(
        model="antiphon",
        messages=[{"role": "user", "content": "What is the weather in Paris?"}],
        tools=[{"type": "function", "function": WEATHER}],
        tool_choice="required",
        **ALOUD,
    )
    (call,) = completion.choices[0].message.tool_calls or []
    assert call.type == "function"
    assert (call.function.name, "Paris" in call.function.arguments) == ("get_weather", True)
    assert completion.choices[0].finish_reason == "tool_calls"


async def test_another_antiphon_hears_and_speaks_in_place_of_all_engines(
    client: OpenAI, speech_clips: dict[str, SpeechClip]
):
    completion = client.chat.completions.create(
        model="whole-antiphon", messages=[spoken(speech_clips[CLIP])], max_tokens=24, **ALOUD
    )
    audio = completion.choices[0].message.audio
    assert audio is not None
    assert audio.transcript
    assert len(audio.data) > 10_000
    assert completion.usage is not None
    assert completion.usage.prompt_tokens_details is not None
    assert (completion.usage.prompt_tokens_details.audio_tokens or 0) > 10


async def test_another_antiphon_converses_in_place_of_all_engines(
    front: RunningServer, client: OpenAI, speech_clips: dict[str, SpeechClip]
):
    async with opened(front, Ga("whole-antiphon-live")) as conversation:
        await conversation.configure(SERVER_VAD)
        await conversation.say(read_flac(speech_clips[CLIP].path))
        await conversation.say(Pcm.silence(1.0, SAMPLE_RATE))
        transcribed = "conversation.item.input_audio_transcription.completed"
        response = (await conversation.until(transcribed, "response.done")).response
        (heard,) = conversation.each(transcribed)
        assert word_error_rate(speech_clips[CLIP].transcript, heard.transcript) <= 0.2
        assert response.status == "completed"
        assert conversation.transcript()
        assert conversation.spoken_seconds() > 0.5
