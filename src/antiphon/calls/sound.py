"""`Sound`: the audio of one call in both directions, between packets of Opus and the samples of a session."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from antiphon.audio.errors import InvalidAudio
from antiphon.audio.opus import FRAME_MS, OPUS_RATE, OpusDecoder, OpusEncoder
from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.calls.jitter import AudioPacket, JitterBuffer, Stretch
from antiphon.calls.playout import Playout, Progress

SESSION_RATE = 24_000


class Sound:
    """All times are by one clock, which stands at `now_ms` when the call is connected."""

    def __init__(self, playout: Playout, *, now_ms: float) -> None:
        self._playout = playout
        self._jitter = JitterBuffer(OPUS_RATE, now_ms=now_ms)
        self._decoder = OpusDecoder()
        self._resampler = StreamResampler(OPUS_RATE, SESSION_RATE, quality="LQ")
        self._encoder = OpusEncoder(SESSION_RATE)

    def put(self, packet: AudioPacket, *, now_ms: float) -> None:
        """Take a packet from the caller."""
        self._jitter.put(packet, now_ms=now_ms)

    def hear(self, *, now_ms: float) -> bytes:
        """What is known by now of what the caller says: 16-bit samples at `SESSION_RATE`."""
        stretches = self._jitter.take(now_ms=now_ms)
        if not stretches:
            return b""
        audio = Pcm.concatenate(map(self._decoded, stretches), OPUS_RATE)
        return self._resampler.resample(audio).to_int16()

    def speak(self, *, now_ms: float) -> tuple[bytes, Sequence[Progress]]:
        """The packet of the next `FRAME_MS` for the caller, and what has come to pass with it."""
        frame, progress = self._playout.take(now_ms=now_ms)
        return self._encoder.encode(frame), progress

    def _decoded(self, stretch: Stretch) -> Pcm:
        if isinstance(stretch, AudioPacket):
            try:
                return self._decoder.decode(stretch.payload)
            except InvalidAudio:  # It was damaged on its way, or is none: as good as lost.
                pass
        return Pcm(np.zeros(stretch.samples, np.float32), OPUS_RATE)


def new_playout() -> Playout:
    return Playout(SESSION_RATE, frame_ms=FRAME_MS)
