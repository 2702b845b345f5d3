"""Hearing: from a recording to its words, its language, and what can be measured of its sound."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from contextlib import aclosing
from dataclasses import dataclass

from antiphon.audio.acoustics import Acoustics, measure
from antiphon.audio.segments import speech_segments
from antiphon.dialogue.reply import Speech
from antiphon.engines.interfaces import Recognizer, VoiceActivityDetector
from antiphon.errors import InvalidAudio


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A recording, heard."""

    text: str
    language: str
    """ISO 639-1."""
    acoustics: Acoustics


class Hearing:
    """Hears recordings. Those heard lately are remembered by their samples' hash, since a conversation sends its
    earlier recordings again with every turn."""

    def __init__(self, recognizer: Recognizer, detector: VoiceActivityDetector, *, remembered: int = 256) -> None:
        self._recognizer = recognizer
        self._detector = detector
        self._remembered = remembered
        self._heard: OrderedDict[bytes, Utterance] = OrderedDict()

    async def hear(self, speech: Speech) -> Utterance:
        """The words, language and sound of a recording.

        Raises `InvalidAudio` when nobody speaks in it.
        """
        key = hashlib.sha256(speech.audio.samples.tobytes()).digest()
        utterance = self._heard.get(key) or await self._listen(speech)
        self._heard[key] = utterance
        self._heard.move_to_end(key)
        if len(self._heard) > self._remembered:
            self._heard.popitem(last=False)
        return utterance

    async def _listen(self, speech: Speech) -> Utterance:
        audio = speech.audio
        async with aclosing(self._detector.detect(audio)) as frames:
            speaking = speech_segments([frame async for frame in frames])
        if not speaking:
            raise _no_speech(speech)
        measuring = asyncio.create_task(asyncio.to_thread(measure, audio, speaking))
        try:
            async with aclosing(self._recognizer.recognize(audio)) as segments:
                recognized = [segment async for segment in segments]
        except BaseException:
            measuring.cancel()
            raise
        text = " ".join(segment.text for segment in recognized).strip()
        if not text:
            raise _no_speech(speech)
        return Utterance(text=text, language=recognized[0].language, acoustics=await measuring)


def _no_speech(speech: Speech) -> InvalidAudio:
    return InvalidAudio(
        "No speech was found in the audio. Check that the microphone was on and that the recording is not silent.",
        param=speech.param,
    )
