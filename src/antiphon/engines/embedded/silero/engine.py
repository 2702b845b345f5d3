"""`Silero`: voice activity in recordings and in streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.silero.batches import Batches
from antiphon.engines.embedded.silero.stream import Stream, pieces
from antiphon.hardening.errors import ServerBusy
from antiphon.vocabulary.speech import SpeechProbability


class Silero:
    """A `VoiceActivityDetector`.

    `max_waiting` recordings may be in progress besides the first, and that many full batches of frames may wait for the
    model. A stream takes one place in a batch at a time, so streams are refused only if there are thousands.
    """

    def __init__(self, model: Path, *, max_waiting: int) -> None:
        self._batches = Batches(model, max_waiting=max_waiting + 1)
        self._max_recordings = max_waiting + 1
        self._recordings = 0

    def listen(self) -> Stream:
        """Listen to a stream of audio, all of it at one sample rate."""
        return Stream(self._batches, skims=True)

    async def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        """Yield a probability for each 32 ms of a whole recording, but only one for each inaudible stretch; the last
        frame is padded with silence.

        Raises `ServerBusy`.
        """
        if self._recordings >= self._max_recordings:
            raise ServerBusy
        self._recordings += 1
        try:
            stream = Stream(self._batches, skims=False)
            silent: SpeechProbability | None = None
            for piece, last in pieces(audio):
                for frame in await stream.hear(piece, last=last):
                    if silent and frame.probability:
                        yield silent
                    silent = None if frame.probability else frame
                    if not silent:
                        yield frame
            if silent:
                yield silent
        finally:
            self._recordings -= 1
