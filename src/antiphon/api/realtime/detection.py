"""Detects voice activity in what a client sends, in order and off the event loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from antiphon.api.realtime.wire_audio import to_pcm
from antiphon.engines.interfaces import NoiseReducer, VoiceActivityDetector
from antiphon.hardening.errors import ServerBusy
from antiphon.realtime.byte_queue import ByteQueue
from antiphon.realtime.configuration import AudioFormat
from antiphon.vocabulary.speech import SpeechProbability

_log = logging.getLogger(__name__)

_LONGEST_MS = 2_000
"""How much is listened to at a time, so that the first results of long audio do not wait for the last."""
_FRAMES_AT_ONCE = 8
"""How many results are reported in one turn of the event loop, so that no other client waits for all of them."""
_REST = 2.0
"""How long the client's audio then rests, as a multiple of the time that this took. Audio that comes as fast as it is
spoken is never reported so much of at a time."""


@dataclass(slots=True)
class _Stretch:
    """Audio that is waiting to be listened to."""

    format: AudioFormat
    noise_reduction: float
    data: ByteQueue = field(default_factory=ByteQueue)

    @property
    def ms(self) -> float:
        return len(self.data) / self.format.bytes_a_ms

    def take(self) -> bytes:
        """Whole samples, at most `_LONGEST_MS` of them; nothing if there is less than one."""
        size = self.format.bytes_a_sample
        taken = self.data.between(0, min(len(self.data) // size * size, _LONGEST_MS * self.format.bytes_a_ms))
        self.data.drop(len(taken))
        return taken


class SpeechDetection:
    """Listens to one connection's audio. Audio that arrives while it listens is taken together afterwards."""

    def __init__(
        self,
        detector: VoiceActivityDetector,
        noise_reducer: NoiseReducer | None,
        report: Callable[[SpeechProbability], None],
    ) -> None:
        self._detector = detector
        self._noise_reducer = noise_reducer
        self._report = report
        self._waiting: deque[_Stretch] = deque()
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self._listener = detector.listen()
        self._heard: tuple[AudioFormat, float] | None = None
        """The format and the noise reduction of all that the listener has heard, which cannot vary."""
        self._begin_ms = 0.0
        """Where in the session's audio the listener began."""
        self._heard_ms = 0.0
        """How much it has heard."""

    def add(self, audio: bytes, audio_format: AudioFormat, *, noise_reduction: float = 0.0) -> None:
        """Listen to this, too, in its turn."""
        last = self._waiting[-1] if self._waiting else None
        if last is None or (last.format, last.noise_reduction) != (audio_format, noise_reduction):
            self._waiting.append(_Stretch(audio_format, noise_reduction))
        self._waiting[-1].data.append(audio)
        if self._has_enough:
            self._changed.set()

    def restart(self, at_ms: int) -> None:
        """Forget everything so far; what is added next begins at this point in the session's audio."""
        self._waiting.clear()
        self._taken.set()
        self._listen_afresh(at_ms)

    async def wait_for_room(self, max_ms: int) -> None:
        """Return once less than `max_ms` of audio is waiting."""
        while sum(stretch.ms for stretch in self._waiting) >= max_ms:
            self._taken.clear()
            await self._taken.wait()

    @property
    def _has_enough(self) -> bool:
        """Whether there is enough audio to be worth listening to now."""
        if len(self._waiting) != 1:
            return bool(self._waiting)
        return self._waiting[0].ms >= self._listener.worthwhile_ms

    async def run(self) -> None:
        """Report how likely speech is, frame by frame, indefinitely."""
        while True:
            await self._listen(*await self._next())

    async def _next(self) -> tuple[bytes, _Stretch]:
        while True:
            while self._has_enough:
                stretch = self._waiting[0]
                if taken := stretch.take():
                    self._taken.set()
                    return taken, stretch
                if len(self._waiting) == 1:
                    break  # Half a sample may yet become whole.
                self._waiting.popleft()
            self._changed.clear()
            await self._changed.wait()

    async def _listen(self, data: bytes, stretch: _Stretch) -> None:
        audio_format, noise_reduction = stretch.format, stretch.noise_reduction
        if self._heard != (audio_format, noise_reduction):
            if self._heard is not None:
                self._listen_afresh(self._begin_ms + self._heard_ms)
            if noise_reduction and self._noise_reducer is not None:
                self._listener = self._noise_reducer.quiet(self._listener, strength=noise_reduction)
        self._heard = audio_format, noise_reduction
        self._heard_ms += len(data) / audio_format.bytes_a_ms
        listener, begin_ms = self._listener, self._begin_ms
        try:
            frames = await listener.hear(to_pcm(data, audio_format))
        except ServerBusy:
            _log.warning("Voice activity detection is overloaded: some audio was skipped")
            return
        began = time.monotonic()
        for index, frame in enumerate(frames, 1):
            if listener is not self._listener:
                return  # A restart has made the rest irrelevant.
            self._report(replace(frame, end_ms=round(begin_ms) + frame.end_ms))
            if index % _FRAMES_AT_ONCE == 0:
                now = time.monotonic()
                await asyncio.sleep(_REST * (now - began))
                began = time.monotonic()

    def _listen_afresh(self, at_ms: float) -> None:
        self._listener = self._detector.listen()
        self._heard = None
        self._begin_ms = at_ms
        self._heard_ms = 0.0
