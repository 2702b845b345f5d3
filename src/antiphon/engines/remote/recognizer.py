"""A recognizer behind a URL: any server with OpenAI's `/audio/transcriptions`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

import httpx
import msgspec

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    RecognitionDetails,
    RecognitionOptions,
    RecognizedSpeech,
    RecognizedWord,
)
from antiphon.engines.kind import Role
from antiphon.engines.remote.documents import read_document
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.kind import remote_kind
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream
from antiphon.vocabulary.languages import language_code
from antiphon.vocabulary.logprobs import TokenLogprob

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
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        """See `Recognizer.recognize`. Words' times need `verbose_json`, tokens' probabilities need `json`.

        Raises `EngineFailed`.
        """
        is_translation = options.task == "translate"
        fields: dict[str, str | list[str]] = {
            "model": self._settings.model,
            "response_format": "verbose_json" if self._settings.verbose else "json",
            "temperature": f"{options.temperature or 0:g}",
        }
        fields |= {"language": language} if language and not is_translation else {}
        fields |= {"prompt": prompt} if prompt else {}
        if options.words and self._settings.verbose and not is_translation:
            fields["timestamp_granularities[]"] = ["word", "segment"]
        if options.logprobs and not self._settings.verbose and not is_translation:
            fields["include[]"] = ["logprobs"]
        supposed = language or expected_language or self._settings.language
        duration_ms = round(utterance.seconds * 1000)

        async def read(response: httpx.Response) -> AsyncGenerator[RecognizedSpeech]:
            transcription = await _transcription(response, most_seconds=self._settings.read_seconds)
            for speech in _speeches(transcription, supposed, language, duration_ms):
                yield speech

        recording = ("speech.wav", await asyncio.to_thread(_wav, utterance), "audio/wav")
        files = {"file": recording}
        path = "audio/translations" if is_translation else "audio/transcriptions"
        async with aclosing(self._upstream.post(path, read, data=fields, files=files)) as speeches:
            async for speech in speeches:
                yield speech


def _wav(utterance: Pcm) -> bytes:
    return encode([utterance.resample(_SAMPLE_RATE)], audio_format=Format.WAV, sample_rate=_SAMPLE_RATE)


class _Segment(msgspec.Struct):
    text: str = ""
    start: float = 0.0
    end: float = 0.0
    no_speech_prob: float | None = None
    avg_logprob: float | None = None
    compression_ratio: float | None = None
    temperature: float | None = None
    tokens: list[int] | None = None


class _Word(msgspec.Struct):
    word: str
    start: float
    end: float


class _Token(msgspec.Struct):
    token: str = ""
    logprob: float = 0.0
    bytes: list[int] | None = None


class _Transcription(msgspec.Struct):
    text: str
    language: str | None = None
    segments: list[_Segment] | None = None
    words: list[_Word] | None = None
    logprobs: list[_Token] | None = None


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
    spoken = [segment for segment in segments if segment.text.strip()]
    words = _words(transcription.words or (), transcription.text, duration_ms)
    return [
        RecognizedSpeech(
            text=segment.text.strip(),
            language=language,
            language_is_certain=bool(asked or told),
            start_ms=_within(segment.start, duration_ms),
            end_ms=_within(segment.end, duration_ms),
            no_speech_probability=segment.no_speech_prob or 0.0,
            words=own,
            logprobs=_logprobs(transcription.logprobs or ()) if len(spoken) == 1 else (),
            details=_details(segment),
        )
        for segment, own in zip(spoken, _shared_out(words, spoken), strict=True)
    ]


def _words(words: Sequence[_Word], text: str, duration_ms: int) -> Sequence[RecognizedWord]:
    """The words with the marks that follow them in the text, which some servers leave out; none if they are not the
    text's."""
    found: list[RecognizedWord] = []
    at = 0
    for index, word in enumerate(words):
        begin = text.find(word.word.strip(), at)
        if begin < 0:
            return ()
        after = begin + len(word.word.strip())
        following = words[index + 1].word.strip() if index + 1 < len(words) else ""
        end = text.find(following, after) if following else len(text)
        written = text[at : end if end >= 0 else after]
        at += len(written)
        found.append(
            RecognizedWord(
                text=f" {written}" if not found or found[-1].text[-1:].isspace() else written,
                start_ms=_within(word.start, duration_ms),
                end_ms=_within(word.end, duration_ms),
            )
        )
    return [replace(word, text=word.text.rstrip()) for word in found]


def _shared_out(words: Sequence[RecognizedWord], segments: Sequence[_Segment]) -> Sequence[Sequence[RecognizedWord]]:
    """The words of each segment: those whose middle comes before its end."""
    shares: list[tuple[RecognizedWord, ...]] = [() for _ in segments]
    for word in words:
        middle = (word.start_ms + word.end_ms) / 2000
        index = next((index for index, each in enumerate(segments) if middle < each.end), len(segments) - 1)
        shares[index] = (*shares[index], word)
    return shares


def _logprobs(tokens: Sequence[_Token]) -> Sequence[TokenLogprob]:
    return tuple(
        TokenLogprob(
            token=each.token,
            bytes=each.token.encode() if each.bytes is None else each.bytes,
            logprob=each.logprob,
        )
        for each in tokens
    )


def _details(segment: _Segment) -> RecognitionDetails | None:
    if segment.avg_logprob is None:
        return None
    return RecognitionDetails(
        token_ids=segment.tokens or (),
        mean_logprob=segment.avg_logprob,
        compression_ratio=segment.compression_ratio or 1.0,
        temperature=segment.temperature or 0.0,
    )


def _within(seconds: float, duration_ms: int) -> int:
    """Milliseconds, within the utterance: some servers count its padding as well."""
    return round(min(max(seconds * 1000, 0.0), duration_ms))


OPENAI_TRANSCRIPTIONS = remote_kind("openai-transcriptions", Role.RECOGNIZER, TranscriptionSettings, RemoteRecognizer)
