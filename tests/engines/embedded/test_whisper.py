"""Whisper on recorded human speech."""

from __future__ import annotations

import asyncio
import csv
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.whisper import Whisper, says_twice

from ...conftest import SPEECH, SpeechClip
from ...speech import read_flac, word_error_rate

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def whisper(model_path: Callable[[str], Path]) -> Whisper:
    return Whisper(model_path("whisper-base"), workers=2, max_waiting=8)


async def test_english_is_recognized(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
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
async def test_other_languages_are_recognized_as_what_they_are(
    whisper: Whisper, speech_clips: dict[str, SpeechClip], path: str, language: str, said: str
):
    segments = [segment async for segment in whisper.recognize(read_flac(speech_clips[path].path))]
    assert {segment.language for segment in segments} == {language}
    assert said in " ".join(segment.text for segment in segments)


@pytest.mark.parametrize(
    ("path", "seconds", "expected", "language"),
    [
        ("librispeech/19-198-0037.flac", 0.8, "en", "en"),  # On its own taken for Hebrew.
        ("multilingual/leopard_test_es.flac", 2.5, "es", "es"),  # For Nepali.
        ("multilingual/leopard_test_es.flac", 5.0, "en", "es"),
        ("multilingual/cheetah_test_de_norm.flac", 5.0, "en", "de"),
    ],
)
async def test_what_is_hard_to_tell_is_in_the_expected_language(
    whisper: Whisper, speech_clips: dict[str, SpeechClip], path: str, seconds: float, expected: str, language: str
):
    whole = read_flac(speech_clips[path].path)
    beginning = Pcm(whole.samples[: round(seconds * whole.sample_rate)], whole.sample_rate)
    segments = [segment async for segment in whisper.recognize(beginning, expected_language=expected)]
    assert {segment.language for segment in segments} == {language}


@pytest.mark.parametrize("dbfs", [-38, -50])
async def test_quiet_speech_cut_tightly_is_understood_like_any_other(
    whisper: Whisper, speech_clips: dict[str, SpeechClip], dbfs: int
):
    """At their own level, twice as many words of these are wrong, some written as one syllable said twice."""
    paths = [path for path in speech_clips if path.startswith(("multilingual", "pocketsphinx", "ljspeech/LJ001-0006"))]
    rates: list[tuple[float, float]] = []
    for clip in [speech_clips[path] for path in paths if speech_clips[path].language in ("en", "fr", "es", "pt")][:10]:
        loud = at_peak(cut_tightly(read_flac(clip.path)), -3)
        quiet = Pcm.from_int16(at_peak(loud, dbfs).to_int16(), loud.sample_rate)
        texts = [
            " ".join([segment.text async for segment in whisper.recognize(audio, language=clip.language)])
            for audio in (loud, quiet)
        ]
        rates.append((word_error_rate(clip.transcript, texts[0]), word_error_rate(clip.transcript, texts[1])))
    assert np.mean([quiet for _, quiet in rates]) <= np.mean([loud for loud, _ in rates]) + 0.1


def at_peak(audio: Pcm, dbfs: float) -> Pcm:
    """Scaled so that its largest sample is at `dbfs`."""
    return Pcm((audio.samples / np.abs(audio.samples).max() * 10 ** (dbfs / 20)).astype(np.float32), audio.sample_rate)


def cut_tightly(audio: Pcm) -> Pcm:
    """From the first sound to the last."""
    frames = audio.samples[: len(audio.samples) // 160 * 160].reshape(-1, 160)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    sounding = np.flatnonzero(levels > 0.08 * levels.max())
    return Pcm(frames[sounding[0] : sounding[-1] + 1].reshape(-1), audio.sample_rate)


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("He He", True),
        ("8 8", True),
        ("I work. I work.", True),
        ("No, no, no.", True),
        ("Yes.", False),
        ("He heard.", False),
        ("It is what it is", False),
        ("", False),
        ("If the arts and crafts represented here, differs from the arts and crafts represented here.", True),
        ("The crafts of ancient Rome, and then the crafts of ancient Greece.", False),
    ],
)
async def test_a_whole_transcript_or_a_long_phrase_said_twice_is_a_repetition(text: str, repeats: bool):
    assert says_twice(text) == repeats


async def test_a_word_in_a_short_recording_is_heard_once(whisper: Whisper, recorded_words: Sequence[tuple[Path, str]]):
    """In the shortest window, some of these are heard as "8 8"."""
    for path, said in recorded_words:
        text = " ".join([segment.text async for segment in whisper.recognize(read_flac(path), language="en")])
        assert not says_twice(text), (said, text)


@pytest.fixture(scope="module")
def recorded_words() -> Sequence[tuple[Path, str]]:
    """Recordings of a word or two that is said once."""
    folder = SPEECH.parent / "recordings" / "en_short"
    if not folder.is_dir():
        pytest.skip("the recordings in ../shared/recordings are not on this machine")
    with (folder / "index.tsv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(folder / row["path"], row["transcript"]) for row in rows if row["transcript"]]


async def test_speech_longer_than_one_window_is_recognized_to_its_end(
    whisper: Whisper, speech_clips: dict[str, SpeechClip]
):
    first, last = (speech_clips[f"ljspeech/LJ001-000{n}.flac"] for n in (1, 3))
    long = Pcm.concatenate(
        [read_flac(first.path), read_flac(last.path), Pcm.silence(5, 16_000), read_flac(first.path)], 16_000
    )
    assert long.seconds > 30
    segments = [segment async for segment in whisper.recognize(long, language="en")]
    reference = f"{first.transcript} {last.transcript} {first.transcript}"
    assert word_error_rate(reference, " ".join(segment.text for segment in segments)) < 0.15
    assert segments[-1].end_ms > 30_000


async def test_speech_behind_digital_silence_is_heard_once_and_where_it_is(
    whisper: Whisper, speech_clips: dict[str, SpeechClip]
):
    clip = speech_clips["pocketsphinx/sense_and_sensibility_01_austen_64kb-0880.flac"]
    for before, behind in ((1.86, 2.14), (1.61, 3.02), (1.1, 2.35), (1.26, 0.69)):
        audio = Pcm.concatenate(
            [Pcm.silence(before, 16_000), read_flac(clip.path), Pcm.silence(behind, 16_000)], 16_000
        )
        segments = [segment async for segment in whisper.recognize(audio, language="en")]
        assert word_error_rate(clip.transcript, " ".join(segment.text for segment in segments)) < 0.4
        assert before * 1000 - 500 <= segments[0].start_ms <= before * 1000 + 500
        assert segments[-1].end_ms <= audio.seconds * 1000


async def test_nothing_is_heard_twice_that_was_said_once(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    """In the shortened window that fits this, Whisper says it twice."""
    clip = speech_clips["multilingual/cheetah_test_it.flac"]
    silences = [Pcm.silence(samples / 16_000, 16_000) for samples in (20_382, 17_266)]
    audio = Pcm.concatenate([silences[0], read_flac(clip.path), silences[1]], 16_000)
    heard = " ".join([segment.text async for segment in whisper.recognize(audio, language="it")])
    assert len(heard) < 1.2 * len(clip.transcript)


async def test_speech_cut_off_anywhere_is_heard_once(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    """In the shortened window that fits them, Whisper says some of these cuts again and again."""
    whole = read_flac(speech_clips["librispeech/27-124992-0005.flac"].path)
    for milliseconds in range(2700, 3900, 100):
        cut = Pcm(whole.samples[: whole.sample_rate * milliseconds // 1000], whole.sample_rate)
        text = " ".join([segment.text async for segment in whisper.recognize(cut, language="en")])
        assert text.lower().count("king") == 1


async def test_what_goes_on_from_speech_heard_a_moment_ago_is_in_its_language(
    whisper: Whisper, speech_clips: dict[str, SpeechClip]
):
    whole = read_flac(speech_clips["multilingual/leopard_test_fr.flac"].path)
    half = Pcm(whole.samples[: len(whole.samples) // 2], whole.sample_rate)
    heard = [[segment async for segment in whisper.recognize(audio)] for audio in (half, whole)]
    assert {segment.language for segments in heard for segment in segments} == {"fr"}
    assert "Sous le consulat" in heard[1][0].text


async def test_speech_cut_off_in_a_word_is_not_made_up_at_length(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    whole = read_flac(speech_clips["ljspeech/LJ001-0006.flac"].path)
    for milliseconds in range(300, 1500, 200):
        cut = Pcm(whole.samples[: whole.sample_rate * milliseconds // 1000], whole.sample_rate)
        text = " ".join([segment.text async for segment in whisper.recognize(cut)])
        assert len(text) < 120


async def test_utterances_recognized_side_by_side_keep_apart(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    clips = [speech_clips[f"ljspeech/LJ001-000{number}.flac"] for number in (3, 6)]

    async def text(path: Path) -> str:
        return " ".join([segment.text async for segment in whisper.recognize(read_flac(path))])

    texts = await asyncio.gather(*(text(clip.path) for clip in clips * 2))
    for clip, said in zip(clips * 2, texts, strict=True):
        assert word_error_rate(clip.transcript, said) < 0.2


@pytest.mark.skipif(
    not Path("/proc/cpuinfo").exists(), reason="the processor is asked for what it has as Linux tells it"
)
def test_avx_512_is_used_where_the_processor_has_it_without_slowing_down(model_path: Callable[[str], Path]):
    program = """
import pathlib, sys
from antiphon.engines.embedded.whisper import Whisper
Whisper(pathlib.Path(sys.argv[1]), workers=1, max_waiting=0)
"""
    command = [sys.executable, "-c", program, str(model_path("whisper-base"))]
    environment = os.environ | {"CT2_VERBOSE": "1"}
    environment.pop("CT2_FORCE_CPU_ISA", None)
    loaded = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    has_it = "avx512_vbmi2" in Path("/proc/cpuinfo").read_text()
    assert ("Selected ISA: AVX512" in loaded.stdout + loaded.stderr) == has_it
