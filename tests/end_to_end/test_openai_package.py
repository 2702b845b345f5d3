"""The `openai` package converses with the server, through all of its clients."""

from __future__ import annotations

import base64
import io
import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.whisper import Whisper

from ..conftest import SpeechClip
from ..speech import word_error_rate
from .running_server import RunningServer

pytestmark = pytest.mark.anyio

MODEL = "gpt-4o-audio-preview"
ALOUD: dict[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}
QUESTION: list[Any] = [{"role": "user", "content": "What is the capital of France?"}]


@pytest.fixture
def azure(server: RunningServer) -> AzureOpenAI:
    return AzureOpenAI(azure_endpoint=server.url, api_key=server.key, api_version="2025-01-01-preview", max_retries=0)


@pytest.fixture
def plain(server: RunningServer) -> OpenAI:
    return OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0)


@pytest.fixture(scope="module")
def whisper(model_path: Callable[[str], Path]) -> Whisper:
    return Whisper(model_path("whisper-base"), workers=2, max_waiting=4)


async def heard(whisper: Whisper, audio: Pcm, language: str = "en") -> str:
    return " ".join([segment.text async for segment in whisper.recognize(audio, language=language)])


def read_wav(data: str) -> Pcm:
    with wave.open(io.BytesIO(base64.b64decode(data))) as file:
        return Pcm.from_int16(file.readframes(file.getnframes()), file.getframerate())


def recording(clip: Path) -> dict[str, object]:
    """A content part: a FLAC file, which the server tells by its first bytes."""
    data = base64.b64encode(clip.read_bytes()).decode()
    return {"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}


async def test_what_is_heard_is_what_the_transcript_says(azure: AzureOpenAI, whisper: Whisper):
    question: list[Any] = [{"role": "user", "content": "Is a golden retriever a good family dog?"}]
    audio = azure.chat.completions.create(model=MODEL, messages=question, seed=1, **ALOUD).choices[0].message.audio
    assert "dog" in audio.transcript.lower()
    assert word_error_rate(audio.transcript, await heard(whisper, read_wav(audio.data))) <= 0.1


def test_a_plain_client_gets_a_spoken_answer(plain: OpenAI):
    audio = plain.chat.completions.create(model=MODEL, messages=QUESTION, **ALOUD).choices[0].message.audio
    assert "Paris" in audio.transcript
    assert read_wav(audio.data).seconds > 0.5


async def test_an_async_azure_client_gets_a_spoken_answer(server: RunningServer):
    async with AsyncAzureOpenAI(azure_endpoint=server.url, api_key=server.key, api_version="2024-10-21") as client:
        completion = await client.chat.completions.create(model=MODEL, messages=QUESTION, **ALOUD)
    audio = completion.choices[0].message.audio
    assert "Paris" in audio.transcript
    assert read_wav(audio.data).seconds > 0.5


async def test_a_streamed_answer_is_spoken_as_it_is_written(plain: OpenAI, whisper: Whisper):
    options: dict[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "echo", "format": "pcm16"}}
    transcript, samples = "", b""
    for chunk in plain.chat.completions.create(model=MODEL, messages=QUESTION, stream=True, **options):
        for choice in chunk.choices:
            if (audio := choice.delta.audio) is not None:
                transcript += audio.transcript or ""
                samples += base64.b64decode(audio.data or "")
    assert "Paris" in transcript
    assert "paris" in (await heard(whisper, Pcm.from_int16(samples, 24_000))).lower()


async def test_an_async_stream_ends_with_its_usage(server: RunningServer):
    options: dict[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}
    async with AsyncOpenAI(base_url=f"{server.url}/openai/v1", api_key=server.key) as client:
        stream = await client.chat.completions.create(
            model=MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}, **options
        )
        chunks = [chunk async for chunk in stream]
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.completion_tokens_details is not None
    assert (usage.completion_tokens_details.audio_tokens or 0) > 10
    assert chunks[-2].choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("path", "language"),
    [("multilingual/leopard_test_fr.flac", "fr"), ("multilingual/cheetah_test_it.flac", "it")],
)
async def test_speech_is_answered_in_its_language_aloud(
    azure: AzureOpenAI, whisper: Whisper, speech_clips: dict[str, SpeechClip], path: str, language: str
):
    messages: list[Any] = [{"role": "user", "content": [recording(speech_clips[path].path)]}]
    audio = azure.chat.completions.create(model=MODEL, messages=messages, seed=2, **ALOUD).choices[0].message.audio
    spoken = [segment async for segment in whisper.recognize(read_wav(audio.data))]
    assert spoken[0].language == language
    assert word_error_rate(audio.transcript, " ".join(segment.text for segment in spoken)) < 0.4


def test_a_conversation_goes_on_by_audio_id(azure: AzureOpenAI):
    messages: list[Any] = [{"role": "user", "content": "My dog is called Bello. Please say hello to him."}]
    first = azure.chat.completions.create(model=MODEL, messages=messages, **ALOUD)
    messages += [
        {"role": "assistant", "audio": {"id": first.choices[0].message.audio.id}},
        {"role": "user", "content": "What is my dog called?"},
    ]
    second = azure.chat.completions.create(model=MODEL, messages=messages)
    assert "Bello" in str(second.choices[0].message.content)


def test_a_tool_is_called_for_a_spoken_question(plain: OpenAI, azure: AzureOpenAI):
    question = azure.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Say only: What is the weather in Paris right now?"}],
        **ALOUD,
    )
    weather: Any = {
        "name": "get_weather",
        "description": "Tells the current weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
    spoken: Any = {
        "type": "input_audio",
        "input_audio": {"data": question.choices[0].message.audio.data, "format": "wav"},
    }
    completion = plain.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": [spoken]}],
        tools=[{"type": "function", "function": weather}],
        tool_choice="required",
    )
    (call,) = completion.choices[0].message.tool_calls or []
    assert call.type == "function"
    assert completion.choices[0].finish_reason == "tool_calls"
    assert call.function.name == "get_weather"
    assert "city" in json.loads(call.function.arguments)


def test_errors_are_the_packages_own(server: RunningServer, azure: AzureOpenAI, plain: OpenAI):
    with pytest.raises(openai.BadRequestError, match="requires that either input content or output modality"):
        plain.chat.completions.create(model=MODEL, messages=QUESTION)
    with pytest.raises(openai.NotFoundError, match="The API deployment for this resource does not exist"):
        azure.chat.completions.create(model="nothing", messages=QUESTION, **ALOUD)
    with pytest.raises(openai.AuthenticationError, match="invalid subscription key"):
        plain.with_options(api_key="wrong").chat.completions.create(model=MODEL, messages=QUESTION, **ALOUD)


def test_the_log_knows_a_request_by_the_id_its_response_has(server: RunningServer):
    response = httpx.get(f"{server.url}/v1/models", headers={"api-key": server.key})
    assert response.headers["x-request-id"] in server.log.read_text()
    assert server.key not in server.log.read_text()
