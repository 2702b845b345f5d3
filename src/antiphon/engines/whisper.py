"""Recognition by Whisper on CTranslate2, in this process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import RecognizedSpeech
from antiphon.engines.lane import Job, Lane

SAMPLE_RATE = 16_000

EncoderOutput: TypeAlias = Any
"""CTranslate2's tensor of encoded speech, which has no types."""

_WINDOWS = (1_000, 1_500, 3_000)
"""How many mel frames (10 ms each) the encoder may be given. Whisper was trained on the last; the others cost a third
and a half of it, at the same word error rate as long as the speech leaves room."""

_ROOM = 150
"""Frames of silence to leave behind the speech: a window cut tightly to the speech breaks recognition."""

_BEAMS_BUT_ENGLISH = 5
"""How many hypotheses to follow in languages other than English, where a small model's first guess is often wrong: a
quarter fewer errors, for twice the time. In English it gains nothing."""


class Whisper:
    """A `Recognizer`: any CTranslate2 Whisper folder, such as one converted for faster-whisper."""

    def __init__(self, folder: Path, *, threads: int, max_waiting: int) -> None:
        self._model = _WindowedWhisper(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._lane = Lane("whisper", workers=1, max_waiting=max_waiting)

    async def warm_up(self) -> None:
        """Recognise a second of silence, so that the first utterance meets a model that has run."""
        async for _ in self.recognize(Pcm.silence(1.0, SAMPLE_RATE), language="en"):
            pass

    def recognize(
        self, utterance: Pcm, *, language: str | None = None, prompt: str = ""
    ) -> AsyncGenerator[RecognizedSpeech]:
        """Yield the utterance's text, a segment at a time."""
        samples = utterance.resample(SAMPLE_RATE).samples

        def work(job: Job[RecognizedSpeech]) -> None:
            spoken = language or self._model.detect_language(samples)[0]
            segments, info = self._model.transcribe(
                samples,
                language=spoken,
                initial_prompt=prompt or None,
                beam_size=1 if spoken == "en" else _BEAMS_BUT_ENGLISH,
                condition_on_previous_text=False,
            )
            for segment in segments:
                if job.cancelled:
                    return
                job.emit(
                    RecognizedSpeech(
                        text=segment.text.strip(),
                        language=info.language,
                        start_ms=round(segment.start * 1000),
                        end_ms=round(segment.end * 1000),
                        no_speech_probability=segment.no_speech_prob,
                    )
                )

        return self._lane.stream(work)


class _WindowedWhisper(WhisperModel):
    """A Whisper that encodes no more silence than it needs, and encodes the same features once.

    Used from one thread at a time.
    """

    _latest: tuple[NDArray[np.float32], EncoderOutput] | None = None
    """The features encoded last, without padding, and what came of them."""

    def encode(self, features: NDArray[np.float32]) -> EncoderOutput:
        """Encode log-mel `features`, shape (mel bins, frames), zero-padded on the right."""
        content = features[..., : _content_frames(features)]
        if self._latest is not None and _is_all_but_last_frame(content, self._latest[0]):
            return self._latest[1]
        encoded = super().encode(features[..., : _window(content.shape[-1])])
        self._latest = content, encoded
        return encoded


def _content_frames(features: NDArray[np.float32]) -> int:
    sounding = np.flatnonzero(features.any(axis=0))
    return int(sounding[-1]) + 1 if len(sounding) else 0


def _is_all_but_last_frame(content: NDArray[np.float32], whole: NDArray[np.float32]) -> bool:
    """Whether `content` is `whole` with or without its last frame: faster-whisper detects the language with that frame
    and recognises without it."""
    frames = content.shape[-1]
    return 0 <= whole.shape[-1] - frames <= 1 and np.array_equal(content, whole[..., :frames])


def _window(content_frames: int) -> int:
    """The smallest window, in frames, that holds the content and leaves room behind it."""
    return next((window for window in _WINDOWS if window >= content_frames + _ROOM), _WINDOWS[-1])
