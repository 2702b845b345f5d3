"""Opus, packet by packet."""

from __future__ import annotations

import numpy as np
import pytest

from antiphon.audio.errors import InvalidAudio
from antiphon.audio.opus import OPUS_RATE, OpusDecoder, OpusEncoder, packet_samples
from antiphon.audio.pcm import Pcm


def test_what_is_encoded_is_heard_again():
    time = np.arange(24_000) / 24_000
    spoken = Pcm((0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), 24_000).to_int16()
    encoder, decoder = OpusEncoder(24_000), OpusDecoder()
    packets = [encoder.encode(spoken[start : start + 960]) for start in range(0, len(spoken), 960)]
    assert [packet_samples(packet) for packet in packets] == [960] * 50
    heard = Pcm.concatenate([decoder.decode(packet) for packet in packets], OPUS_RATE)
    assert heard.seconds == 1.0
    spectrum = np.abs(np.fft.rfft(heard.samples[OPUS_RATE // 2 :]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=4)
    assert np.abs(heard.samples[OPUS_RATE // 2 :]).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"", 0),
        (bytes([31 << 3]), 960),
        (bytes([(31 << 3) | 1]), 1920),
        (bytes([3 << 3]), 2880),
        (bytes([(16 << 3) | 3, 4]), 480),
        (bytes([(3 << 3) | 3, 63]), 0),
        (bytes([3]), 0),
    ],
)
def test_a_packet_tells_how_long_it_is(packet: bytes, samples: int):
    assert packet_samples(packet) == samples


def test_what_is_not_a_packet_is_refused():
    with pytest.raises(InvalidAudio):
        OpusDecoder().decode(b"\xff\xff\x00\x00\xff")
