"""Passes audio through a session as if it were live: what engines find arrives when it would have been found."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.audio.pcm import Pcm
from antiphon.realtime.commands import CancelReply, HearWords, JudgeEndOfTurn, Output, StartReply
from antiphon.realtime.configuration import AudioFormat, Configuration, SemanticVad, TurnDetection
from antiphon.realtime.events import ResponseDone, SpeechStarted, SpeechStopped
from antiphon.realtime.inputs import (
    AppendAudio,
    CreateResponse,
    EndOfTurnJudged,
    Input,
    ReplyAudio,
    ReplyHeard,
    ReplyTranscript,
    TimePassed,
    WordsHeard,
)
from antiphon.realtime.items import Audio, Item, MessageItem
from antiphon.realtime.session import Session
from bench.realtime.speech import FRAME_MS
from bench.turn_taking.ears import Ears, Timed, as_sent

_LONGEST_MS = 24 * 3_600_000
_TICK_MS = 5 * FRAME_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply that is being spoken from the first sample on, and does not end."""

    text: str
    audio: Pcm


@dataclass(slots=True)
class Heard:
    """When the session told what, in milliseconds after the first sample."""

    started_ms: list[float] = field(default_factory=list[float])
    stopped_ms: list[float] = field(default_factory=list[float])
    broken_off_ms: list[float] = field(default_factory=list[float])
    """When the reply was broken off."""


async def replay(
    ears: Ears,
    audio: Pcm,
    *,
    detection: TurnDetection,
    audio_format: AudioFormat = AudioFormat.PCM16,
    reply: Reply | None = None,
) -> Heard:
    """Have a session hear all of the audio."""
    return await _Replay(ears, detection, audio_format).run(audio, reply)


class _Replay:
    def __init__(self, ears: Ears, detection: TurnDetection, audio_format: AudioFormat) -> None:
        numbers = itertools.count()
        self._ears = ears
        self._format = audio_format
        self._needs_words = isinstance(detection, SemanticVad)
        self._session = Session(
            Configuration(model="bench", turn_detection=detection, input_format=audio_format),
            new_id=lambda kind: f"{kind}_{next(numbers)}",
            max_ms=_LONGEST_MS,
        )
        self._numbers = numbers
        self._due: list[tuple[float, int, Input]] = []
        """What engines will have found, and when."""
        self._cancelled: set[int] = set()
        self._now_ms = 0.0
        self._heard = Heard()

    async def run(self, audio: Pcm, reply: Reply | None) -> Heard:
        data = as_sent(audio, self._format)
        frames = await self._ears.listen(data, self._format)
        if reply is not None:
            await self._begin(reply)
        length, frame = FRAME_MS * self._format.bytes_a_ms, 0
        for start in range(0, len(data), length):
            arrived_ms = (start // length + 1) * FRAME_MS
            await self._until(arrived_ms)
            await self._tell(AppendAudio(audio=data[start : start + length]))
            while frame < len(frames) and frames[frame].arrived_ms <= arrived_ms:
                await self._tell(frames[frame].found)
                frame += 1
            if arrived_ms % _TICK_MS == 0:
                await self._tell(TimePassed(now_ms=arrived_ms))
        return self._heard

    async def _begin(self, reply: Reply) -> None:
        generations = [
            command.generation for command in self._session.receive(CreateResponse()) if isinstance(command, StartReply)
        ]
        for generation in generations:
            await self._tell(ReplyTranscript(generation=generation, text=reply.text))
            await self._tell(ReplyAudio(generation=generation, audio=reply.audio.to_int16()))

    async def _until(self, at_ms: float) -> None:
        while self._due and self._due[0][0] <= at_ms:
            self._now_ms, _, found = heapq.heappop(self._due)
            if not (isinstance(found, ReplyHeard) and found.generation in self._cancelled):
                await self._tell(found)
        self._now_ms = at_ms

    async def _tell(self, received: Input) -> None:
        await self._take(self._session.receive(received))

    async def _take(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case SpeechStarted():
                    self._heard.started_ms.append(self._now_ms)
                case SpeechStopped():
                    self._heard.stopped_ms.append(self._now_ms)
                case ResponseDone():
                    self._heard.broken_off_ms.append(self._now_ms)
                case JudgeEndOfTurn():
                    judged = await self._ears.judge(output.audio, output.format)
                    self._later(judged.ms, EndOfTurnJudged(generation=output.generation, probability=judged.value))
                case HearWords():
                    if (words := await self._words(output.item)) is not None:
                        heard = WordsHeard(generation=output.generation, transcript=words.value)
                        self._later(words.ms, heard)
                case StartReply():
                    if (words := await self._words(output.conversation[-1])) is not None:
                        self._later(words.ms, ReplyHeard(generation=output.generation, transcript=words.value))
                case CancelReply():
                    self._cancelled.add(output.generation)
                case _:
                    pass

    async def _words(self, item: Item) -> Timed[str] | None:
        """What was said; None if the item is no speech, or if with this kind of detection no words matter."""
        if not self._needs_words or not isinstance(item, MessageItem) or not isinstance(item.parts[0], Audio):
            return None
        return await self._ears.words(item.parts[0].data, item.parts[0].format)

    def _later(self, after_ms: float, found: Input) -> None:
        heapq.heappush(self._due, (self._now_ms + after_ms, next(self._numbers), found))
