from __future__ import annotations

import asyncio
import base64
import io
import wave
from contextlib import aclosing
from typing import Any

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import ContextLengthExceeded, EngineFailed, NotSupportedByEngine, RefusedByEngine
from antiphon.engines.interfaces import (
    AudioDelta,
    AudioMessage,
    AudioPrompt,
    Conversed,
    GenerationFinished,
    Sampling,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
    TranscriptDelta,
)
from antiphon.engines.remote.audio_model import RemoteAudioModel
from antiphon.vocabulary.tools import Tool, ToolCall

from .audio_double import TONE, USAGE, audio_model, base64_of, called, content, end, sound, wav, words
from .upstream_double import Answer, Connection, document, event_stream, hang, status, upstream, vanish

pytestmark = pytest.mark.anyio

SAID = Pcm(TONE.samples, 16_000)
MESSAGES = [
    AudioMessage(role="system", parts=["Be brief."]),
    AudioMessage(role="user", parts=["Listen:", SAID]),
]
PROMPT = AudioPrompt(messages=MESSAGES, voice="alloy")
LOOK = Tool(name="look", parameters={"type": "object"})
HELLO = event_stream(words("Good "), words("day."), sound(), sound(), end(), USAGE)


async def conversed(engine: RemoteAudioModel, prompt: AudioPrompt = PROMPT) -> list[Conversed]:
    return [piece async for piece in engine.converse(prompt)]


def transcript(pieces: list[Conversed]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TranscriptDelta))


def audio(pieces: list[Conversed]) -> bytes:
    return b"".join(piece.audio.to_int16() for piece in pieces if isinstance(piece, AudioDelta))


async def test_an_answer_comes_as_words_and_sound_with_its_usage():
    async with audio_model(HELLO) as (engine, _):
        pieces = await conversed(engine)
    assert (transcript(pieces), audio(pieces)) == ("Good day.", 2 * TONE.to_int16())
    assert pieces[-1] == GenerationFinished(
        finish_reason="stop",
        prompt_tokens=40,
        cached_tokens=8,
        completion_tokens=30,
        prompt_audio_tokens=25,
        completion_audio_tokens=22,
    )


async def test_recordings_travel_as_files_and_the_voice_is_the_mapped_one():
    prompt = AudioPrompt(messages=MESSAGES, voice="alloy", sampling=Sampling(max_tokens=9, temperature=0.5))
    async with audio_model(HELLO, audio_format="wav", extra={"top_k": 3}) as (engine, double):
        await conversed(engine, prompt)
    (request,) = double.requests
    body = request.json
    (system, user) = body.pop("messages")
    assert request.path == "/v1/chat/completions"
    assert body == {
        "model": "omni",
        "modalities": ["text", "audio"],
        "audio": {"voice": "Cherry", "format": "wav"},
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 9,
        "temperature": 0.5,
        "top_k": 3,
    }
    assert system == {"role": "system", "content": "Be brief."}
    text, recording = user["content"]
    assert text == {"type": "text", "text": "Listen:"}
    assert recording["input_audio"]["format"] == "wav"
    with wave.open(io.BytesIO(base64.b64decode(recording["input_audio"]["data"]))) as file:
        assert (file.getframerate(), file.getnframes()) == (16_000, 4800)


async def test_an_answer_in_text_is_asked_for_without_a_voice():
    async with audio_model(event_stream(content("Good "), content("day."), end())) as (engine, double):
        pieces = await conversed(engine, AudioPrompt(messages=MESSAGES))
    assert pieces[:-1] == [TextDelta(text="Good "), TextDelta(text="day.")]
    assert double.requests[0].json["modalities"] == ["text"]
    assert "audio" not in double.requests[0].json


@pytest.mark.parametrize(
    "answer",
    [
        event_stream(content("Good day."), sound(), sound(), end()),
        event_stream(content("Good day."), sound(wav()), sound(wav()), end()),
        event_stream(
            content("Good day.", modality="text"),
            end(),
            content(base64_of(wav()), modality="audio"),
            end(),
            content(base64_of(wav()), modality="audio"),
            end(),
        ),
        event_stream(words("Good "), content("Good "), words("day."), content("day."), sound(), sound(), end()),
    ],
    ids=["words as content", "a file each", "sound as content", "words twice"],
)
async def test_other_servers_ways_of_speaking_are_understood(answer: Answer):
    async with audio_model(answer) as (engine, _):
        pieces = await conversed(engine)
    assert (transcript(pieces), audio(pieces)) == ("Good day.", 2 * TONE.to_int16())
    assert isinstance(pieces[-1], GenerationFinished)


async def test_samples_that_are_cut_in_two_are_joined():
    data = TONE.to_int16()
    async with audio_model(event_stream(words("Hm."), sound(data[:333]), sound(data[333:]), end())) as (engine, _):
        assert audio(await conversed(engine)) == data


async def test_calls_of_tools_come_with_their_ends_and_their_history():
    answer = event_stream(called(0, "", id="call_a", name="look"), called(0, '{"at":"sky"}'), end("tool_calls"))
    call = ToolCall(id="call_0", name="look", arguments="{}")
    messages = [
        *MESSAGES,
        AudioMessage(role="assistant", tool_calls=[call]),
        AudioMessage(role="tool", parts=["sunny"], tool_call_id="call_0"),
    ]
    async with audio_model(answer) as (engine, double):
        pieces = await conversed(engine, AudioPrompt(messages=messages, voice="alloy", tools=[LOOK]))
    assert pieces[:-1] == [
        ToolCallDelta(index=0, id="call_a", name="look"),
        ToolCallDelta(index=0, arguments='{"at":"sky"}'),
        ToolCallEnded(index=0),
    ]
    body = double.requests[0].json
    assert body["tools"][0]["function"]["name"] == "look"
    assert body["messages"][2]["tool_calls"][0]["id"] == body["messages"][3]["tool_call_id"] == "call_0"


async def _never_ending(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(words("Good "), done=False)
    await connection.closed.wait()


async def test_the_same_conversation_goes_to_the_same_replica_however_busy_it_is():
    later = [*MESSAGES, AudioMessage(role="assistant", parts=["Good day."]), AudioMessage(role="user", parts=["And?"])]
    another = [AudioMessage(role="user", parts=[Pcm(TONE.samples[::-1], 16_000)])]
    async with (
        upstream(_never_ending, HELLO) as first,
        upstream(HELLO) as second,
        audio_model(HELLO, url=(first.url, second.url)) as (engine, _),
        aclosing(engine.converse(PROMPT)) as pieces,
    ):
        await anext(pieces)
        await conversed(engine, AudioPrompt(messages=later, voice="alloy"))
        assert (len(first.requests), len(second.requests)) == (2, 0)
        await conversed(engine, AudioPrompt(messages=another, voice="alloy"))
        assert (len(first.requests), len(second.requests)) == (2, 1)


async def test_closing_the_generator_closes_the_connection():
    async with audio_model(_never_ending) as (engine, double):
        async with aclosing(engine.converse(PROMPT)) as pieces:
            assert await anext(pieces) == TranscriptDelta(text="Good ")
        await asyncio.wait_for(double.closed.wait(), 5)


@pytest.mark.parametrize(
    ("prompt", "settings", "feature"),
    [
        (AudioPrompt(messages=MESSAGES, voice="echo"), {}, "voice"),
        (AudioPrompt(messages=MESSAGES, voice="alloy", speed=1.5), {}, "speed"),
        (AudioPrompt(messages=MESSAGES, voice="alloy", tools=[LOOK]), {"lacks": ["tools"]}, "tools"),
    ],
)
async def test_what_the_upstream_lacks_is_refused_by_name(prompt: AudioPrompt, settings: Any, feature: str):
    async with audio_model(HELLO, **settings) as (engine, double):
        with pytest.raises(NotSupportedByEngine, match=feature):
            await conversed(engine, prompt)
        assert double.requests == []


async def test_what_the_upstream_complains_of_is_told():
    long = b'{"error": {"message": "At most 30 s of audio.", "code": "context_length_exceeded"}}'
    async with audio_model(status(400, long), status(400, b'{"error": {"message": "No voice Cherry."}}')) as (
        engine,
        _,
    ):
        with pytest.raises(ContextLengthExceeded, match="30 s"):
            await conversed(engine)
        with pytest.raises(RefusedByEngine, match="No voice Cherry"):
            await conversed(engine)


@pytest.mark.parametrize(
    "answer",
    [
        vanish,
        status(500, b"boom"),
        status(429, retry_after="0"),
        document(b"<html>Bad gateway</html>", "text/html"),
        event_stream({"error": {"message": "out of memory"}}, done=False),
    ],
    ids=["vanishes", "500", "429", "html", "error event"],
)
async def test_what_fails_before_the_first_piece_is_asked_again(answer: Answer):
    async with audio_model(answer, HELLO) as (engine, double):
        assert transcript(await conversed(engine)) == "Good day."
        assert len(double.requests) == 2


async def _half_an_event(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(words("Good "), sound(), done=False)
    await connection.send(b'data: {"choices": [{"del')


async def _vanish_in_mid_reply(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(words("Good "), sound(), done=False)
    connection.writer.transport.abort()


async def _hang_in_mid_reply(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(words("Good "), sound(), done=False)
    await connection.closed.wait()


@pytest.mark.parametrize(
    "answer",
    [
        status(401),
        hang,
        _half_an_event,
        _vanish_in_mid_reply,
        _hang_in_mid_reply,
        event_stream(words("Good "), sound(), done=True),
        event_stream(words("Good "), sound(wav(Pcm(TONE.samples, 16_000))), end()),
        event_stream(words("Good "), sound(b"RIFF\x00\x00\x00\x00WAVEjunk"), end()),
        event_stream(words("Good "), sound(b"OggS\x00\x00"), end()),
        event_stream(words("Good "), content("%%%", modality="audio"), end()),
        event_stream(content("I can only write."), end()),
    ],
    ids=[
        "401",
        "hangs",
        "half an event",
        "vanishes",
        "hangs in mid-reply",
        "no end",
        "16 kHz",
        "broken file",
        "ogg",
        "no base64",
        "text only",
    ],
)
async def test_what_is_not_a_whole_spoken_answer_fails(answer: Answer, caplog: pytest.LogCaptureFixture):
    async with audio_model(answer, HELLO, retries=0, read_seconds=0.3) as (engine, double):
        with pytest.raises(EngineFailed):
            await conversed(engine)
        assert len(double.requests) == 1
    assert "The engine voice at http://127.0.0.1" in caplog.text
