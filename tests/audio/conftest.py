"""Sound to work on, and files of every kind that clients send."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeAlias

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm

WriteFile: TypeAlias = Callable[..., bytes]


@pytest.fixture(scope="session")
def humming() -> Pcm:
    """Three seconds at 24 kHz that sound a little like a voice and correlate with nothing but themselves."""
    seconds = np.arange(72_000) / 24_000
    glide = np.sin(2 * np.pi * (200 * seconds + 30 * seconds**2))
    return Pcm((0.2 * glide * (1 + np.sin(4 * np.pi * seconds))).astype(np.float32), 24_000)


@pytest.fixture(scope="session")
def write_file() -> WriteFile:
    """Encodes `audio` as FFmpeg would: `write_file("webm", "libopus", audio, rate=48_000)`."""

    def write(
        container: str, codec: str, audio: Pcm, *, rate: int | None = None, layout: str = "mono", **options: str
    ) -> bytes:
        file = io.BytesIO()
        audio = audio.resample(rate or audio.sample_rate)
        with av.open(file, "w", format=container, options=options) as output:
            stream: Any = output.add_stream(codec, rate=audio.sample_rate, layout=layout)
            samples = np.frombuffer(audio.to_int16(), np.int16)
            interleaved = np.repeat(samples, stream.layout.nb_channels)[np.newaxis]
            frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
            frame.sample_rate = audio.sample_rate
            output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
        return file.getvalue()

    return write


@pytest.fixture(scope="session")
def flac_bomb() -> bytes:
    """An hour of silence in half a megabyte, whose header does not say how long it is."""
    minute = Pcm.silence(60, 16_000)
    file = bytearray(encode([minute] * 60, audio_format=Format.FLAC, sample_rate=16_000))
    file[21] &= 0xF0  # The number of samples: 36 bits, of which 0 means that it is unknown.
    file[22:26] = bytes(4)
    return bytes(file)
