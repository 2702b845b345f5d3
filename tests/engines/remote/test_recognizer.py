from __future__ import annotations

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import RecognitionOptions, RecognizedSpeech
from antiphon.engines.remote.recognizer import RemoteRecognizer, TranscriptionSettings

from .upstream_double import Answer, Connection, UpstreamDouble, document, engine_behind, vanish

pytestmark = pytest.mark.anyio

SPEECH = Pcm.silence(1.5, 24_000)
VERBOSE = {
    "language": "french",
    "text": "Bonjour. Ça va ?",
    "segments": [
        {"text": " Bonjour.", "start": 0.1, "end": 0.6, "no_speech_prob": 0.01},
        {"text": " Ça va ?", "start": 0.7, "end": 1.4, "no_speech_prob": 0.02},
    ],
}


def answering(body: Any) -> Answer:
    return document(json.dumps(body).encode())


def recognizer(
    *answers: Answer, **settings: Any
) -> AbstractAsyncContextManager[tuple[RemoteRecognizer, UpstreamDouble]]:
    return engine_behind(
        RemoteRecognizer, "ears", lambda url: TranscriptionSettings(url=url, model="whisper-1", **settings), *answers
    )


async def heard(engine: RemoteRecognizer, **hints: Any) -> list[RecognizedSpeech]:
    return [speech async for speech in engine.recognize(SPEECH, **hints)]


async def test_segments_come_with_language_and_times():
    async with recognizer(answering(VERBOSE)) as (engine, double):
        first, second = await heard(engine, prompt="Ça")
    assert (first.text, first.language, first.language_is_certain) == ("Bonjour.", "fr", True)
    assert (second.start_ms, second.end_ms, second.no_speech_probability) == (700, 1400, 0.02)
    (request,) = double.requests
    assert request.path == "/v1/audio/transcriptions"
    assert b'name="response_format"\r\n\r\nverbose_json' in request.body
    assert 'name="prompt"\r\n\r\nÇa'.encode() in request.body
    assert b"RIFF" in request.body
    assert b'name="language"' not in request.body


async def test_a_language_that_is_asked_for_holds():
    async with recognizer(answering(VERBOSE)) as (engine, double):
        assert {speech.language for speech in await heard(engine, language="it")} == {"it"}
    assert b'name="language"\r\n\r\nit' in double.requests[0].body


@pytest.mark.parametrize(("hints", "language"), [({}, "de"), ({"expected_language": "es"}, "es")])
async def test_without_a_language_it_is_taken_for_the_expected_one(hints: dict[str, str], language: str):
    async with recognizer(answering({"text": "Ja."}), verbose=False, language="de") as (engine, _):
        (speech,) = await heard(engine, **hints)
    assert speech == RecognizedSpeech(
        text="Ja.",
        language=language,
        language_is_certain=False,
        start_ms=0,
        end_ms=1500,
        no_speech_probability=0.0,
    )


async def test_where_nothing_was_said_nothing_comes():
    async with recognizer(answering({"text": "  "})) as (engine, _):
        assert await heard(engine) == []


@pytest.mark.parametrize(
    "answer",
    [
        document(b"Bonjour.", "text/plain"),
        document(b"<html></html>", "text/html"),
        document(b'{"text": "Bon'),
        document(b'{"words": []}'),
        document(b'{"text": 5}'),
        document(b'[{"text": "Bonjour."}]'),
        document(b'{"text": "Bonjour.", "segments": [{"text": "Bonjour.", "start": NaN}]}'),
        document(b'{"text": "Bonjour.", "segments": [{"text": "Bonjour.", "start": 1e400}]}'),
        document(b'{"text": "' + b"you " * 1000 + b'"}'),
    ],
    ids=["text", "html", "half", "no text", "number", "array", "NaN", "infinite", "endless repetition"],
)
async def test_what_is_no_transcription_fails(answer: Answer):
    async with recognizer(answer, retries=0, read_seconds=0.3) as (engine, _):
        with pytest.raises(EngineFailed):
            await heard(engine)


async def test_times_beyond_the_utterance_are_brought_back_into_it():
    segments = [{"text": "Bonjour.", "start": -3.0, "end": 1e300}]
    async with recognizer(answering({"text": "Bonjour.", "segments": segments})) as (engine, _):
        (speech,) = await heard(engine)
    assert (speech.start_ms, speech.end_ms) == (0, 1500)


async def test_one_that_trickles_is_given_up():
    async def trickle(connection: Connection) -> None:
        await connection.head(content_type="application/json")
        while not connection.closed.is_set():
            await connection.send(b" ")
            await asyncio.sleep(0.01)

    async with recognizer(trickle, retries=0, read_seconds=0.2) as (engine, double):
        with pytest.raises(EngineFailed) as failed:
            await heard(engine)
        await asyncio.wait_for(double.closed.wait(), 5)
    assert "it did not complete its transcription in time" in str(failed.value.__cause__)


async def test_a_recording_is_sent_again_when_the_first_attempt_fails():
    async with recognizer(vanish, answering(VERBOSE)) as (engine, double):
        assert len(await heard(engine)) == 2
    first, second = double.requests
    assert len(first.body) == len(second.body)


async def test_words_have_their_times_and_the_marks_of_the_text():
    starts = {"Bonjour": 0.0, "Ça": 0.7, "va": 1.0}
    words = [{"word": word, "start": start, "end": start + 0.2} for word, start in starts.items()]
    async with recognizer(answering({**VERBOSE, "words": words})) as (engine, double):
        first, second = await heard(engine, options=RecognitionOptions(words=True))
    assert double.requests[0].body.count(b'name="timestamp_granularities[]"') == 2
    assert [(word.text, word.start_ms) for word in first.words] == [(" Bonjour.", 0)]
    assert [(word.text, word.start_ms) for word in second.words] == [(" Ça", 700), (" va ?", 1000)]


async def test_words_of_another_text_are_none():
    words = [{"word": "Goodbye", "start": 0, "end": 1}]
    async with recognizer(answering({**VERBOSE, "words": words})) as (engine, _):
        assert not any(speech.words for speech in await heard(engine, options=RecognitionOptions(words=True)))


async def test_log_probabilities_come_with_plain_json():
    logprobs = [{"token": "Ja", "logprob": -0.1, "bytes": [74, 97]}, {"token": ".", "logprob": -0.2}]
    async with recognizer(answering({"text": "Ja.", "logprobs": logprobs}), verbose=False) as (engine, double):
        (speech,) = await heard(engine, options=RecognitionOptions(logprobs=True))
    assert b'name="include[]"\r\n\r\nlogprobs' in double.requests[0].body
    assert [(each.token, bytes(each.bytes), each.logprob) for each in speech.logprobs] == [
        ("Ja", b"Ja", -0.1),
        (".", b".", -0.2),
    ]


async def test_a_translation_has_a_path_of_its_own():
    async with recognizer(answering(VERBOSE)) as (engine, double):
        await heard(engine, language="fr", options=RecognitionOptions(task="translate", words=True))
    (request,) = double.requests
    assert request.path == "/v1/audio/translations"
    assert b'name="language"' not in request.body
    assert b"timestamp_granularities" not in request.body
