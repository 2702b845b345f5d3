"""`/audio/transcriptions` and `/audio/translations`, driven by OpenAI's own client."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, BadRequestError

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.resources.record_export import whole
from antiphon.resources.records import RecordFilter
from antiphon.vocabulary.languages import language_code, language_name

from ...subtitle_grammar import read_srt, read_vtt
from ..conftest import Backend, tone

pytestmark = pytest.mark.anyio

RATE = 16_000
TEXT = "What is the time?"


def recording(*, spoken: int = 1, audio_format: Format = Format.WAV) -> tuple[str, bytes]:
    """A file in which somebody speaks so many times for two seconds, with three of silence after each."""
    parts = [tone(2.0, RATE), Pcm.silence(3.0, RATE)] * spoken
    file = encode(parts or [Pcm.silence(3.0, RATE)], audio_format=audio_format, sample_rate=RATE)
    return f"speech.{audio_format.extension}", file


@pytest.mark.parametrize("audio_format", [Format.WAV, Format.MP3, Format.FLAC, Format.OPUS])
async def test_files_of_all_kinds_are_transcribed(openai: AsyncOpenAI, audio_format: Format):
    file = recording(audio_format=audio_format)
    transcription = await openai.audio.transcriptions.create(model="whisper-1", file=file)
    assert transcription.text == TEXT
    assert transcription.usage is not None
    assert transcription.usage.model_dump() == {"type": "duration", "seconds": pytest.approx(5, abs=1)}


async def test_newer_models_count_tokens(openai: AsyncOpenAI):
    transcription = await openai.audio.transcriptions.create(
        model="gpt-4o-transcribe", file=recording(), prompt="Clocks and watches"
    )
    assert transcription.usage is not None
    assert transcription.usage.model_dump() == {
        "type": "tokens",
        "input_tokens": 54,
        "input_token_details": {"text_tokens": 4, "audio_tokens": 50},
        "output_tokens": 4,
        "total_tokens": 58,
    }


async def test_azures_path_names_the_deployment(azure: AsyncAzureOpenAI, backend: Backend):
    answer = await azure.audio.transcriptions.with_raw_response.create(model="whisper-1", file=recording())
    assert answer.headers["x-ms-deployment-name"] == "whisper-1"
    assert int(answer.headers["x-ratelimit-remaining-requests"]) < int(answer.headers["x-ratelimit-limit-requests"])
    left, most = (int(answer.headers[f"x-ratelimit-{name}-tokens"]) for name in ("remaining", "limit"))
    assert most - left == 54


async def test_text_and_subtitles_are_plain_text(openai: AsyncOpenAI):
    async def created(response_format: Any) -> str:
        return str(
            await openai.audio.transcriptions.create(
                model="whisper-1", file=recording(spoken=2), response_format=response_format
            )
        )

    assert read_srt(await created("srt")) == read_vtt(await created("vtt"))
    assert await created("text") == f"{TEXT} {TEXT}\n"
    assert await created("srt") == (
        f"1\n00:00:00,000 --> 00:00:01,000\n{TEXT}\n\n2\n00:00:04,692 --> 00:00:05,692\n{TEXT}\n\n"
    )
    assert await created("vtt") == (
        f"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n{TEXT}\n\n00:00:04.692 --> 00:00:05.692\n{TEXT}\n\n"
    )


async def test_verbose_json_has_words_and_segments(openai: AsyncOpenAI):
    transcription = await openai.audio.transcriptions.create(
        model="whisper-1",
        file=recording(),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    assert (transcription.language, transcription.duration, transcription.text) == ("english", 5.0, TEXT)
    assert [(word.word, word.start, word.end) for word in transcription.words or ()] == [
        ("What", 0.0, 0.25),
        ("is", 0.25, 0.5),
        ("the", 0.5, 0.75),
        ("time?", 0.75, 1.0),
    ]
    (segment,) = transcription.segments or []
    assert (segment.id, segment.seek, segment.start, segment.end) == (0, 0, 0.0, 1.0)
    assert (segment.text, segment.tokens, segment.avg_logprob) == (f" {TEXT}", [7, 8], -0.1)


@pytest.mark.parametrize(
    ("granularities", "has_words", "has_segments"),
    [(None, False, True), (["segment"], False, True), (["word"], True, False)],
)
async def test_verbose_json_has_what_was_asked_for(
    openai: AsyncOpenAI, granularities: Any, has_words: bool, has_segments: bool
):
    options = {} if granularities is None else {"timestamp_granularities": granularities}
    transcription = await openai.audio.transcriptions.create(
        model="whisper-1", file=recording(), response_format="verbose_json", **options
    )
    assert (transcription.words is not None, transcription.segments is not None) == (has_words, has_segments)


async def test_log_probabilities_are_told(openai: AsyncOpenAI):
    transcription = await openai.audio.transcriptions.create(
        model="gpt-4o-transcribe", file=recording(), include=["logprobs"]
    )
    first, *_ = transcription.logprobs or []
    assert (first.token, first.logprob, first.bytes) == (" What", -0.5, list(b" What"))


async def test_a_stream_has_deltas_and_then_the_whole(openai: AsyncOpenAI):
    stream = await openai.audio.transcriptions.create(
        model="gpt-4o-transcribe", file=recording(spoken=3), stream=True, include=["logprobs"]
    )
    events = [event async for event in stream]
    assert [event.type for event in events] == ["transcript.text.delta"] * 3 + ["transcript.text.done"]
    *deltas, done = [event.model_dump() for event in events]
    assert "".join(delta["delta"] for delta in deltas) == done["text"] == " ".join([TEXT] * 3)
    assert len(deltas[0]["logprobs"]) * 3 == len(done["logprobs"]) == 12
    assert done["usage"]["total_tokens"] == 163


async def test_whisper_never_streams(http: httpx.AsyncClient):
    answer = await post(http, stream="true")
    assert answer.json()["text"] == TEXT


async def post(http: httpx.AsyncClient, *, model: str = "whisper-1", path: str = "transcriptions", **fields: Any):
    name, data = recording()
    return await http.post(f"/v1/audio/{path}", data={"model": model, **fields}, files={"file": (name, data)})


@pytest.mark.parametrize(
    "fields",
    [
        {"timestamp_granularities[]": ["word", "segment"]},
        {"timestamp_granularities": ["word", "segment"]},
        {"timestamp_granularities": '["word", "segment"]'},
        {"timestamp_granularities[0]": "word", "timestamp_granularities[1]": "segment"},
    ],
)
async def test_arrays_may_be_spelled_in_any_way(http: httpx.AsyncClient, fields: dict[str, Any]):
    answer = (await post(http, response_format="verbose_json", **fields)).json()
    assert {"words", "segments"} <= answer.keys()


async def test_hints_reach_the_recognizer(openai: AsyncOpenAI, backend: Backend):
    await openai.audio.transcriptions.create(
        model="whisper-1",
        file=recording(),
        language="fr",
        prompt="Bonjour.",
        temperature=0.4,
        keywords=["Lyon", "Metz"],
    )
    assert backend.recognizer.hints == [("fr", "Bonjour. Lyon, Metz")]
    assert backend.recognizer.options[0].temperature == 0.4


async def test_the_first_stretchs_language_is_expected_of_the_others(openai: AsyncOpenAI, backend: Backend):
    backend.recognizer.language = "it"
    await openai.audio.transcriptions.create(model="whisper-1", file=recording(spoken=3))
    assert backend.recognizer.expected_languages == [None, "it", "it"]


async def test_several_languages_are_those_to_choose_from(openai: AsyncOpenAI, backend: Backend):
    await openai.audio.transcriptions.create(
        model="whisper-1", file=recording(spoken=2), extra_body={"languages": ["fr", "it"]}
    )
    assert [each.languages for each in backend.recognizer.options] == [("fr", "it")] * 2
    assert [language for language, _ in backend.recognizer.hints] == [None, None]


async def test_silence_is_not_recognized_at_all(openai: AsyncOpenAI, backend: Backend):
    transcription = await openai.audio.transcriptions.create(model="whisper-1", file=recording(spoken=0))
    assert transcription.text == ""
    assert backend.recognizer.utterances == []


async def test_what_is_likely_invented_is_left_out(openai: AsyncOpenAI, backend: Backend):
    backend.recognizer.no_speech_probability, backend.recognizer.mean_logprob = 0.9, -1.2
    transcription = await openai.audio.transcriptions.create(model="whisper-1", file=recording())
    assert transcription.text == ""


@pytest.mark.parametrize(
    "strategy", ["auto", {"type": "server_vad", "threshold": 0.6, "prefix_padding_ms": 100, "silence_duration_ms": 400}]
)
async def test_a_chunking_strategy_is_taken(openai: AsyncOpenAI, strategy: Any):
    transcription = await openai.audio.transcriptions.create(
        model="gpt-4o-transcribe", file=recording(), chunking_strategy=strategy
    )
    assert transcription.text == TEXT


async def test_a_chunking_strategy_may_be_json(http: httpx.AsyncClient):
    strategy = json.dumps({"type": "server_vad", "threshold": 2})
    answer = await post(http, model="gpt-4o-transcribe", chunking_strategy=strategy)
    assert answer.json()["error"]["param"] == "chunking_strategy.threshold"


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
async def test_a_translation_is_in_english(openai: AsyncOpenAI, backend: Backend):
    backend.recognizer.language = "fr"
    translations: Any = openai.audio.translations
    translation = await translations.create(model="whisper-1", file=recording(), response_format="verbose_json")
    assert (translation.language, translation.text) == ("english", TEXT)
    assert backend.recognizer.options[0].task == "translate"
    assert (await translations.create(model="whisper-1", file=recording())).text == TEXT
    with pytest.raises(BadRequestError, match="audioTranslation operation does not work"):
        await translations.create(model="gpt-4o-transcribe", file=recording())


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("whisper-1", {"response_format": "xml"}, "response_format", "invalid_value"),
    ("whisper-1", {"response_format": "diarized_json"}, "response_format", "unsupported_value"),
    ("gpt-4o-transcribe", {"response_format": "verbose_json"}, "response_format", "unsupported_value"),
    ("whisper-1", {"language": "xx"}, "language", "invalid_value"),
    ("whisper-1", {"language": "english"}, "language", "invalid_value"),
    ("whisper-1", {"languages[]": ["en", "klingon"]}, "languages", "invalid_value"),
    ("whisper-1", {"temperature": "1.5"}, "temperature", "decimal_above_max_value"),
    ("whisper-1", {"temperature": "warm"}, "temperature", "invalid_type"),
    ("whisper-1", {"timestamp_granularities[]": "word"}, "timestamp_granularities", "invalid_parameter_combination"),
    ("whisper-1", {"timestamp_granularities[]": "letter"}, "timestamp_granularities", "invalid_value"),
    ("whisper-1", {"include[]": "logprobs"}, "include", "unsupported_parameter"),
    ("gpt-4o-transcribe", {"include[]": "words"}, "include", "invalid_value"),
    (
        "gpt-4o-transcribe",
        {"include[]": "logprobs", "response_format": "text"},
        "include",
        "invalid_parameter_combination",
    ),
    ("gpt-4o-transcribe", {"stream": "perhaps"}, "stream", "invalid_type"),
    ("gpt-4o-transcribe", {"chunking_strategy": "none"}, "chunking_strategy", "invalid_type"),
    ("gpt-4o-transcribe", {"chunking_strategy[type]": "semantic"}, "chunking_strategy.type", "invalid_value"),
    ("gpt-4o-transcribe-diarize", {"prompt": "Hello"}, "prompt", "unsupported_parameter"),
]


async def test_each_wrong_field_is_named(http: httpx.AsyncClient):
    for model, fields, param, code in REFUSED:
        answer = await post(http, model=model, **fields)
        error = answer.json()["error"]
        assert (answer.status_code, error["type"]) == (400, "invalid_request_error"), fields
        assert (error["param"], error["code"]) == (param, code), fields


async def test_a_file_that_cannot_be_used_is_refused(http: httpx.AsyncClient, backend: Backend):
    async def refusal(data: bytes | None) -> tuple[int, str | None, str | None]:
        files = {"other": ("a", b"")} if data is None else {"file": ("speech.wav", data)}
        answer = await http.post("/v1/audio/transcriptions", data={"model": "whisper-1"}, files=files)
        error = answer.json()["error"]
        return answer.status_code, error.get("param"), error["code"]

    assert await refusal(None) == (400, "file", "missing_required_parameter")
    assert await refusal(b"") == (400, "file", "invalid_audio")
    assert await refusal(b"not audio at all") == (400, "file", "invalid_audio")
    moment = encode([tone(0.05, RATE)], audio_format=Format.WAV, sample_rate=RATE)
    assert await refusal(moment) == (400, "file", "audio_too_short")
    assert await refusal(bytes(25 * 1024 * 1024 + 1)) == (413, None, "413")
    assert await refusal(bytes(30 * 1024 * 1024)) == (413, None, "413")
    assert backend.recognizer.utterances == []


async def test_a_body_that_is_no_form_is_refused(http: httpx.AsyncClient):
    answer = await http.post("/v1/audio/transcriptions", json={"model": "whisper-1"})
    assert answer.status_code == 400
    assert "must be multipart/form-data" in answer.json()["error"]["message"]


async def test_an_engines_failure_has_a_status_or_is_the_last_event(http: httpx.AsyncClient, backend: Backend):
    backend.recognizer.failure = RuntimeError("out of order")
    assert (await post(http)).status_code == 500
    assert (await post(http, model="gpt-4o-transcribe", stream="true")).status_code == 500


async def test_what_was_heard_is_recorded(openai: AsyncOpenAI, backend: Backend):
    await openai.audio.transcriptions.create(model="gpt-4o-transcribe", file=recording())
    await backend.record_writer.flush()
    (record,) = await backend.records.find(RecordFilter(account_id=backend.account_id))
    assert (record.operation, record.audio) == ("audioTranscription", ["input-0.wav"])
    assert (record.prompt_tokens, record.completion_tokens) == (50, 4)
    assert await backend.records.piece(record.id, "input-0.wav") == recording()[1]
    opened = await whole(backend.records, record)
    assert opened["completion"]["choices"][0]["message"]["content"] == TEXT


def test_languages_have_the_names_that_openai_gives_them():
    assert (language_name("en"), language_name("yue"), language_name("tlh")) == ("english", "cantonese", "tlh")
    assert (language_code("German"), language_code("de"), language_code("klingon")) == ("de", "de", None)
