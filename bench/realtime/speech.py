"""What is said into a session: recorded questions without the silence around them, and the noise of a quiet room."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import msgspec
import numpy as np

from antiphon.audio.pcm import Pcm
from bench.recordings import Recording, read_recordings

SAMPLE_RATE = 24_000
"""Hz of `pcm16` on the wire."""
FRAME_MS = 40
"""How much audio each event appends."""

_WINDOW_MS = 10
_SOUNDING = 0.01
"""The peak of a window, as a part of the clip's, above which it is not silence: -40 dB."""
_ABOVE_FLOOR = 10 ** (10 / 20)
"""What sounds is also 10 dB above the recording's own noise, which many windows have no more than."""
_FLOOR_PERCENTILE = 5
_NOISE = 0.001
"""-60 dBFS: not so quiet that voice activity detection would not look at it."""
_SHORTEST_S = 1.9
_LONGEST_S = 4.4


def questions(count: int) -> Sequence[Pcm]:
    """English recordings of some three seconds, each beginning and ending with sound.

    Raises `NoRecordings`.
    """
    fitting = [recording for recording in read_recordings() if _fits(recording)]
    return [trimmed(recording.read(SAMPLE_RATE)) for recording in fitting[:count]]


def trimmed(audio: Pcm) -> Pcm:
    """The audio from its first sounding window of 10 ms to its last. Silence comes back empty."""
    return Pcm(audio.samples[sounding(audio)], audio.sample_rate)


def sounding(audio: Pcm) -> slice:
    """Which samples `trimmed` keeps."""
    window = audio.sample_rate * _WINDOW_MS // 1000
    padded = np.pad(np.abs(audio.samples), (0, -len(audio.samples) % window))
    peaks = padded.reshape(-1, window).max(axis=1, initial=0.0)
    if not peaks.any():
        return slice(0, 0)
    threshold = max(_SOUNDING * peaks.max(), _ABOVE_FLOOR * float(np.percentile(peaks, _FLOOR_PERCENTILE)))
    windows = np.flatnonzero(peaks >= min(threshold, peaks.max()))
    return slice(int(windows[0]) * window, (int(windows[-1]) + 1) * window)


def last_seconds(audio: Pcm, seconds: float) -> Pcm:
    """The audio's end."""
    return Pcm(audio.samples[-round(seconds * audio.sample_rate) :], audio.sample_rate)


def room_noise(seconds: float, *, seed: int | None = None) -> Pcm:
    """Never the same twice without a seed, so that the server does not remember to have heard what is said in it."""
    samples = np.random.default_rng(seed).normal(0, _NOISE, round(seconds * SAMPLE_RATE))
    return Pcm(samples.astype(np.float32), SAMPLE_RATE)


def append_events(audio: Pcm) -> Sequence[str]:
    """The audio as a client sends it, `FRAME_MS` at a time; the last event is filled up with noise."""
    length = SAMPLE_RATE * FRAME_MS // 1000
    missing_s = -len(audio.samples) % length / SAMPLE_RATE
    data = Pcm.concatenate([audio, room_noise(missing_s)], SAMPLE_RATE).to_int16()
    return [_append(data[start : start + 2 * length]) for start in range(0, len(data), 2 * length)]


def _append(data: bytes) -> str:
    event = {"type": "input_audio_buffer.append", "audio": base64.b64encode(data).decode("ascii")}
    return msgspec.json.encode(event).decode()


def _fits(recording: Recording) -> bool:
    return recording.language == "en" and _SHORTEST_S <= recording.seconds <= _LONGEST_S
