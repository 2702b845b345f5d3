from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from antiphon.audio.acoustics import SILENCE_DBFS, Acoustics, measure
from antiphon.audio.decode import decode
from antiphon.audio.pcm import Pcm
from antiphon.audio.segments import Segment

RATE = 16_000
VOWEL = (1.0, 0.8, 0.5, 0.6, 0.3, 0.2)
TELEPHONE_VOWEL = (0.0, 0.3, 1.0, 0.9, 0.6, 0.4)  # Its fundamental was filtered away.


def voice(hz: float | NDArray[np.float64], seconds: float, harmonics: Sequence[float] = VOWEL) -> NDArray[np.float64]:
    """A steady or gliding vowel of unit power."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hz, round(seconds * RATE))) / RATE
    sound = sum(amplitude * np.sin((k + 1) * phase + k) for k, amplitude in enumerate(harmonics))
    return np.asarray(sound / np.sqrt(np.mean(np.square(sound))))


def noise(seconds: float) -> NDArray[np.float64]:
    return np.random.default_rng(0).standard_normal(round(seconds * RATE))


def measured(sound: NDArray[np.float64], speech: Sequence[Segment] | None = None, *, rate: int = RATE) -> Acoustics:
    whole = [Segment(0, round(len(sound) / rate * 1000))]
    return measure(Pcm(sound.astype(np.float32), rate), whole if speech is None else speech)


@pytest.mark.parametrize("harmonics", [(1.0,), VOWEL, TELEPHONE_VOWEL], ids=["pure", "vowel", "telephone"])
@pytest.mark.parametrize("hz", [85, 120, 220, 330, 450])
def test_the_pitch_of_a_voice_is_found(hz: float, harmonics: Sequence[float]) -> None:
    pitch = measured(0.1 * voice(hz, 1, harmonics)).pitch
    assert pitch is not None
    assert pitch.median_hz == pytest.approx(hz, rel=0.03)


@pytest.mark.parametrize("hz", [120, 220])
def test_the_pitch_is_found_in_noise(hz: float) -> None:
    pitch = measured(0.1 * voice(hz, 2) + 0.03 * noise(2)).pitch
    assert pitch is not None
    assert pitch.median_hz == pytest.approx(hz, rel=0.03)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
def test_the_pitch_does_not_depend_on_the_rate(rate: int) -> None:
    sound = Pcm((0.1 * voice(150, 1)).astype(np.float32), RATE).resample(rate)
    pitch = measure(sound, [Segment(0, 1_000)]).pitch
    assert pitch is not None
    assert pitch.median_hz == pytest.approx(150, rel=0.03)


def test_the_range_of_a_glide_is_found() -> None:
    pitch = measured(0.1 * voice(np.linspace(100, 200, 4 * RATE), 4)).pitch
    assert pitch is not None
    assert (pitch.low_hz, pitch.median_hz, pitch.high_hz) == pytest.approx((110, 150, 190), rel=0.03)


@pytest.mark.parametrize("sound", [0.1 * noise(2), np.zeros(2 * RATE)], ids=["whisper", "silence"])
def test_what_is_not_voiced_has_no_pitch(sound: NDArray[np.float64]) -> None:
    assert measured(sound).pitch is None


def test_only_speech_has_a_pitch() -> None:
    sound = 0.1 * np.concatenate([voice(120, 1), voice(300, 1)])
    pitch = measured(sound, [Segment(0, 1_000)]).pitch
    assert pitch is not None
    assert pitch.high_hz == pytest.approx(120, rel=0.03)


@pytest.mark.parametrize("gain_db", [-60, -40, -20, -10])
def test_the_level_of_speech_follows_its_gain(gain_db: float) -> None:
    assert measured(10 ** (gain_db / 20) * voice(150, 1)).speech_level_dbfs == pytest.approx(gain_db, abs=0.1)


def test_pauses_do_not_lower_the_level_of_speech() -> None:
    sound = np.concatenate([0.1 * voice(150, 1), np.zeros(3 * RATE)])
    assert measured(sound, [Segment(0, 1_000)]).speech_level_dbfs == pytest.approx(-20, abs=0.1)


@pytest.mark.parametrize("snr_db", [5, 10, 20, 40])
def test_the_noise_is_told_from_the_speech(snr_db: float) -> None:
    sound = 0.03 * 10 ** (-snr_db / 20) * noise(4)
    sound[RATE : 3 * RATE] += 0.03 * voice(150, 2)
    acoustics = measured(sound, [Segment(1_000, 3_000)])
    assert acoustics.signal_to_noise_db == pytest.approx(snr_db, abs=1)
    assert acoustics.noise_floor_dbfs == pytest.approx(20 * np.log10(0.03) - snr_db, abs=0.5)


def test_speech_that_does_not_stand_out_has_no_ratio_below_zero() -> None:
    assert measured(0.1 * noise(3), [Segment(1_000, 2_000)]).signal_to_noise_db == pytest.approx(0, abs=1)


def test_digital_silence_is_as_quiet_as_can_be() -> None:
    acoustics = measured(np.zeros(RATE), [])
    assert (acoustics.peak_dbfs, acoustics.noise_floor_dbfs) == (SILENCE_DBFS, SILENCE_DBFS)


def test_without_speech_nothing_is_said_of_it() -> None:
    acoustics = measured(0.01 * noise(2), [])
    assert (acoustics.speech_seconds, acoustics.speech_level_dbfs, acoustics.signal_to_noise_db) == (0, None, None)
    assert acoustics.pitch is None


def test_a_recording_without_samples_can_be_measured() -> None:
    assert measured(np.zeros(0), []).seconds == 0


def test_pauses_are_counted_and_the_longest_is_found() -> None:
    speech = [Segment(500, 1_000), Segment(1_300, 2_000), Segment(2_900, 4_000)]
    acoustics = measured(np.zeros(5 * RATE), speech)
    assert (acoustics.seconds, acoustics.speech_seconds) == (5.0, 2.3)
    assert (acoustics.pauses, acoustics.longest_pause_ms) == (2, 900)


def test_one_breath_has_no_pauses() -> None:
    acoustics = measured(np.zeros(RATE), [Segment(100, 900)])
    assert (acoustics.pauses, acoustics.longest_pause_ms) == (0, 0)


def test_an_overdriven_recording_is_known_by_its_clipped_samples() -> None:
    loud = np.clip(2 * np.sin(2 * np.pi * 150 * np.arange(RATE) / RATE), -1, 1)
    acoustics = measured(loud)
    assert acoustics.clipped_fraction == pytest.approx(2 / 3, abs=0.01)
    assert acoustics.peak_dbfs == 0


class Clip(Protocol):
    path: Path


@pytest.mark.parametrize(
    ("recording", "low_hz", "high_hz"),
    [
        ("librispeech/26-495-0041.flac", 80, 140),  # a man
        ("librispeech/27-124992-0005.flac", 80, 140),  # another
        ("librispeech/19-198-0005.flac", 170, 260),  # a woman
        ("ljspeech/LJ001-0001.flac", 170, 260),  # another
    ],
)
def test_voices_of_people_are_as_high_as_they_sound(
    recording: str, low_hz: float, high_hz: float, speech_clips: dict[str, Clip]
) -> None:
    data = speech_clips[recording].path.read_bytes()
    audio = Pcm.from_int16(b"".join(decode(data, declared_format="flac", sample_rate=RATE)), RATE)
    pitch = measure(audio, [Segment(0, round(audio.seconds * 1000))]).pitch
    assert pitch is not None
    assert low_hz < pitch.median_hz < high_hz
