"""`AudioPieces`: the audio of a streamed chat completion, base64 by base64."""

from __future__ import annotations

import binascii
import io
import wave

import pybase64

from antiphon.audio.pcm import Pcm
from antiphon.engines.remote.faults import UpstreamFault

_WAV = b"RIFF"
_OTHER_FORMATS = (b"ID3", b"OggS", b"fLaC")
_MOST_SECONDS = 3600.0


class AudioPieces:
    """Each piece is raw 16-bit audio at `sample_rate`, or a WAV file of it."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._rest = b""
        self._seconds = 0.0

    def feed(self, data: str) -> Pcm | None:
        """The samples that are whole now; None if there are none. Raises `UpstreamFault` if it is not such audio."""
        try:
            piece = pybase64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UpstreamFault(f"it sent audio that is not base64 ({error}): {data[:60]!r}") from None
        if piece.startswith(_OTHER_FORMATS):
            raise UpstreamFault(f"it sent a file ({piece[:4]!r}…) instead of 16-bit audio")
        samples = self._rest + (self._unpacked(piece) if piece.startswith(_WAV) else piece)
        whole = len(samples) & ~1
        self._rest = samples[whole:]
        if not whole:
            return None
        audio = Pcm.from_int16(samples[:whole], self._sample_rate)
        self._seconds += audio.seconds
        if self._seconds > _MOST_SECONDS:
            raise UpstreamFault("it sent audio without end")
        return audio

    def _unpacked(self, file: bytes) -> bytes:
        try:
            with wave.open(io.BytesIO(file)) as reader:
                found = (reader.getframerate(), 8 * reader.getsampwidth(), reader.getnchannels())
                samples = reader.readframes(reader.getnframes())
        except (wave.Error, EOFError) as error:
            raise UpstreamFault(f"it sent a WAV file that cannot be read ({error})") from None
        if found != (self._sample_rate, 16, 1):
            rate, bits, channels = found
            raise UpstreamFault(
                f"it sent audio with {rate} Hz, {bits} bits and {channels} channels; the settings say "
                f"{self._sample_rate} Hz (sample_rate), with 16 bits and one channel"
            )
        return samples
