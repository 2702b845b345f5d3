"""Audio as it travels through a session: 24 kHz samples or telephony's eight bits, converted to `Pcm` and back."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.audio import g711
from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.realtime.configuration import AudioFormat

PIECE_MS = 200
"""The longest stretch of audio in one event: short enough for any client's largest frame, and to stop quickly."""


def to_pcm(data: bytes, audio_format: AudioFormat) -> Pcm:
    """The audio at its format's sample rate. A sample that is cut in two is dropped."""
    if audio_format is AudioFormat.PCM16:
        return Pcm.from_int16(data[: len(data) // 2 * 2], audio_format.sample_rate)
    return g711.decode(data, g711.Law(audio_format.value))


def from_pcm(audio: Pcm, audio_format: AudioFormat) -> bytes:
    """The bytes of audio that is at the format's sample rate."""
    if audio_format is AudioFormat.PCM16:
        return audio.to_int16()
    return g711.encode(audio, g711.Law(audio_format.value))


class OutputAudio:
    """Converts the audio of one reply from the sample rate at which it is made to pieces in its output format."""

    def __init__(self, audio_format: AudioFormat, *, sample_rate: int) -> None:
        self._format = audio_format
        self._sample_rate = sample_rate
        self._resampler: StreamResampler | None = None

    def feed(self, audio: Pcm) -> Iterator[bytes]:
        """What is ready once `audio` has been added."""
        if self._resampler is None:
            self._resampler = StreamResampler(self._sample_rate, self._format.sample_rate)
        return self._pieces(self._resampler.resample(audio))

    def finish(self) -> Iterator[bytes]:
        """What the resampler has held back so far."""
        resampler, self._resampler = self._resampler, None
        if resampler is None:
            return iter(())
        return self._pieces(resampler.resample(Pcm.silence(0, self._sample_rate), last=True))

    def _pieces(self, audio: Pcm) -> Iterator[bytes]:
        data = from_pcm(audio, self._format)
        length = PIECE_MS * self._format.bytes_a_ms
        for start in range(0, len(data), length):
            yield data[start : start + length]
