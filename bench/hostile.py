"""Audio files that would be costly to a careless reader. All are made here, alike in every run."""

from __future__ import annotations

import io
from collections.abc import Sequence

import av
import numpy as np
from av.audio.frame import AudioFrame

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm

SESSION_DESCRIPTION = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\n"
"""Text that FFmpeg takes for a stream to wait for, if it is left to guess."""

_BOMB_CHANNELS, _BOMB_RATE, _BOMB_SECONDS = "7.1", 192_000, 200
_HEADER_BYTES = 48


def flac_bomb() -> bytes:
    """Silence: a tenth of a megabyte that unpacks to 600 MB."""
    file = io.BytesIO()
    silence = np.zeros((1, _BOMB_RATE * 8), np.int16)
    with av.open(file, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=_BOMB_RATE, layout=_BOMB_CHANNELS, format="s16")
        for second in range(_BOMB_SECONDS):
            frame = AudioFrame.from_ndarray(silence, format="s16", layout=_BOMB_CHANNELS)
            frame.sample_rate = _BOMB_RATE
            frame.pts = second * _BOMB_RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def fuzzed_wavs(count: int) -> Sequence[bytes]:
    """WAV files of a few seconds of silence, whose headers each have some bytes changed at random."""
    whole = encode([Pcm.silence(5.0, 24_000)], audio_format=Format.WAV, sample_rate=24_000)
    random = np.random.default_rng(1)
    files: list[bytes] = []
    for _ in range(count):
        file = bytearray(whole)
        for position in random.integers(4, _HEADER_BYTES, size=random.integers(1, 7)):
            file[position] = random.integers(256)
        files.append(bytes(file))
    return files
