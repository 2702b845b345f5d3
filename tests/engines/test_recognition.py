"""Whisper on recorded human speech."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.whisper import Whisper

from ..speech import read_flac, word_error_rate

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def whisper(model_path: Callable[[str], Path]) -> Whisper:
    return Whisper(model_path("whisper-base"), threads=2, max_waiting=8)


async def test_english_is_recognised(whisper: Whisper, speech_clips):
    clip = speech_clips["ljspeech/LJ001-0006.flac"]
    segments = [segment async for segment in whisper.recognize(read_flac(clip.path))]
    assert {segment.language for segment in segments} == {"en"}
    assert word_error_rate(clip.transcript, " ".join(segment.text for segment in segments)) < 0.15


@pytest.mark.parametrize(
    ("path", "language", "said"),
    [
        ("multilingual/cheetah_test_it.flac", "it", "cresta sud"),
        ("multilingual/leopard_test_fr.flac", "fr", "Sous le consulat"),
        ("multilingual/cheetah_test_pt.flac", "pt", "margem do rio"),
        ("multilingual/cheetah_test_es_norm.flac", "es", "268"),
        ("multilingual/cheetah_test_de_norm.flac", "de", "268"),
    ],
)
async def test_other_languages_are_recognised_as_what_they_are(whisper: Whisper, speech_clips, path, language, said):
    segments = [segment async for segment in whisper.recognize(read_flac(speech_clips[path].path))]
    assert {segment.language for segment in segments} == {language}
    assert said in " ".join(segment.text for segment in segments)


async def test_speech_longer_than_one_window_is_recognised_to_its_end(whisper: Whisper, speech_clips):
    first, last = (speech_clips[f"ljspeech/LJ001-000{n}.flac"] for n in (1, 3))
    long = Pcm.concatenate(
        [read_flac(first.path), read_flac(last.path), Pcm.silence(5, 16_000), read_flac(first.path)], 16_000
    )
    assert long.seconds > 30
    segments = [segment async for segment in whisper.recognize(long, language="en")]
    reference = f"{first.transcript} {last.transcript} {first.transcript}"
    assert word_error_rate(reference, " ".join(segment.text for segment in segments)) < 0.15
    assert segments[-1].end_ms > 30_000
