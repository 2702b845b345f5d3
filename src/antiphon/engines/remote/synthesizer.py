"""A synthesizer behind a URL: any server with OpenAI's `/audio/speech`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

import httpx
import msgspec

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause, Json
from antiphon.engines.kind import Role
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.kind import remote_kind
from antiphon.engines.remote.settings import SampleRate, UpstreamSettings, Voices
from antiphon.engines.remote.upstream import Upstream

_RAW = ("audio/pcm", "audio/l16", "audio/x-pcm", "application/octet-stream", "audio/raw")
_OTHER_FORMATS = (b"RIFF", b"ID3", b"OggS", b"fLaC", b'{"', b"<html", b"<!DOCTYPE")
_LONGEST_MARK = max(len(mark) for mark in _OTHER_FORMATS)
_MOST_SECONDS_A_CHARACTER = 3.0
"""Nobody speaks this slowly: anything longer is endless noise."""


class SpeechSettings(UpstreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the kind `openai-speech`."""

    voices: Voices
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("en",)
    """The languages (ISO 639-1) that the upstream can speak, each with every voice."""
    sample_rate: SampleRate = 24_000
    """For response_format "pcm", which is raw."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict[str, Json])
    """Further fields of each request."""


class RemoteSynthesizer:
    """A `Synthesizer`."""

    def __init__(self, upstream: Upstream, settings: SpeechSettings) -> None:
        self._upstream = upstream
        self._settings = settings
        self.sample_rate = settings.sample_rate
        self.voices = frozenset(settings.voices)
        self.languages = frozenset(settings.languages)

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        """See `Synthesizer.synthesize`. Raises `EngineFailed`, and `ValueError` for a voice that is not mapped."""
        voice = self._settings.voices.get(clause.voice)
        if voice is None:
            raise ValueError(f"The engine {self._upstream.name} has no voice for {clause.voice}.")
        body = {
            "model": self._settings.model,
            "input": clause.text,
            "voice": voice,
            "response_format": "pcm",
            "speed": clause.speed,
            **self._settings.extra,
        }
        most_bytes = round((5 + _MOST_SECONDS_A_CHARACTER * len(clause.text)) * 2 * self.sample_rate / clause.speed)

        async def read(response: httpx.Response) -> AsyncGenerator[Pcm]:
            _check_format(response.headers.get("content-type", ""), self.sample_rate)
            rest, received = b"", 0
            async for piece in response.aiter_raw():
                received += len(piece)
                if received > most_bytes:
                    raise UpstreamFault("it sent audio without end")
                rest += piece
                if received < _LONGEST_MARK:
                    continue
                if received - len(piece) < _LONGEST_MARK:
                    _check_beginning(rest)
                whole = len(rest) & ~1
                if whole:
                    yield Pcm.from_int16(rest[:whole], self.sample_rate)
                rest = rest[whole:]
            if received < _LONGEST_MARK and clause.text.strip():
                raise UpstreamFault("it sent no audio")
            if len(rest) % 2:
                raise UpstreamFault("it stopped in the middle of a sample")

        return self._upstream.post("audio/speech", read, json=body)


def _check_format(content_type: str, sample_rate: int) -> None:
    """Raises `UpstreamFault` if it certainly is not raw mono audio at `sample_rate`."""
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if kind and not kind.startswith(_RAW):
        raise UpstreamFault(f"it sent {kind} instead of raw audio")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "rate" and value.isdigit() and int(value) != sample_rate:
            raise UpstreamFault(f"it sent audio at {value} Hz; the settings say {sample_rate} (sample_rate)")
        if name == "channels" and value != "1":
            raise UpstreamFault(f"it sent audio with {value} channels instead of one")


def _check_beginning(audio: bytes) -> None:
    """Some servers send a different format from the one requested, or an error, labelled as raw."""
    if audio.startswith(_OTHER_FORMATS):
        raise UpstreamFault(f"it sent something else than raw audio: {audio[:200]!r}")


OPENAI_SPEECH = remote_kind("openai-speech", Role.SYNTHESIZER, SpeechSettings, RemoteSynthesizer)
