"""A recognizer behind a URL: any server with OpenAI's `/audio/transcriptions`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
import msgspec

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import RecognizedSpeech
from antiphon.engines.kind import Role
from antiphon.engines.remote.documents import read_document
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.kind import remote_kind
from antiphon.engines.remote.language_names import language_code
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream

_SAMPLE_RATE = 16_000
_MOST_BYTES = 8 * 1024 * 1024
_MOST_CHARACTERS = 2000
_MOST_CHARACTERS_A_SECOND = 60
"""Nobody speaks this fast: anything beyond both is endless repetition."""


class TranscriptionSettings(UpstreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the kind `openai-transcriptions`."""

    verbose: bool = True
    """Whether the upstream answers with `verbose_json`, which gives the language and the times of what was said."""
    language: str = "en"
    """The language assumed for speech if neither the client nor the upstream says."""


class RemoteRecognizer:
    """A `Recognizer`."""

    def __init__(self, upstream: Upstream, settings: TranscriptionSettings) -> None:
        self._upstream = upstream
        self._settings = settings

    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
    ) -> AsyncGenerator[RecognizedSpeech]:
        """See `Recognizer.recognize`. Raises `EngineFailed`."""
        fields = {
            "model": self._settings.model,
            "response_format": "verbose_json" if self._settings.verbose else "json",
            "temperature": "0",
        }
        fields |= {"language": language} if language else {}
        fields |= {"prompt": prompt} if prompt else {}
        supposed = language or expected_language or self._settings.language
        duration_ms = round(utterance.seconds * 1000)

        async def read(response: httpx.Response) -> AsyncGenerator[RecognizedSpeech]:
            transcription = await _transcription(response, most_seconds=self._settings.read_seconds)
            for speech in _speeches(transcription, supposed, language, duration_ms):
                yield speech

        recording = ("speech.wav", await asyncio.to_thread(_wav, utterance), "audio/wav")
        files = {"file": recording}
        async with aclosing(self._upstream.post("audio/transcriptions", read, data=fields, files=files)) as speeches:
            async for speech in speeches:
                yield speech


def _wav(utterance: Pcm) -> bytes:
    return encode([utterance.resample(_SAMPLE_RATE)], audio_format=Format.WAV, sample_rate=_SAMPLE_RATE)


class _Segment(msgspec.Struct):
    text: str = ""
    start: float = 0.0
    end: float = 0.0
    no_speech_prob: float | None = None


class _Transcription(msgspec.Struct):
    text: str
    language: str | None = None
    segments: list[_Segment] | None = None


_decoder = msgspec.json.Decoder(_Transcription)


async def _transcription(response: httpx.Response, *, most_seconds: float) -> _Transcription:
    body = bytearray()
    try:
        async with asyncio.timeout(most_seconds):
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise UpstreamFault("it sent a transcription without end")
    except TimeoutError:
        raise UpstreamFault("it did not complete its transcription in time", is_late=True) from None
    return read_document(body, _decoder, what="a transcription")


def _speeches(
    transcription: _Transcription, supposed: str, asked: str | None, duration_ms: int
) -> list[RecognizedSpeech]:
    told = language_code(transcription.language) if transcription.language else None
    language = asked or told or supposed
    segments = transcription.segments or [_Segment(text=transcription.text, end=duration_ms / 1000)]
    characters = sum(len(segment.text) for segment in segments)
    if characters > _MOST_CHARACTERS + _MOST_CHARACTERS_A_SECOND * duration_ms / 1000:
        raise UpstreamFault(f"it heard {characters} characters in {duration_ms} ms of speech")
    return [
        RecognizedSpeech(
            text=segment.text.strip(),
            language=language,
            language_is_certain=bool(asked or told),
            start_ms=_within(segment.start, duration_ms),
            end_ms=_within(segment.end, duration_ms),
            no_speech_probability=segment.no_speech_prob or 0.0,
        )
        for segment in segments
        if segment.text.strip()
    ]


def _within(seconds: float, duration_ms: int) -> int:
    """Milliseconds, within the utterance: some servers count its padding as well."""
    return round(min(max(seconds * 1000, 0.0), duration_ms))


OPENAI_TRANSCRIPTIONS = remote_kind("openai-transcriptions", Role.RECOGNIZER, TranscriptionSettings, RemoteRecognizer)
