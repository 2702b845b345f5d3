"""Who speaks, as `gpt-4o-transcribe-diarize` tells it."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import numpy as np
import pytest
from openai import AsyncOpenAI

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm

pytestmark = pytest.mark.anyio

RATE = 16_000
MODEL = "gpt-4o-transcribe-diarize"


def voice(hz: float, seconds: float = 4.0) -> Pcm:
    time = np.arange(round(seconds * RATE)) / RATE
    return Pcm((0.5 * np.sin(2 * np.pi * hz * time)).astype(np.float32), RATE)


def wav(*parts: Pcm) -> bytes:
    return encode(parts, audio_format=Format.WAV, sample_rate=RATE)


def conversation() -> tuple[str, bytes]:
    """Two voices in turns; the second speaks last as well."""
    pause = Pcm.silence(3.0, RATE)
    return "talk.wav", wav(voice(210), pause, voice(410), pause, voice(210), pause, voice(410), pause)


def reference(hz: float, seconds: float = 3.0) -> str:
    return f"data:audio/wav;base64,{base64.b64encode(wav(voice(hz, seconds))).decode()}"


async def test_each_segment_has_its_speaker(openai: AsyncOpenAI):
    transcription: Any = await openai.audio.transcriptions.create(
        model=MODEL, file=conversation(), response_format="diarized_json", chunking_strategy="auto"
    )
    assert [segment.speaker for segment in transcription.segments] == ["A", "B", "A", "B"]
    first = transcription.segments[0]
    assert (first.type, first.id, first.start, first.text) == (
        "transcript.text.segment",
        "seg_0",
        0.0,
        "What is the time?",
    )
    assert (transcription.task, transcription.duration) == ("transcribe", 28.0)
    assert transcription.usage.type == "tokens"


async def test_known_speakers_are_called_by_their_names(openai: AsyncOpenAI):
    transcription: Any = await openai.audio.transcriptions.create(
        model=MODEL,
        file=conversation(),
        response_format="diarized_json",
        known_speaker_names=["Ada", "Grace"],
        known_speaker_references=[reference(410), reference(610)],
    )
    assert [segment.speaker for segment in transcription.segments] == ["A", "Ada", "A", "Ada"]


async def test_segments_are_streamed(openai: AsyncOpenAI):
    stream = await openai.audio.transcriptions.create(
        model=MODEL, file=conversation(), response_format="diarized_json", stream=True
    )
    events = [event.model_dump() async for event in stream]
    assert [event["type"].removeprefix("transcript.text.") for event in events] == ["delta", "segment"] * 4 + ["done"]
    assert events[2]["segment_id"] == events[3]["id"] == "seg_1"
    assert events[3]["speaker"] == "B"


async def test_without_speakers_it_transcribes_like_the_others(openai: AsyncOpenAI):
    transcription = await openai.audio.transcriptions.create(model=MODEL, file=conversation())
    assert transcription.text == " ".join(["What is the time?"] * 4)


NAMES, REFERENCES = "known_speaker_names[]", "known_speaker_references[]"
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("whisper-1", {NAMES: "Ada", REFERENCES: "x"}, "known_speaker_names"),
    (MODEL, {NAMES: "Ada"}, "known_speaker_names"),
    (MODEL, {NAMES: ["Ada", "Ada"], REFERENCES: ["x", "y"]}, "known_speaker_names"),
    (MODEL, {NAMES: [*"ABCDE"], REFERENCES: [*"ABCDE"]}, "known_speaker_names"),
    (MODEL, {NAMES: "Ada", REFERENCES: "https://example.org/ada.wav"}, "known_speaker_references[0]"),
    (MODEL, {NAMES: "Ada", REFERENCES: "data:audio/wav;base64,!!"}, "known_speaker_references[0]"),
    (MODEL, {NAMES: "Ada", REFERENCES: "data:audio/wav;base64,bm90IGF1ZGlv"}, "known_speaker_references[0]"),
    (MODEL, {NAMES: "Ada", REFERENCES: reference(210, 1.0)}, "known_speaker_references[0]"),
    (MODEL, {NAMES: "Ada", REFERENCES: reference(210, 12.0)}, "known_speaker_references[0]"),
]


async def test_references_that_cannot_be_used_are_refused(http: httpx.AsyncClient):
    name, data = conversation()
    for model, fields, param in REFUSED:
        answer = await http.post(
            "/v1/audio/transcriptions", data={"model": model, **fields}, files={"file": (name, data)}
        )
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, param), fields
