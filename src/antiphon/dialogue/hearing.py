"""Hearing: turns a recording into its words, its language, and measurements of its sound."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from antiphon.audio.acoustics import Acoustics, measure
from antiphon.audio.level import at_usual_level
from antiphon.audio.pcm import Pcm
from antiphon.audio.segments import Segment, speech_segments
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.reply import LastHeard, Speech
from antiphon.engines.interfaces import RecognitionOptions, Recognizer, VoiceActivityDetector
from antiphon.vocabulary.logprobs import TokenLogprob

SAMPLE_RATE = 16_000
"""The preferred rate for recordings, in Hz: recognizers work at this rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A recording after hearing."""

    text: str
    language: str
    """ISO 639-1."""
    acoustics: Acoustics
    language_is_certain: bool = True
    logprobs: Sequence[TokenLogprob] = ()
    """Of the tokens of its text, if they were asked for."""


def last_heard(spoken: Sequence[Utterance]) -> LastHeard:
    """What the last turn's recordings say together."""
    text = " ".join(utterance.text for utterance in spoken)
    logprobs = tuple(token for utterance in spoken for token in utterance.logprobs)
    return LastHeard(text=text, language=spoken[-1].language if spoken else None, logprobs=logprobs)


_Key: TypeAlias = tuple[bytes, str | None, str | None, tuple[str, ...], str, bool]
"""The hash of the samples, what was known beforehand, and whether log-probabilities are wanted."""


@dataclass(slots=True)
class _Listening:
    """A recording being heard."""

    task: asyncio.Task[Utterance | None]
    waiting: int = 0


class Hearing:
    """Hears recordings, each once.

    Recent ones are remembered by the hash of their samples, since a conversation repeats its earlier recordings with
    every turn. Callers asking for the same recording at the same time share the work, which stops once nobody is
    waiting for it.
    """

    def __init__(self, recognizer: Recognizer, detector: VoiceActivityDetector, *, remembered: int = 4096) -> None:
        self._recognizer = recognizer
        self._detector = detector
        self._remembered = remembered
        self._hashes: WeakKeyDictionary[Pcm, bytes] = WeakKeyDictionary()
        self._heard: OrderedDict[_Key, Utterance | None] = OrderedDict()
        """None where nobody speaks."""
        self._under_way: dict[_Key, _Listening] = {}

    async def hear(self, speech: Speech) -> Utterance:
        """The words, language and sound of a recording.

        Raises `NoSpeech` if nobody speaks in it.
        """
        samples = await self._hash(speech.audio)
        hints = (speech.language, speech.expected_language, speech.languages, speech.prompt)
        key = (samples, *hints, speech.logprobs)
        if key in self._heard:
            self._heard.move_to_end(key)
            utterance = self._heard[key]
        else:
            utterance = await self._share(key, speech)
        if utterance is None:
            raise NoSpeech(source=speech.source)
        return utterance

    async def _hash(self, audio: Pcm) -> bytes:
        known = self._hashes.get(audio)
        if known is None:
            known = await asyncio.to_thread(lambda: hashlib.sha256(audio.samples.tobytes()).digest())
            self._hashes[audio] = known
        return known

    async def _share(self, key: _Key, speech: Speech) -> Utterance | None:
        """Listen, or join those already waiting for the same recording."""
        listening = self._under_way.get(key)
        if listening is None:
            task = asyncio.create_task(self._listen(key, speech))
            task.add_done_callback(_see_error)
            listening = self._under_way[key] = _Listening(task)
        listening.waiting += 1
        try:
            return await asyncio.shield(listening.task)
        finally:
            listening.waiting -= 1
            if not listening.waiting:
                if self._under_way.get(key) is listening:  # Later callers start afresh.
                    del self._under_way[key]
                listening.task.cancel()
            del listening  # It may hold an error, which holds this frame: a cycle.

    async def _listen(self, key: _Key, speech: Speech) -> Utterance | None:
        utterance = await self._recognize(speech)
        self._heard[key] = utterance
        if len(self._heard) > self._remembered:
            self._heard.popitem(last=False)
        return utterance

    async def _recognize(self, speech: Speech) -> Utterance | None:
        """Live audio has usually been detected as speech already, so recognition does not wait for detection."""
        finding = asyncio.create_task(self._find_speech(speech.audio))
        measuring = asyncio.create_task(_measure(speech.audio, finding))
        for task in (finding, measuring):
            task.add_done_callback(_see_error)
        try:
            if not speech.is_live and not await finding:
                return None
            recognizing = self._recognizer.recognize(
                speech.audio,
                language=speech.language,
                expected_language=speech.expected_language,
                prompt=speech.prompt,
                options=RecognitionOptions(logprobs=speech.logprobs, languages=speech.languages),
            )
            async with aclosing(recognizing) as segments:
                recognized = [segment async for segment in segments]
            text = " ".join(segment.text for segment in recognized).strip()
            acoustics = await measuring
        finally:
            finding.cancel()
            measuring.cancel()
            del finding, measuring, task  # The same cycle.
        if not text or acoustics is None:
            return None
        first = recognized[0]
        return Utterance(
            text=text,
            language=first.language,
            acoustics=acoustics,
            language_is_certain=first.language_is_certain,
            logprobs=tuple(token for segment in recognized for token in segment.logprobs),
        )

    async def _find_speech(self, audio: Pcm) -> Sequence[Segment]:
        """Find quiet speech as reliably as any other. Later measurements use its own level."""
        audible = await asyncio.to_thread(at_usual_level, audio)
        async with aclosing(self._detector.detect(audible)) as frames:
            return speech_segments([frame async for frame in frames])


async def _measure(audio: Pcm, finding: Awaitable[Sequence[Segment]]) -> Acoustics | None:
    """Measurements of the speech in a recording; None if nobody speaks."""
    speaking = await finding
    return await asyncio.to_thread(measure, audio, speaking) if speaking else None


def _see_error(task: asyncio.Task[Any]) -> None:
    """Keep asyncio from warning about an error if nobody is waiting for the result any more."""
    if not task.cancelled():
        task.exception()
