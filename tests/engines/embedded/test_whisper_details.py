"""What Whisper tells besides the text: when each word was said, how likely each token is, and what it is in English."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.interfaces import RecognitionOptions, RecognizedSpeech

from ...conftest import SpeechClip
from ...speech import read_flac

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def whisper(model_path: Callable[[str], Path]) -> Whisper:
    return Whisper(model_path("whisper-base"), workers=1, max_waiting=8)


async def recognized(whisper: Whisper, audio: Pcm, *, words: bool = False, logprobs: bool = False) -> RecognizedSpeech:
    options = RecognitionOptions(words=words, logprobs=logprobs)
    (speech,) = [each async for each in whisper.recognize(audio, options=options)]
    return speech


async def test_each_word_of_the_text_has_its_time(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    audio = read_flac(speech_clips["ljspeech/LJ001-0006.flac"].path)
    speech = await recognized(whisper, audio, words=True)
    assert "".join(word.text for word in speech.words).strip() == speech.text
    for before, after in pairwise(speech.words):
        assert before.start_ms <= before.end_ms <= after.start_ms + 20
    assert speech.words[-1].end_ms <= round(audio.seconds * 1000)
    assert all(0 < (word.probability or 0) <= 1 for word in speech.words)


async def test_the_tokens_probabilities_are_those_it_was_recognized_with(
    whisper: Whisper, speech_clips: dict[str, SpeechClip]
):
    audio = read_flac(speech_clips["multilingual/leopard_test_fr.flac"].path)
    speech = await recognized(whisper, audio, logprobs=True)
    assert b"".join(bytes(each.bytes) for each in speech.logprobs).decode().strip() == speech.text
    assert speech.details is not None
    assert fmean(each.logprob for each in speech.logprobs) == pytest.approx(speech.details.mean_logprob, abs=0.1)


async def test_speech_is_translated_into_english(whisper: Whisper, speech_clips: dict[str, SpeechClip]):
    audio = read_flac(speech_clips["multilingual/cheetah_test_it.flac"].path)
    segments = whisper.recognize(audio, options=RecognitionOptions(task="translate", words=True))
    spoken = [segment async for segment in segments]
    assert {segment.language for segment in spoken} == {"it"}
    assert {"the", "of"} & set(" ".join(segment.text.lower() for segment in spoken).split())
    assert not any(segment.words for segment in spoken)
