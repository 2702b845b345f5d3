"""smart-turn on recorded human speech."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.smart_turn import SmartTurn

from ...conftest import SpeechClip
from ...speech import read_flac

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def smart_turn(model_path: Callable[[str], Path]) -> SmartTurn:
    return SmartTurn(model_path("smart-turn") / "smart-turn-v3.2-cpu.onnx", max_waiting=8)


async def test_finished_sentences_are_told_from_those_that_break_off(
    smart_turn: SmartTurn, speech_clips: dict[str, SpeechClip]
):
    sentences = [read_flac(clip.path) for path, clip in speech_clips.items() if path.startswith("german_kerstin/")]
    broken_off = [Pcm(audio.samples[: len(audio.samples) * 55 // 100], audio.sample_rate) for audio in sentences]
    finished = np.mean([await smart_turn.judge(audio) for audio in sentences])
    assert finished > 0.8
    assert finished > np.mean([await smart_turn.judge(audio) for audio in broken_off]) + 0.2


async def test_only_the_last_eight_seconds_count(smart_turn: SmartTurn, speech_clips: dict[str, SpeechClip]):
    audio = read_flac(speech_clips["jfk/jfk.flac"].path)
    assert audio.seconds > 8
    assert await smart_turn.judge(audio) == await smart_turn.judge(Pcm(audio.samples[-8 * 16_000 :], 16_000))


async def test_silence_in_front_makes_no_difference(smart_turn: SmartTurn, speech_clips: dict[str, SpeechClip]):
    audio = read_flac(speech_clips["pocketsphinx/sense_and_sensibility_01_austen_64kb-0880.flac"].path)
    later = Pcm.concatenate([Pcm.silence(3, audio.sample_rate), audio], audio.sample_rate)
    assert await smart_turn.judge(later) == await smart_turn.judge(audio)


@pytest.mark.parametrize("seconds", [0, 1, 20])
async def test_silence_of_any_length_can_be_judged(smart_turn: SmartTurn, seconds: float):
    assert 0 <= await smart_turn.judge(Pcm.silence(seconds, 24_000)) <= 1
