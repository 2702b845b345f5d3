"""Opus as it travels in RTP (RFC 7587): one packet at a time, mono, without a container."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from antiphon.audio.errors import InvalidAudio
from antiphon.audio.pcm import Pcm

OPUS_RATE = 48_000
"""Samples a second of the clock of Opus, whatever it carries."""
FRAME_MS = 20
_BITS_PER_SECOND = 32_000
_COMPLEXITY = 5
_FRAME_SAMPLES = {  # RFC 6716, 3.1: the length of a frame by configuration, at `OPUS_RATE`.
    range(12): (480, 960, 1920, 2880),
    range(12, 16): (480, 960),
    range(16, 32): (120, 240, 480, 960),
}
_LONGEST_SAMPLES = 5760
"""120 ms."""


def packet_samples(packet: bytes) -> int:
    """How much a packet holds, at `OPUS_RATE`; 0 if it is not one."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 3
    lengths = next(lengths for configurations, lengths in _FRAME_SAMPLES.items() if configuration in configurations)
    counted = packet[1] & 0x3F if len(packet) > 1 else 0
    frames = (1, 2, 2, counted)[code]
    samples = lengths[configuration % len(lengths)] * frames
    return samples if samples <= _LONGEST_SAMPLES else 0


class OpusDecoder:
    """Decodes the packets of one stream, in order."""

    def __init__(self) -> None:
        self._codec = AudioCodecContext.create("libopus", "r")
        self._codec.layout = "mono"
        self._codec.sample_rate = OPUS_RATE

    def decode(self, packet: bytes) -> Pcm:
        """The packet's audio at `OPUS_RATE`. Raises `InvalidAudio`."""
        try:
            frames = self._codec.decode(av.Packet(packet))
        except av.FFmpegError:
            raise InvalidAudio("An Opus packet cannot be decoded.") from None
        return Pcm.concatenate((Pcm(_samples(frame), OPUS_RATE) for frame in frames), OPUS_RATE)


class OpusEncoder:
    """Encodes one stream in packets of `FRAME_MS`, which tolerate some loss."""

    def __init__(self, sample_rate: int) -> None:
        """`sample_rate` is one of Opus: 8, 12, 16, 24 or 48 kHz."""
        self._sample_rate = sample_rate
        self._encoded = 0
        self._codec = AudioCodecContext.create("libopus", "w")
        self._codec.format = "s16"
        self._codec.layout = "mono"
        self._codec.sample_rate = sample_rate
        self._codec.time_base = Fraction(1, sample_rate)
        self._codec.bit_rate = _BITS_PER_SECOND
        self._codec.options = {
            "application": "voip",
            "compression_level": str(_COMPLEXITY),
            "frame_duration": str(FRAME_MS),
            "fec": "1",
            "packet_loss": "5",
        }

    def encode(self, audio: bytes) -> bytes:
        """The packet of `FRAME_MS` of 16-bit samples."""
        samples = np.frombuffer(audio, "<i2").reshape(1, -1)
        frame = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = self._sample_rate
        frame.pts = self._encoded
        self._encoded += samples.shape[1]
        return b"".join(bytes(packet) for packet in self._codec.encode(frame))


def _samples(frame: AudioFrame) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    samples = frame.to_ndarray().reshape(-1)
    if samples.dtype == np.int16:
        return (samples / 32768).astype(np.float32)
    return samples.astype(np.float32)
