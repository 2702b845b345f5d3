"""The real Whisper small, as it comes in its packages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from antiphon.engines.embedded.converted.whisper import converted_whisper
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.interfaces import RecognitionOptions

from ....conftest import SpeechClip
from ....speech import read_flac

pytestmark = [pytest.mark.anyio, pytest.mark.models]


async def test_whisper_small_hears_what_was_said_and_when(
    model_path: Callable[[str], Path], speech_clips: dict[str, SpeechClip]
):
    whisper = Whisper(converted_whisper(model_path("whisper-small")), workers=1, max_waiting=4)
    clip = read_flac(speech_clips["ljspeech/LJ001-0001.flac"].path)
    (heard,) = [each async for each in whisper.recognize(clip, options=RecognitionOptions(words=True))]
    assert heard.language == "en"
    assert "in the only sense with which we are at present concerned" in heard.text.lower()
    ends = [word.end_ms for word in heard.words]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(1000 * clip.seconds, abs=600)
