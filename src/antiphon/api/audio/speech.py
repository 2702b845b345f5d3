"""`/audio/speech`: a text, spoken as it stands, and sent clause by clause while it is being spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import pybase64
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from antiphon.api.audio.calls import AudioCalls, AudioOperation
from antiphon.api.audio.recording import MOST_RECORDED_BYTES, AudioRecorder, AudioRecording
from antiphon.api.audio.speech_request import SpeechOptions, from_form, parse, read_options
from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completion import JsonObject
from antiphon.api.data_plane import AccountCaller
from antiphon.api.disconnection import while_connected
from antiphon.api.domain_errors import as_api_error
from antiphon.api.errors import OperationNotSupported
from antiphon.api.forms import is_form, read_form
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.served_deployment import rate_headers
from antiphon.api.streams import EVENT_STREAM, begun, server_sent_event
from antiphon.audio.encode import Format
from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.audio.stream_encode import stream_encoder
from antiphon.dialogue.reading import ClauseRead, Reader
from antiphon.dialogue.reply import audio_tokens
from antiphon.engines.errors import NotSupportedByEngine
from antiphon.engines.interfaces import RecognizedWord
from antiphon.resources.deployments import Deployment
from antiphon.resources.records import Piece
from antiphon.vocabulary.tokens import OUTPUT_TOKENS_A_SECOND, estimate_text_tokens

MOST_CHARACTERS = 4096
"""The longest input, unless the settings allow more."""
SAMPLE_RATE = 24_000
"""Hz of everything that is sent."""

_OPERATION = AudioOperation(capability="audioSpeech", azure_name="AudioSpeech_Create")
_CHARACTERS_A_SECOND = 14
"""How fast a text is read, to estimate what it will take."""
_OLDER_MODELS = frozenset({"tts", "tts-hd"})
"""They know neither instructions nor events."""
_MEDIA_TYPES = {
    Format.MP3: "audio/mpeg",
    Format.OPUS: "audio/opus",
    Format.AAC: "audio/aac",
    Format.FLAC: "audio/flac",
    Format.WAV: "audio/wav",
    Format.PCM16: "audio/pcm",
}
"""As OpenAI's service names them."""


@dataclass(slots=True, kw_only=True)
class _Call:
    """A request, once understood, and what has become of it."""

    options: SpeechOptions
    reader: Reader
    recording: AudioRecording | None
    input_tokens: int
    seconds: float = 0.0
    """Spoken so far."""
    sent: bytearray = field(default_factory=bytearray)
    """As far as it is to be recorded."""
    sent_bytes: int = 0

    @property
    def tokens(self) -> tuple[int, int]:
        return self.input_tokens, audio_tokens(self.seconds, OUTPUT_TOKENS_A_SECOND)

    @property
    def usage(self) -> JsonObject:
        input_tokens, output_tokens = self.tokens
        return {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "total_tokens": input_tokens + output_tokens,
        }

    def note(self, data: bytes) -> None:
        self.sent_bytes += len(data)
        if self.recording is not None and self.sent_bytes <= MOST_RECORDED_BYTES:
            self.sent += data

    def record(self, *, is_whole: bool) -> None:
        if self.recording is None:
            return
        kept = self.sent_bytes <= MOST_RECORDED_BYTES and self.sent
        files = [Piece(name=f"choice-0.{self.options.audio_format}", data=bytes(self.sent))] if kept else []
        self.recording.finish(
            {"content": None, "audio": {"transcript": self.options.text}},
            usage=self.usage if is_whole else None,
            files=files,
            tokens=self.tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The operation, whichever route it is called through."""

    calls: AudioCalls
    bodies: BodyReader
    large_json: LargeJsonReader
    recorder: AudioRecorder
    most_characters: int = MOST_CHARACTERS

    async def create(self, request: Request, *, deployment: str | None) -> Response:
        """Answer a request; if `deployment` is None, the `model` of the body chooses it.

        Raises every error that can be reported before the first byte, and `ClientDisconnect`.
        """
        caller = await self.calls.caller(request, deployment)
        async with self.bodies.read(request, account_id=caller.account.id) as body:
            content_type = request.headers.get("content-type", "")
            if is_form(content_type):
                asked = from_form(read_form(body, content_type))
            else:
                asked = await self.large_json.read(body, parse)
        found, profile = await self.calls.deployment(caller, _OPERATION, named=deployment, model=asked.model)
        if profile.reader is None:
            raise OperationNotSupported(_OPERATION.capability, found.model.name)
        options = read_options(
            asked,
            voices=profile.reader.voices,
            languages=profile.reader.languages,
            most_characters=self.most_characters,
            takes_instructions=found.model.name not in _OLDER_MODELS,
        )
        if options.with_words and not profile.reader.tells_words:
            raise NotSupportedByEngine("timestamp_granularities")
        input_tokens = estimate_text_tokens(options.text) + estimate_text_tokens(options.instructions)
        seconds = len(options.text) / _CHARACTERS_A_SECOND / options.voice.speed
        expected = input_tokens + audio_tokens(seconds, OUTPUT_TOKENS_A_SECOND)
        rates = await self.calls.admit(request, caller, found, _OPERATION, tokens=max(expected, 1))
        call = _Call(
            options=options,
            reader=profile.reader,
            recording=self._begin(options, caller, found),
            input_tokens=max(input_tokens, 1),
        )
        response = await while_connected(request, _begun(call))
        response.headers["x-ms-deployment-name"] = found.name
        response.headers.update(rate_headers(rates))
        return response

    def _begin(self, options: SpeechOptions, caller: AccountCaller, found: Deployment) -> AudioRecording | None:
        return self.recorder.begin(
            "audioSpeech",
            options.text,
            {"voice": options.voice.name, "speed": options.voice.speed, "instructions": options.instructions},
            caller=caller,
            deployment=found,
        )


async def _begun(call: _Call) -> Response:
    pieces = await begun(_pieces(call))
    if call.options.is_event_stream:
        return StreamingResponse(_events(call, pieces), media_type=EVENT_STREAM)
    return StreamingResponse(_audio_of(pieces), media_type=_MEDIA_TYPES[call.options.audio_format])


async def _pieces(call: _Call) -> AsyncGenerator[bytes | Sequence[RecognizedWord]]:
    """What is spoken, encoded piece by piece, and the words of each clause if they are asked for."""
    encoder = stream_encoder(call.options.audio_format, sample_rate=SAMPLE_RATE)
    resampler = StreamResampler(call.reader.sample_rate, SAMPLE_RATE)
    is_whole = False
    try:
        reading = call.reader.read(call.options.script, call.options.voice, with_words=call.options.with_words)
        async with aclosing(reading) as read:
            async for each in read:
                if isinstance(each, ClauseRead):
                    if each.words:
                        yield each.words
                    continue
                call.seconds += each.seconds
                data = await asyncio.to_thread(encoder.feed, resampler.resample(each))
                if data:
                    call.note(data)
                    yield data
        rest = resampler.resample(Pcm.silence(0, call.reader.sample_rate), last=True)
        data = await asyncio.to_thread(lambda: encoder.feed(rest) + encoder.finish())
        call.note(data)
        is_whole = True
        yield data
    finally:
        call.record(is_whole=is_whole)


async def _audio_of(pieces: AsyncGenerator[bytes | Sequence[RecognizedWord]]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, bytes):
                yield piece


async def _events(call: _Call, pieces: AsyncGenerator[bytes | Sequence[RecognizedWord]]) -> AsyncGenerator[bytes]:
    """The audio as events, and the words if they are asked for; then what it counts as. An error part-way through is
    the last event."""
    async with aclosing(pieces):
        try:
            async for data in pieces:
                if isinstance(data, bytes):
                    if data:
                        yield _audio_event(data)
                else:
                    yield _words_event(data)
        except Exception as error:
            yield server_sent_event({"type": "error", **as_api_error(error).body()})
            return
        yield server_sent_event({"type": "speech.audio.done", "usage": call.usage})


def _words_event(words: Sequence[RecognizedWord]) -> bytes:
    told = [
        {"word": word.text.strip(), "start": word.start_ms / 1000, "end": word.end_ms / 1000}
        for word in words
        if word.text.strip()
    ]
    return server_sent_event({"type": "speech.audio.words", "words": told})


def _audio_event(data: bytes) -> bytes:
    return server_sent_event({"type": "speech.audio.delta", "audio": pybase64.b64encode(data).decode("ascii")})
