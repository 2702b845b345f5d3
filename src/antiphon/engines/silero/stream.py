"""`Stream`: one stream of audio, cut into frames and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import StreamResampler
from antiphon.engines.interfaces import SpeechProbability
from antiphon.engines.silero.batches import CONTEXT, FRAME, SAMPLE_RATE, Batches

_AUDIBLE = 0.0005
"""The peak (-66 dBFS) below which a frame is silence without asking the model, so that hours of it cost nothing."""

_PIECE_SECONDS = 2
"""How much audio to work on before others get their turn on the event loop."""


class Stream:
    """A `Listener`. All of its audio must be at one sample rate.

    When `hear` is cancelled or raises, what it was given counts as heard.
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._resampler: StreamResampler | None = None
        self._state = np.zeros((2, 128), np.float32)
        self._samples = np.zeros(CONTEXT, np.float32)
        """The last frame's end, and what came after it: less than a frame."""
        self._frames = 0

    async def hear(self, audio: Pcm, *, last: bool = False) -> Sequence[SpeechProbability]:
        """Judge the frames that are whole now, 32 ms each; after the `last` piece all that is left, padded with
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
        peaks = np.abs(samples[CONTEXT : CONTEXT + count * FRAME]).reshape(count, FRAME).max(axis=1, initial=0.0)
        audible = np.flatnonzero(peaks >= _AUDIBLE).tolist()
        probabilities = [0.0] * count
        if audible:
            frames = [samples[index * FRAME : (index + 1) * FRAME + CONTEXT] for index in audible]
            judged, self._state = await self._batches.judge(frames, self._state)
            for index, probability in zip(audible, judged, strict=True):
                probabilities[index] = probability
        return [
            SpeechProbability(probability=probability, end_ms=(first + index + 1) * FRAME * 1000 // SAMPLE_RATE)
            for index, probability in enumerate(probabilities)
        ]


def pieces(audio: Pcm) -> Iterator[tuple[Pcm, bool]]:
    """A recording in pieces that can be worked on at once, and whether each is the last. There is at least one."""
    length = _PIECE_SECONDS * audio.sample_rate
    for start in range(0, max(1, len(audio.samples)), length):
        yield Pcm(audio.samples[start : start + length], audio.sample_rate), start + length >= len(audio.samples)
