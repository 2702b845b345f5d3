"""`Transcriber`: a recording of any length as text, while it is being read. Silence and music are passed over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.level import RunningLevel
from antiphon.audio.pcm import Pcm
from antiphon.audio.segments import Segment
from antiphon.dialogue.speakers import SpeakerTracker, stretch_starts, turns
from antiphon.dialogue.speech_windows import FIRST_WINDOWS_MS, Chunking, SpeechWindow, WindowCutter
from antiphon.engines.errors import NotSupportedByEngine
from antiphon.engines.interfaces import (
    RecognitionOptions,
    RecognizedSpeech,
    RecognizedWord,
    Recognizer,
    SpeakerEncoder,
    VoiceActivityDetector,
)

SAMPLE_RATE = 16_000
"""Hz of the recordings that are taken."""

_LIKELY_SILENCE = 0.6
_UNLIKELY_TEXT = -0.7
"""A recognizer's text for what it takes for silence is invented if its tokens are this unlikely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionRequest:
    """What is wanted of a recording."""

    options: RecognitionOptions = field(default_factory=RecognitionOptions)
    language: str | None = None
    """ISO 639-1; None detects it."""
    expected_language: str | None = None
    """The language to assume where it is hard to tell."""
    prompt: str = ""
    """Words to expect."""
    chunking: Chunking = field(default_factory=Chunking)
    speakers: Mapping[str, Pcm] | None = None
    """Speech of the speakers that are known, by name; None does not tell who speaks."""
    is_awaited: bool = False
    """Whether somebody waits for the first words, so that the first windows should be short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed:
    """A stretch of the recording."""

    speech: RecognizedSpeech
    """Its times are those of the recording."""
    window_start_ms: int
    """Where what was recognized together with it begins."""
    speaker: str | None = None
    """A letter, or the name of a speaker that is known; None if it was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEnded:
    """Everything has been transcribed: the last item, unless the transcription failed."""

    seconds: float
    """The length of the recording."""


class Transcriber:
    """Has a recognizer hear the windows of a recording, `at_once` at a time, and puts them in order.

    The first is heard alone, since the others are expected to be in its language.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        detector: VoiceActivityDetector,
        *,
        speakers: SpeakerEncoder | None = None,
        at_once: int = 2,
    ) -> None:
        """`speakers` is for telling who speaks."""
        self._recognizer = recognizer
        self._detector = detector
        self._speakers = speakers
        self._at_once = at_once

    async def transcribe(
        self, recording: AsyncGenerator[Pcm], request: TranscriptionRequest
    ) -> AsyncGenerator[Transcribed | RecordingEnded]:
        """Yield what is said in the recording, a mono stream at 16 kHz, in order of time.

        Raises what the recording and the engines raise, and `NotSupportedByEngine` if it cannot tell who speaks.
        """
        heard = _Heard()
        tracker = None if request.speakers is None else SpeakerTracker(await self._introduced(request.speakers))
        under_way: deque[asyncio.Task[_Recognized]] = deque()
        try:
            async with aclosing(self._windows(recording, request, heard)) as windows:
                async for window in windows:
                    under_way.append(asyncio.create_task(self._recognize(window, request)))
                    while under_way and (request.expected_language is None or len(under_way) >= self._at_once):
                        recognized = await under_way.popleft()
                        request = _expecting(request, recognized.speeches)
                        for each in _told(recognized, tracker):
                            yield each
            while under_way:
                for each in _told(await under_way.popleft(), tracker):
                    yield each
            yield RecordingEnded(seconds=heard.samples / SAMPLE_RATE)
        finally:
            for task in under_way:
                task.cancel()
            if under_way:
                await asyncio.wait(under_way)

    async def _windows(
        self, recording: AsyncGenerator[Pcm], request: TranscriptionRequest, heard: _Heard
    ) -> AsyncGenerator[SpeechWindow]:
        level = RunningLevel()
        listener = self._detector.listen()
        first_ms = FIRST_WINDOWS_MS if request.is_awaited else ()
        cutter = WindowCutter(SAMPLE_RATE, request.chunking, first_windows_ms=first_ms)
        async with aclosing(recording):
            async for piece in recording:
                heard.samples += len(piece.samples)
                frames = await listener.hear(level.raised(piece))
                for window in cutter.feed(piece, frames):
                    yield window
        for window in cutter.finish():
            yield window

    async def _introduced(self, speakers: Mapping[str, Pcm]) -> Mapping[str, NDArray[np.float32]]:
        """The vectors of the known speakers' voices."""
        encoder = self._encoder()
        known: dict[str, NDArray[np.float32]] = {}
        for name, audio in speakers.items():
            whole = Segment(0, round(audio.seconds * 1000))
            starts_ms = stretch_starts([whole], start_ms=0, stretch_ms=encoder.stretch_ms)
            known[name] = await encoder.embed(audio, starts_ms)
        return known

    def _encoder(self) -> SpeakerEncoder:
        if self._speakers is None:
            raise NotSupportedByEngine("diarized_json")
        return self._speakers

    async def _recognize(self, window: SpeechWindow, request: TranscriptionRequest) -> _Recognized:
        recognizing = self._recognizer.recognize(
            window.audio,
            language=request.language,
            expected_language=request.expected_language,
            prompt=request.prompt,
            options=request.options,
        )
        async with aclosing(recognizing) as speeches:
            heard = [_placed(speech, window) async for speech in speeches if speech.text and not _is_invented(speech)]
        if request.speakers is None or not heard:
            return _Recognized(window.start_ms, heard)
        encoder = self._encoder()
        starts_ms = stretch_starts(window.speech, start_ms=window.start_ms, stretch_ms=encoder.stretch_ms)
        voices = await encoder.embed(window.audio, starts_ms)
        middle_ms = window.start_ms + encoder.stretch_ms // 2
        return _Recognized(window.start_ms, heard, [start_ms + middle_ms for start_ms in starts_ms], voices)


@dataclass(frozen=True, slots=True)
class _Recognized:
    """What was said in a window, and the voices in it."""

    start_ms: int
    speeches: Sequence[RecognizedSpeech]
    centers_ms: Sequence[int] = ()
    """Of the stretches whose voices are known."""
    voices: NDArray[np.float32] | None = None


def _told(recognized: _Recognized, tracker: SpeakerTracker | None) -> Iterator[Transcribed]:
    if tracker is None or recognized.voices is None:
        for speech in recognized.speeches:
            yield Transcribed(speech=speech, window_start_ms=recognized.start_ms)
        return
    names = tracker.name(recognized.voices)
    for speech in recognized.speeches:
        for part, name in turns(speech, recognized.centers_ms, names):
            yield Transcribed(speech=part, window_start_ms=recognized.start_ms, speaker=name)


@dataclass(slots=True)
class _Heard:
    """How much of a recording there has been."""

    samples: int = 0


def _expecting(request: TranscriptionRequest, speeches: Sequence[RecognizedSpeech]) -> TranscriptionRequest:
    if request.expected_language is not None or not speeches:
        return request
    return replace(request, expected_language=request.language or speeches[0].language)


def _is_invented(speech: RecognizedSpeech) -> bool:
    details = speech.details
    is_unlikely = details is not None and details.mean_logprob < _UNLIKELY_TEXT
    return is_unlikely and speech.no_speech_probability > _LIKELY_SILENCE


def _placed(speech: RecognizedSpeech, window: SpeechWindow) -> RecognizedSpeech:
    """The speech at its place in the recording, and its words where the voice is."""
    first_ms, last_ms = window.speech[0].start_ms, window.speech[-1].end_ms
    start_ms, end_ms = speech.start_ms + window.start_ms, speech.end_ms + window.start_ms
    words = [_spoken(word, window) for word in speech.words]
    start_ms = words[0].start_ms if words else min(max(start_ms, first_ms), last_ms)
    end_ms = words[-1].end_ms if words else max(min(end_ms, last_ms), start_ms)
    return replace(speech, start_ms=start_ms, end_ms=end_ms, words=words)


def _spoken(word: RecognizedWord, window: SpeechWindow) -> RecognizedWord:
    """The word without the silence that it was aligned with, which often precedes the first after a pause."""
    start_ms, end_ms = word.start_ms + window.start_ms, word.end_ms + window.start_ms

    def overlap_ms(stretch: Segment) -> int:
        return min(end_ms, stretch.end_ms) - max(start_ms, stretch.start_ms)

    stretch = max(window.speech, key=overlap_ms)
    if overlap_ms(stretch) > 0:
        start_ms, end_ms = max(start_ms, stretch.start_ms), min(end_ms, stretch.end_ms)
    return replace(word, start_ms=start_ms, end_ms=end_ms)
