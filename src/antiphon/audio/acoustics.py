"""Measurements of an utterance: length, pauses, loudness, noise and pitch, as numbers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.audio.segments import Segment

SILENCE_DBFS = -96.0
"""The quietest level of 16-bit samples; digital silence counts as this."""

_FRAME_SECONDS = 0.02
_CLIPPED = 0.999
_NOISE_SECONDS = 0.2  # At least this much without speech is needed to measure the noise.

_PITCH_FRAME_SECONDS = 0.04
_MAX_PITCH_FRAMES = 500  # 10 s of speech; longer speech is sampled evenly, so that it costs no more.
_MIN_VOICED_FRAMES = 5
_LOWEST_PITCH_HZ = 60.0
_HIGHEST_PITCH_HZ = 500.0
_MAX_APERIODICITY = 0.25
_APERIODICITY_TOLERANCE = 0.07


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitch:
    """The fundamental frequency of the voiced parts: median, and 10th and 90th percentile."""

    median_hz: float
    low_hz: float
    high_hz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Acoustics:
    """The measurements. Levels are in dB relative to full scale, of the root mean square: a full-scale sine has -3."""

    seconds: float
    speech_seconds: float
    pauses: int
    """Silences between stretches of speech."""
    longest_pause_ms: int
    """0 without pauses."""
    speech_level_dbfs: float | None
    """None without speech, like all fields below that are about speech."""
    peak_dbfs: float
    """The largest sample's level; 0 is full scale."""
    clipped_fraction: float
    """The proportion of samples at full scale: above about 0.001, the recording is audibly overdriven."""
    noise_floor_dbfs: float
    """The level between the words or, if there are no gaps, of the quietest moments."""
    signal_to_noise_db: float | None
    pitch: Pitch | None
    """None when nothing is voiced, as in a whisper."""


def measure(audio: Pcm, speech: Sequence[Segment]) -> Acoustics:
    """Measure an utterance in which `speech` holds the stretches of speech, in order."""
    powers = _frame_powers(audio)
    spoken = _frames_within(speech, len(powers))
    noise_power = _noise_power(powers, spoken)
    speech_power = float(powers[spoken].mean()) if spoken.any() else None
    pauses = [after.start_ms - before.end_ms for before, after in itertools.pairwise(speech)]
    magnitudes = np.abs(audio.samples)
    return Acoustics(
        seconds=audio.seconds,
        speech_seconds=sum(segment.end_ms - segment.start_ms for segment in speech) / 1000,
        pauses=len(pauses),
        longest_pause_ms=max(pauses, default=0),
        speech_level_dbfs=None if speech_power is None else decibels(speech_power),
        peak_dbfs=decibels(float(magnitudes.max(initial=0.0)) ** 2),
        clipped_fraction=float(np.mean(magnitudes >= _CLIPPED)) if len(magnitudes) else 0.0,
        noise_floor_dbfs=decibels(noise_power),
        signal_to_noise_db=None if speech_power is None else _signal_to_noise_db(speech_power, noise_power),
        pitch=None if speech_power is None else _pitch(audio, spoken & (powers > speech_power / 10)),
    )


def _frame_powers(audio: Pcm) -> NDArray[np.float32]:
    """Mean square of each whole frame of 20 ms: shape (frames,)."""
    length = round(_FRAME_SECONDS * audio.sample_rate)
    frames = audio.samples[: len(audio.samples) // length * length].reshape(-1, length)
    return np.einsum("ij,ij->i", frames, frames) / length


def _frames_within(segments: Sequence[Segment], frames: int) -> NDArray[np.bool_]:
    within = np.zeros(frames, np.bool_)
    for segment in segments:
        within[round(segment.start_ms / 1000 / _FRAME_SECONDS) : round(segment.end_ms / 1000 / _FRAME_SECONDS)] = True
    return within


def _noise_power(powers: NDArray[np.float32], spoken: NDArray[np.bool_]) -> float:
    quiet = powers[~spoken]
    if len(quiet) >= _NOISE_SECONDS / _FRAME_SECONDS:
        return float(np.median(quiet))
    return float(np.percentile(powers, 5)) if len(powers) else 0.0


def _signal_to_noise_db(speech_power: float, noise_power: float) -> float:
    """The noise is subtracted from the speech's power, which includes it; 0 if the speech does not stand out."""
    return max(decibels(max(speech_power - noise_power, 0.0)) - decibels(noise_power), 0.0)


def decibels(power: float) -> float:
    """A mean square of samples in dBFS."""
    return max(SILENCE_DBFS, 10 * float(np.log10(max(power, 1e-12))))


def _pitch(audio: Pcm, voiced_candidates: NDArray[np.bool_]) -> Pitch | None:
    length = round(_PITCH_FRAME_SECONDS * audio.sample_rate)
    starts = np.flatnonzero(voiced_candidates) * round(_FRAME_SECONDS * audio.sample_rate)
    starts = starts[starts + length <= len(audio.samples)]
    starts = starts[:: -(-len(starts) // _MAX_PITCH_FRAMES) or 1]
    frequencies = _fundamentals(audio.samples[starts[:, np.newaxis] + np.arange(length)], audio.sample_rate)
    if len(frequencies) < _MIN_VOICED_FRAMES:
        return None
    median = float(np.median(frequencies))
    # No voice leaps more than an octave from its median: such a value is a misjudged period.
    frequencies = frequencies[(frequencies > median / 2) & (frequencies < median * 2)]
    low, middle, high = (float(hz) for hz in np.percentile(frequencies, (10, 50, 90)))
    return Pitch(median_hz=middle, low_hz=low, high_hz=high)


def _fundamentals(frames: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """The fundamental frequency in Hz of those frames, of shape (frames, samples), that are periodic.

    This is YIN (de Cheveigné and Kawahara, 2002) except for the choice of a period: the shortest one that is nearly as
    good as the best, which is more robust against noise than a fixed threshold.
    """
    aperiodicity = _aperiodicity(frames, longest_lag=int(sample_rate / _LOWEST_PITCH_HZ) + 1)
    shortest_lag = int(sample_rate / _HIGHEST_PITCH_HZ)
    before, here, after = (aperiodicity[:, shortest_lag + i : aperiodicity.shape[1] - 2 + i] for i in range(3))
    best = here.min(axis=1, keepdims=True)
    is_period = (here <= before) & (here < after) & (here <= best + _APERIODICITY_TOLERANCE)
    voiced = is_period.any(axis=1) & (best[:, 0] < _MAX_APERIODICITY)
    period = is_period.argmax(axis=1)[voiced]
    at = np.flatnonzero(voiced), period
    slope, curvature = after[at] - before[at], before[at] - 2 * here[at] + after[at]
    lags = period + shortest_lag + 1 - slope / (2 * curvature)  # The bottom of a parabola through the three points.
    return (sample_rate / lags).astype(np.float32)


def _aperiodicity(frames: NDArray[np.float32], longest_lag: int) -> NDArray[np.float32]:
    """YIN's cumulative mean normalised difference: shape (frames, longest_lag + 1), near 0 where a period fits."""
    window = frames.shape[1] - longest_lag
    size = 1 << (frames.shape[1] + window - 1).bit_length()
    spectrum = np.fft.rfft(frames, size) * np.conj(np.fft.rfft(frames[:, :window], size))
    correlation = np.fft.irfft(spectrum, size)[:, : longest_lag + 1]
    energy = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    energy = energy[:, window:] - energy[:, : longest_lag + 1]
    difference = np.maximum(energy[:, :1] + energy - 2 * correlation, 0.0)
    lags = np.arange(1, longest_lag + 1)
    normalised = np.ones_like(difference)
    normalised[:, 1:] = difference[:, 1:] * lags / np.maximum(np.cumsum(difference[:, 1:], axis=1), 1e-9)
    return normalised.astype(np.float32)
