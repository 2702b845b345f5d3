"""What a client says in a Realtime session: found, transcribed, and answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from antiphon.dialogue.reply import ReplyEvent, ReplyFinished, ReplyRequest, Speech, TextWritten, Usage
from antiphon.engines.errors import EngineFailed

from ...waiting import eventually
from .realtime_server import BETA, GA, MANUAL, SECONDS, SILENCE, RealtimeServer, ask, said

pytestmark = pytest.mark.anyio

LOGPROBS = [
    {"token": f" {word}", "logprob": -0.5, "bytes": list(f" {word}".encode())}
    for word in ("What", "is", "the", "time?")
]
FINISHED = ReplyFinished(finish_reason="stop", usage=Usage(input_text_tokens=3, output_text_tokens=2))


def repeat_what_is_heard(realtime: RealtimeServer) -> None:
    hearing = realtime.backend.services.realtime.profiles["default"].hearing

    async def respond(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        for turn in request.conversation:
            for part in turn.parts:
                if isinstance(part, Speech):
                    yield TextWritten(text=(await hearing.hear(part)).text)
        yield FINISHED

    realtime.backend.responder.instead = respond


async def test_a_spoken_turn_is_found_transcribed_and_answered(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
        audio = SILENCE + said(1.0) + SILENCE
        for start in range(0, len(audio), 4801):  # Samples are cut in two.
            await client.append(audio[start : start + 4801])
        events = await client.until("response.done")
        while not any(event["type"].endswith("transcription.completed") for event in events):
            events.append(await client.event())
    by_type = {event["type"]: event for event in events}
    assert by_type["input_audio_buffer.speech_started"]["audio_start_ms"] == pytest.approx(500, abs=64)
    assert by_type["input_audio_buffer.speech_stopped"]["audio_end_ms"] == pytest.approx(2000, abs=64)
    item_id = by_type["input_audio_buffer.speech_started"]["item_id"]
    transcription = by_type["conversation.item.input_audio_transcription.completed"]
    assert (transcription["item_id"], transcription["transcript"]) == (item_id, "What is the time?")


@pytest.mark.parametrize("commits", [True, False])
async def test_transcripts_tell_how_likely_their_tokens_are_if_asked(realtime: RealtimeServer, commits: bool):
    repeat_what_is_heard(realtime)
    include = ["item.input_audio_transcription.logprobs"]
    audio = {"input": {"transcription": {"model": "whisper-1"}, **({"turn_detection": None} if commits else {})}}
    async with realtime.open(GA) as client:
        await client.send("session.update", session={"type": "realtime", "include": include, "audio": audio})
        await client.append(said() + SILENCE)
        if commits:
            await client.send("input_audio_buffer.commit")
        delta = await client.last("conversation.item.input_audio_transcription.delta")
        completed = await client.last("conversation.item.input_audio_transcription.completed")
    assert delta["logprobs"] == completed["logprobs"] == LOGPROBS


async def test_transcription_sessions_of_the_beta_tell_them_as_well(realtime: RealtimeServer):
    include = ["item.input_audio_transcription.logprobs"]
    async with realtime.open(f"{BETA}&intent=transcription") as client:
        session = {"include": include, "turn_detection": None}
        await client.send("transcription_session.update", session=session)
        await client.append(said() + SILENCE)
        await client.send("input_audio_buffer.commit")
        completed = await client.last("conversation.item.input_audio_transcription.completed")
    assert completed["logprobs"] == LOGPROBS


async def test_the_conversation_so_far_is_read_while_the_user_speaks(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"instructions": "Be kind."})
        await client.append(said())
        await client.until("input_audio_buffer.speech_started")
        await eventually(lambda: realtime.backend.responder.read)
    (request,) = realtime.backend.responder.read
    assert [turn.parts for turn in request.conversation] == [("Be kind.",)]


async def test_the_audio_format_may_change_in_mid_stream(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.append(SILENCE)
        await client.send("session.update", session={"input_audio_format": "g711_ulaw"})
        for _ in range(20):
            await client.append(b"\xff" * 800)
        await client.append(b"\x10\x90" * 2400)
        started = await client.last("input_audio_buffer.speech_started")
        assert started["audio_start_ms"] == pytest.approx(2500, abs=64)


async def test_an_utterance_is_recognized_once_for_its_transcript_and_its_replies(realtime: RealtimeServer):
    repeat_what_is_heard(realtime)
    async with realtime.open() as client:
        transcription = {"model": "whisper-1", "language": "en", "prompt": "Rhododendron"}
        await client.send("session.update", session={"input_audio_transcription": transcription} | MANUAL)
        await client.append(said())
        await client.send("input_audio_buffer.commit")
        for _ in range(2):
            await client.send("response.create", response={"modalities": ["text"]})
            await client.until("response.done")
    assert len(realtime.backend.recognizer.utterances) == 1
    assert realtime.backend.recognizer.hints == [("en", "Rhododendron")]


async def test_a_turn_that_the_recognizer_fails_to_hear_is_told_and_the_session_goes_on(realtime: RealtimeServer):
    repeat_what_is_heard(realtime)
    realtime.backend.recognizer.failure = EngineFailed()
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}} | MANUAL)
        await client.append(said())
        await client.send("input_audio_buffer.commit")
        failed = await client.last("conversation.item.input_audio_transcription.failed")
        assert failed["error"]["type"] == "server_error"
        text = {"modalities": ["text"]}
        await client.send("response.create", response=text)
        assert (await client.last("response.done"))["response"]["status"] == "failed"
        realtime.backend.recognizer.failure = None
        await client.send("response.create", response=text)
        assert (await client.last("response.done"))["response"]["status"] == "completed"


async def test_a_recording_in_which_nobody_speaks_has_an_empty_transcript(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}} | MANUAL)
        await client.append(SILENCE)
        await client.send("input_audio_buffer.commit")
        completed = await client.last("conversation.item.input_audio_transcription.completed")
        assert completed["transcript"] == ""


async def test_speaking_interrupts_a_reply(realtime: RealtimeServer):
    realtime.backend.responder.silent_after = 1
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.append(said())
        response = (await client.last("response.done"))["response"]
        assert response["status_details"]["reason"] == "turn_detected"
        await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), SECONDS)
