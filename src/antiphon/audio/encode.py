"""Encodes speech while it is being synthesized: wav, mp3, flac, opus (in Ogg), aac (ADTS) and raw pcm16."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from antiphon.audio.pcm import Pcm


class Format(StrEnum):
    """The output formats, by OpenAI's names."""

    WAV = "wav"
    MP3 = "mp3"
    FLAC = "flac"
    OPUS = "opus"
    AAC = "aac"
    PCM16 = "pcm16"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def extension(self) -> str:
        """The file name extension, without the dot."""
        return "pcm" if self is Format.PCM16 else self.value


_MEDIA_TYPES = {
    Format.WAV: "audio/wav",
    Format.MP3: "audio/mpeg",
    Format.FLAC: "audio/flac",
    Format.OPUS: "audio/ogg",
    Format.AAC: "audio/aac",
    Format.PCM16: "application/octet-stream",
}

_CODECS = {  # FFmpeg's container, codec and bits a second; speech in mono at 24 kHz is transparent at these.
    Format.MP3: ("mp3", "libmp3lame", 64_000),
    Format.FLAC: ("flac", "flac", None),
    Format.OPUS: ("ogg", "libopus", 48_000),
    Format.AAC: ("adts", "aac", 64_000),
}

_RIFF_PCM = 1
_LARGEST_SIZE = 0xFFFF_FFFF


class Encoder(Protocol):
    """Encodes one file, piece by piece. Blocks for as long as encoding takes: call it in a worker thread."""

    def feed(self, audio: Pcm) -> None:
        """Encode the next piece. Raises `ValueError` if it is not at the encoder's sample rate."""
        ...

    def finish(self) -> bytes:
        """The whole file. Its headers contain sizes and lengths, so no part of it is final before."""
        ...


def encoder(audio_format: Format, *, sample_rate: int) -> Encoder:
    """A new encoder for mono audio at `sample_rate` Hz: 8, 12, 16, 24 or 48 kHz suit every format."""
    match audio_format:
        case Format.PCM16:
            return _RawEncoder(sample_rate)
        case Format.WAV:
            return _WavEncoder(sample_rate)
        case _:
            return _CodecEncoder(audio_format, sample_rate)


def encode(parts: Iterable[Pcm], *, audio_format: Format, sample_rate: int) -> bytes:
    """The parts, concatenated, as one file."""
    file = encoder(audio_format, sample_rate=sample_rate)
    for part in parts:
        file.feed(part)
    return file.finish()


class _RawEncoder:
    """Only samples: 16 bits, little-endian."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._samples = bytearray()

    def feed(self, audio: Pcm) -> None:
        check_rate(audio, self._sample_rate)
        self._samples += audio.to_int16()

    def finish(self) -> bytes:
        return bytes(self._samples)


class _WavEncoder(_RawEncoder):
    """A RIFF file of 16-bit samples."""

    def finish(self) -> bytes:
        return riff_header(self._sample_rate, len(self._samples)) + self._samples


def riff_header(sample_rate: int, size: int) -> bytes:
    """What precedes `size` bytes of 16-bit mono samples in a WAV file."""
    shape = struct.pack("<HHIIHH", _RIFF_PCM, 1, sample_rate, sample_rate * 2, 2, 16)
    whole = min(36 + size, _LARGEST_SIZE)
    return struct.pack("<4sI4s4sI16s4sI", b"RIFF", whole, b"WAVE", b"fmt ", 16, shape, b"data", size)


class CodecWriter:
    """Has FFmpeg write one mono track to `file`, with its `options` for the container."""

    def __init__(
        self, file: object, audio_format: Format, sample_rate: int, *, options: dict[str, str] | None = None
    ) -> None:
        container, codec, bit_rate = _CODECS[audio_format]
        self._sample_rate = sample_rate
        self._container = av.open(file, "w", format=container, options=options or {})
        self._stream = cast(AudioStream, self._container.add_stream(codec, rate=sample_rate, layout="mono"))
        if bit_rate is not None:
            self._stream.bit_rate = bit_rate

    def write(self, audio: Pcm) -> None:
        """Raises `ValueError` if it is not at the sample rate."""
        check_rate(audio, self._sample_rate)
        if len(audio.samples):
            samples = np.frombuffer(audio.to_int16(), np.int16)
            frame = AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
            frame.sample_rate = self._sample_rate
            self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write the rest."""
        self._container.mux(self._stream.encode(None))
        self._container.close()


class _CodecEncoder:
    """A file written by FFmpeg. MP3, FLAC and Opus declare their exact length in samples; AAC in ADTS cannot."""

    def __init__(self, audio_format: Format, sample_rate: int) -> None:
        self._file = io.BytesIO()
        self._writer = CodecWriter(self._file, audio_format, sample_rate)

    def feed(self, audio: Pcm) -> None:
        self._writer.write(audio)

    def finish(self) -> bytes:
        self._writer.close()
        return self._file.getvalue()


def check_rate(audio: Pcm, sample_rate: int) -> None:
    """Raises `ValueError` for audio at another rate."""
    if audio.sample_rate != sample_rate:
        raise ValueError(f"audio at {audio.sample_rate} Hz was given to an encoder at {sample_rate} Hz")
