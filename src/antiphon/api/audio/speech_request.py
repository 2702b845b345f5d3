"""The parameters of `/audio/speech`: their shape, their bounds, and which go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from antiphon.api.chat.request import VoiceId
from antiphon.api.forms import Form
from antiphon.api.json_body import decode, json_decoder
from antiphon.audio.encode import Format
from antiphon.dialogue.pace import pace_of
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.script import Script
from antiphon.dialogue.speaking import FASTEST, SLOWEST
from antiphon.dialogue.ssml import is_ssml, read_ssml
from antiphon.parameters.complaints import check_length, check_range, missing, unsupported_value
from antiphon.parameters.errors import InvalidRequest

_FORMATS = {
    "mp3": Format.MP3,
    "opus": Format.OPUS,
    "aac": Format.AAC,
    "flac": Format.FLAC,
    "wav": Format.WAV,
    "pcm": Format.PCM16,
}
_STREAM_FORMATS = ("audio", "sse")
_LONGEST_INSTRUCTIONS = 4096
"""In characters, as OpenAI documents it."""


class SpeechRequest(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body, as clients send it."""

    input: str | None = None
    model: str | None = None
    voice: str | VoiceId | None = None
    instructions: str | None = None
    response_format: str | None = None
    speed: float | None = None
    stream_format: str | None = None
    timestamp_granularities: list[str] | None = None
    """An extension: ["word"] has a stream of events tell when each word is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechOptions:
    """What is to be said, and how."""

    text: str
    """The input as it is written."""
    script: str | Script
    """What is to be read: the same, or what it says if it is SSML."""
    voice: Voice
    audio_format: Format
    is_event_stream: bool
    with_words: bool
    instructions: str


_DECODER = json_decoder(SpeechRequest)


def parse(body: bytes | bytearray) -> SpeechRequest:
    """Parse a request. Raises `InvalidRequest` for anything that is not JSON, or not of this shape."""
    return decode(_DECODER, body)


def from_form(form: Form) -> SpeechRequest:
    """The same from a form, which Azure's own description of the operation allows."""
    arrays = ("timestamp_granularities[]", "timestamp_granularities")
    fields: dict[str, Any] = {name: form.text(name) for name in form.names if name not in arrays}
    if granularities := [value for name in arrays for value in form.texts(name)]:
        fields["timestamp_granularities"] = granularities
    if (speed := form.number("speed")) is not None:
        fields["speed"] = speed
    if (voice_id := fields.pop("voice[id]", None)) is not None:
        fields["voice"] = {"id": voice_id}
    return parse(msgspec.json.encode(fields))


def read_options(
    request: SpeechRequest,
    *,
    voices: frozenset[str],
    languages: frozenset[str],
    most_characters: int,
    takes_instructions: bool,
) -> SpeechOptions:
    """The request's options. `takes_instructions` is false for OpenAI's older models, which know neither instructions
    nor events.

    Raises `InvalidRequest` and `InvalidSsml`.
    """
    text = _text(request, most_characters)
    if request.voice is None:
        raise missing("voice")
    name = request.voice if isinstance(request.voice, str) else request.voice.id
    if name not in voices:
        raise unsupported_value("voice", name, sorted(voices))
    audio_format = _FORMATS.get(request.response_format or "mp3")
    if audio_format is None:
        raise unsupported_value("response_format", request.response_format or "", _FORMATS)
    check_range("speed", request.speed, SLOWEST, FASTEST)
    instructions = request.instructions or ""
    check_length("instructions", instructions, _LONGEST_INSTRUCTIONS)
    if not takes_instructions:
        instructions = ""
    is_event_stream = _is_event_stream(request.stream_format, takes_instructions)
    pace = pace_of(instructions) * (1.0 if request.speed is None else request.speed)
    return SpeechOptions(
        text=text,
        script=read_ssml(text, voices=voices, languages=languages) if is_ssml(text) else text,
        voice=Voice(name=name, speed=min(max(pace, SLOWEST), FASTEST)),
        audio_format=audio_format,
        is_event_stream=is_event_stream,
        with_words=_with_words(request.timestamp_granularities, is_event_stream),
        instructions=instructions,
    )


def _text(request: SpeechRequest, most_characters: int) -> str:
    if request.input is None:
        raise missing("input")
    if not request.input:
        raise InvalidRequest(
            "Invalid 'input': string too short. Expected a string with minimum length 1, but got an empty string "
            "instead.",
            param="input",
            code="string_below_min_length",
        )
    check_length("input", request.input, most_characters)
    return request.input


def _with_words(granularities: list[str] | None, is_event_stream: bool) -> bool:
    for each in granularities or ():
        if each != "word":
            raise unsupported_value("timestamp_granularities", each, ["word"])
    if granularities and not is_event_stream:
        raise InvalidRequest(
            "'timestamp_granularities' needs 'stream_format' to be 'sse'.",
            param="timestamp_granularities",
            code="invalid_value",
        )
    return bool(granularities)


def _is_event_stream(stream_format: str | None, is_supported: bool) -> bool:
    if stream_format is None:
        return False
    if stream_format not in _STREAM_FORMATS:
        raise unsupported_value("stream_format", stream_format, _STREAM_FORMATS)
    if stream_format == "sse" and not is_supported:
        raise InvalidRequest(
            "Unsupported value: 'stream_format' does not support 'sse' with this model.",
            param="stream_format",
            code="unsupported_value",
        )
    return stream_format == "sse"
