"""`Stream`: one stream of audio, cut into frames and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.acoustics import decibels
from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.engines.embedded.silero.batches import CONTEXT, FRAME, SAMPLE_RATE, Batches
from antiphon.vocabulary.speech import SpeechProbability

_AUDIBLE = 0.0005
"""The peak (-66 dBFS) below which a frame is silence without asking the model, so that hours of it cost nothing."""

_QUIET = 0.1
"""The probability of speech below which nobody is about to speak."""
_QUIET_FRAMES = 1_000 // 32
"""After this many quiet frames in a row, every second frame is enough until something is heard. That halves the cost of
listening to a room where nobody speaks."""
_QUIET_MS = 64

_PIECE_SECONDS = 2
"""How much audio to work on before others get their turn on the event loop."""


class Stream:
    """A `Listener`. All of its audio must be at one sample rate.

    If `hear` is cancelled or raises, the audio it was given counts as heard. A stream that `skims` judges only every
    second frame if nobody has spoken for a while, but all frames of a call in which it hears something.
    """

    def __init__(self, batches: Batches, *, skims: bool) -> None:
        self._batches = batches
        self._skims = skims
        self._quiet_frames = 0
        """How many frames have passed since somebody may have spoken."""
        self._resampler: StreamResampler | None = None
        self._state = np.zeros((2, 128), np.float32)
        self._samples = np.zeros(CONTEXT, np.float32)
        """The end of the last frame, and less than a frame of audio after it."""
        self._frames = 0

    @property
    def worthwhile_ms(self) -> int:
        return _QUIET_MS if self._is_skimming else 0

    @property
    def _is_skimming(self) -> bool:
        return self._skims and self._quiet_frames >= _QUIET_FRAMES

    async def hear(self, audio: Pcm, *, last: bool = False) -> Sequence[SpeechProbability]:
        """Judge the frames that are now complete, 32 ms each; with the `last` piece, everything left, padded with
        silence.

        Raises `ServerBusy`.
        """
        if len(audio.samples) <= _PIECE_SECONDS * audio.sample_rate:
            return await self._hear(audio, last=last)
        heard: list[SpeechProbability] = []
        for piece, is_last in pieces(audio):
            heard += await self._hear(piece, last=last and is_last)
            await asyncio.sleep(0)
        return heard

    async def _hear(self, audio: Pcm, *, last: bool) -> Sequence[SpeechProbability]:
        self._resampler = self._resampler or StreamResampler(audio.sample_rate, SAMPLE_RATE, quality="LQ")
        samples = np.concatenate([self._samples, self._resampler.resample(audio, last=last).samples])
        if last:
            samples = np.pad(samples, (0, (CONTEXT - len(samples)) % FRAME))
        count = (len(samples) - CONTEXT) // FRAME
        first, self._frames = self._frames, self._frames + count
        self._samples = samples[count * FRAME :].copy()  # A view would keep all of it in memory.
        frames = samples[CONTEXT : CONTEXT + count * FRAME].reshape(count, FRAME)
        audible = np.flatnonzero(np.abs(frames).max(axis=1, initial=0.0) >= _AUDIBLE).tolist()
        powers = np.square(frames).mean(axis=1).tolist()
        probabilities = await self._judge(samples, audible, count)
        self._quiet_frames += count
        if loud := [index for index, probability in enumerate(probabilities) if probability >= _QUIET]:
            self._quiet_frames = count - 1 - loud[-1]
        return [
            SpeechProbability(
                probability=probability,
                level_dbfs=decibels(power),
                end_ms=(first + index + 1) * FRAME * 1000 // SAMPLE_RATE,
            )
            for index, (probability, power) in enumerate(zip(probabilities, powers, strict=True))
        ]

    async def _judge(self, samples: NDArray[np.float32], audible: Sequence[int], count: int) -> Sequence[float]:
        """The probability of each frame, 0 for those that are inaudible or skipped; the last is never skipped."""
        looked_at = [index for index in audible if (count - index) % 2] if self._is_skimming else audible
        state = self._state
        probabilities = await self._judge_some(samples, looked_at, count)
        if len(looked_at) < len(audible) and max(probabilities) >= _QUIET:
            self._state = state
            probabilities = await self._judge_some(samples, audible, count)
        return probabilities

    async def _judge_some(self, samples: NDArray[np.float32], indices: Sequence[int], count: int) -> Sequence[float]:
        probabilities = [0.0] * count
        if indices:
            frames = [samples[index * FRAME : (index + 1) * FRAME + CONTEXT] for index in indices]
            judged, self._state = await self._batches.judge(frames, self._state)
            for index, probability in zip(indices, judged, strict=True):
                probabilities[index] = probability
        return probabilities


def pieces(audio: Pcm) -> Iterator[tuple[Pcm, bool]]:
    """A recording in pieces small enough to process at once, and whether each is the last. There is at least one."""
    length = _PIECE_SECONDS * audio.sample_rate
    for start in range(0, max(1, len(audio.samples)), length):
        yield Pcm(audio.samples[start : start + length], audio.sample_rate), start + length >= len(audio.samples)
