"""The `openai` package's realtime clients hold conversations by voice with the server and its models."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator

import pytest

from antiphon.audio.pcm import Pcm

from ..conftest import SpeechClip
from ..speech import read_flac, word_error_rate
from .conversation import SAMPLE_RATE, SERVER_VAD, Beta, Conversation, Ga, opened
from .running_server import RunningServer

pytestmark = pytest.mark.anyio

CLIP = "pocketsphinx/sense_and_sensibility_01_austen_64kb-0880.flac"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Tells the current weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.fixture(params=[Beta, Ga], ids=["beta", "ga"])
async def conversation(request: pytest.FixtureRequest, server: RunningServer) -> AsyncGenerator[Conversation]:
    async with opened(server, request.param()) as conversation:
        yield conversation


@pytest.fixture
def clip(speech_clips: dict[str, SpeechClip]) -> SpeechClip:
    return speech_clips[CLIP]


async def test_a_typed_question_is_answered_aloud(conversation: Conversation):
    await conversation.configure(None)
    await conversation.write("What is the capital of France?")
    response = (await conversation.until("response.done")).response
    assert response.status == "completed"
    assert response.usage.output_token_details.audio_tokens > 10
    assert "Paris" in conversation.transcript()
    assert response.output[0].content[0].transcript == conversation.transcript()
    assert conversation.spoken_seconds() > 0.5


async def test_what_is_said_is_found_transcribed_and_answered(conversation: Conversation, clip: SpeechClip):
    await conversation.configure(SERVER_VAD)
    await conversation.say(read_flac(clip.path))
    await conversation.say(Pcm.silence(1.0, SAMPLE_RATE))
    transcribed = "conversation.item.input_audio_transcription.completed"
    response = (await conversation.until(transcribed, "response.done")).response
    (heard,) = conversation.each(transcribed)
    assert word_error_rate(clip.transcript, heard.transcript) <= 0.2
    (started,) = conversation.each("input_audio_buffer.speech_started")
    (stopped,) = conversation.each("input_audio_buffer.speech_stopped")
    assert started.item_id == stopped.item_id == heard.item_id
    assert started.audio_start_ms < 1_000
    assert stopped.audio_end_ms > 2_000
    assert response.status == "completed"
    assert conversation.transcript()
    assert conversation.spoken_seconds() > 0.5


async def test_a_function_is_called_and_its_result_told_aloud(conversation: Conversation):
    choice = {"type": "function", "name": "get_weather"}
    await conversation.configure(None, tools=[WEATHER], tool_choice=choice)
    await conversation.write("What is the weather in Paris?")
    (call,) = (await conversation.until("response.done")).response.output
    assert (call.type, call.name) == ("function_call", "get_weather")
    assert "Paris" in json.loads(call.arguments)["city"]
    (told,) = conversation.each("response.function_call_arguments.done")
    assert (told.call_id, told.arguments) == (call.call_id, call.arguments)

    await conversation.configure(None, tool_choice="none")
    output = {"type": "function_call_output", "call_id": call.call_id, "output": '{"sky": "sunny", "celsius": 21}'}
    await conversation.connection.conversation.item.create(item=output)
    await conversation.connection.response.create()
    await conversation.until("response.done")
    assert re.search(r"sunny|clear|21|twenty", conversation.transcript().lower())
    assert conversation.spoken_seconds() > 0.5


async def test_whoever_speaks_interrupts_the_reply(conversation: Conversation, clip: SpeechClip):
    await conversation.configure(SERVER_VAD, instructions="Tell long stories.")
    await conversation.write("Tell me a long story of a dog that travels around the world.")
    first = await conversation.until(f"{conversation.dialect.audio}.delta")
    await conversation.say(read_flac(clip.path))
    response = (await conversation.until("input_audio_buffer.speech_started", "response.done")).response
    assert (response.status, response.status_details.reason) == ("cancelled", "turn_detected")

    told_ms = round(conversation.spoken_seconds() * 1000)
    truncate = conversation.connection.conversation.item.truncate
    await truncate(item_id=first.item_id, content_index=0, audio_end_ms=told_ms // 2)
    truncated = await conversation.until("conversation.item.truncated")
    assert (truncated.item_id, truncated.audio_end_ms) == (first.item_id, told_ms // 2)


async def test_without_turn_detection_the_client_says_when(conversation: Conversation, clip: SpeechClip):
    await conversation.configure(None)
    await conversation.say(read_flac(clip.path))
    await conversation.connection.input_audio_buffer.commit()
    committed = await conversation.until("input_audio_buffer.committed")
    await conversation.connection.response.create()
    transcribed = "conversation.item.input_audio_transcription.completed"
    response = (await conversation.until(transcribed, "response.done")).response
    (heard,) = conversation.each(transcribed)
    assert heard.item_id == committed.item_id
    assert word_error_rate(clip.transcript, heard.transcript) <= 0.2
    assert response.status == "completed"
    assert conversation.spoken_seconds() > 0.5
    assert not conversation.each("input_audio_buffer.speech_started")
