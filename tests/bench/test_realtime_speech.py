"""What is said into sessions: where it begins and ends, and how it is sent."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from bench.realtime.speech import FRAME_MS, SAMPLE_RATE, append_events, last_seconds, room_noise, trimmed

from antiphon.audio.pcm import Pcm


def sine(seconds: float, amplitude: float = 0.5) -> Pcm:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return Pcm((amplitude * np.sin(2 * np.pi * 400 * time)).astype(np.float32), SAMPLE_RATE)


def silence(seconds: float) -> Pcm:
    return Pcm.silence(seconds, SAMPLE_RATE)


def one_after_the_other(*parts: Pcm) -> Pcm:
    return Pcm.concatenate(parts, SAMPLE_RATE)


def test_silence_around_what_sounds_is_cut_off_and_silence_within_it_kept():
    clip = one_after_the_other(silence(0.3), sine(0.5), silence(0.4), sine(0.2), silence(1.0))
    assert trimmed(clip).seconds == pytest.approx(1.1, abs=0.01)


def test_the_noise_of_the_recording_itself_does_not_count_as_sound():
    spoken = one_after_the_other(silence(0.5), sine(0.5), silence(0.5))
    noise = np.random.default_rng(2).normal(0, 0.005, len(spoken.samples)).astype(np.float32)
    assert trimmed(Pcm(spoken.samples + noise, SAMPLE_RATE)).seconds == pytest.approx(0.5, abs=0.03)


def test_what_sounds_all_the_time_stays_as_it_is():
    assert trimmed(sine(1.0)).seconds == pytest.approx(1.0, abs=0.02)


def test_of_silence_nothing_is_left():
    assert trimmed(silence(1.0)).seconds == 0.0


def test_the_end_of_a_clip_is_its_last_samples():
    clip = one_after_the_other(silence(1.0), sine(0.5))
    assert last_seconds(clip, 0.5).samples.tolist() == sine(0.5).samples.tolist()


def test_audio_is_sent_in_whole_frames_of_which_the_last_ends_in_noise():
    events = [json.loads(event) for event in append_events(sine(0.1))]
    assert {event["type"] for event in events} == {"input_audio_buffer.append"}
    frames = [base64.b64decode(event["audio"]) for event in events]
    assert [len(frame) for frame in frames] == [2 * SAMPLE_RATE * FRAME_MS // 1000] * 3
    assert b"".join(frames).startswith(sine(0.1).to_int16())
    assert any(frames[-1][-100:])


def test_the_room_is_quiet_but_not_silent():
    assert 0.0 < float(np.abs(room_noise(1.0).samples).max()) < 0.01
