"""Encodes speech as a stream: each piece of audio becomes bytes that can be sent at once.

Where a whole file would declare its length, a stream does not: WAV has the size that streams have, and FLAC none.
"""

from __future__ import annotations

from typing import Protocol

from antiphon.audio.encode import CodecWriter, Format, check_rate, riff_header
from antiphon.audio.pcm import Pcm

_UNKNOWN_SIZE = 0xFFFF_FFFF
"""How a RIFF file says that its samples continue to its end."""

_OPTIONS = {
    Format.MP3: {"write_xing": "0", "id3v2_version": "0"},  # Both would be written again at the end.
    Format.OPUS: {"page_duration": "100000"},  # In microseconds; a page is sent when it is full.
}


class StreamEncoder(Protocol):
    """Encodes one stream. Blocks for as long as encoding takes: call it in a worker thread."""

    def feed(self, audio: Pcm) -> bytes:
        """What can be sent after the next piece. Raises `ValueError` if it is not at the encoder's sample rate."""
        ...

    def finish(self) -> bytes:
        """The rest of the stream."""
        ...


def stream_encoder(audio_format: Format, *, sample_rate: int) -> StreamEncoder:
    """A new encoder for mono audio at `sample_rate` Hz: 8, 12, 16, 24 or 48 kHz suit every format."""
    match audio_format:
        case Format.PCM16:
            return _Raw(sample_rate, header=b"")
        case Format.WAV:
            return _Raw(sample_rate, header=riff_header(sample_rate, _UNKNOWN_SIZE))
        case _:
            return _Codec(audio_format, sample_rate)


class _Raw:
    """Samples of 16 bits, little-endian, after a header."""

    def __init__(self, sample_rate: int, *, header: bytes) -> None:
        self._sample_rate = sample_rate
        self._header = header

    def feed(self, audio: Pcm) -> bytes:
        check_rate(audio, self._sample_rate)
        return self._take_header() + audio.to_int16()

    def finish(self) -> bytes:
        return self._take_header()

    def _take_header(self) -> bytes:
        header, self._header = self._header, b""
        return header


class _Pipe:
    """A file that can only be written, from whose other end the bytes are taken."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


class _Codec:
    def __init__(self, audio_format: Format, sample_rate: int) -> None:
        self._pipe = _Pipe()
        options = {"flush_packets": "1", **_OPTIONS.get(audio_format, {})}
        self._writer = CodecWriter(self._pipe, audio_format, sample_rate, options=options)

    def feed(self, audio: Pcm) -> bytes:
        self._writer.write(audio)
        return self._pipe.take()

    def finish(self) -> bytes:
        self._writer.close()
        return self._pipe.take()
