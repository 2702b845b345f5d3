"""`Overlap`: speech that begins while a reply is played, withheld until it is known to be meant as an interruption.

With semantic VAD, "uh-huh", a cough or the reply's own echo leaves no trace; whatever else is said interrupts as soon
as its first words are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from antiphon.realtime.commands import HearWords
from antiphon.realtime.configuration import InputTranscription
from antiphon.realtime.events import SpeechStarted, SpeechStopped
from antiphon.realtime.input_audio import InputAudio, InputEvent, SpeechPaused, SpeechResumed
from antiphon.realtime.inputs import WordsHeard
from antiphon.realtime.interjections import asks, is_assent, is_echo

FIRST_LOOK_MS = 480
"""How much speech is worth recognizing: as much as "uh-huh" takes."""
LOOK_EVERY_MS = 480
LONGEST_MS = 1_500
"""Speech that nobody has recognized by now interrupts, whatever it is."""

Found: TypeAlias = InputEvent | HearWords


class Overlap:
    """Takes what `audio` finds, and passes it on at once unless somebody speaks while a reply is played."""

    def __init__(self, audio: InputAudio) -> None:
        self._audio = audio
        self._started: SpeechStarted | None = None
        """The beginning of the speech that is withheld."""
        self._paused: SpeechPaused | None = None
        self._generation = 0
        """Of the last `HearWords`."""
        self._is_waiting = False
        """Whether its words are not known yet."""
        self._has_heard = False
        """Whether any words of the speech that is withheld are known."""
        self._next_look_ms = 0

    def take(self, events: Sequence[InputEvent], *, reply: str | None, hints: InputTranscription | None) -> list[Found]:
        """What is to be done about the events. `reply` is what the reply being played says; None if there is none, or
        if all speech interrupts it; `hints` help to recognize speech."""
        found: list[Found] = []
        for event in events:
            if isinstance(event, SpeechStarted):
                self._started = self._paused = None
                if reply is not None:
                    self._withhold(event)
                    continue
            found += [event] if self._started is None else self._follow(event, hints)
        return found + self._look(hints)

    def judge(self, heard: WordsHeard, *, reply: str | None) -> list[Found]:
        """What is to be done once words are known: everything that was withheld, or nothing more."""
        if self._started is None or not self._audio.is_speaking or heard.generation != self._generation:
            return []
        self._is_waiting, self._has_heard = False, True
        words = heard.transcript
        if reply is None or words is None:
            return self._pass_on()
        if self._paused is None:
            is_undecided = is_assent(words) or is_echo(words, reply=reply, is_complete=False)
            return [] if is_undecided else self._pass_on()
        is_answer = asks(reply) and is_assent(words) and words != ""
        if is_answer or not (is_assent(words) or is_echo(words, reply=reply)):
            return self._pass_on()
        self._started = self._paused = None
        self._audio.ignore()
        return []

    def _withhold(self, started: SpeechStarted) -> None:
        self._started = started
        self._generation += 1
        self._is_waiting = self._has_heard = False
        self._next_look_ms = FIRST_LOOK_MS

    def _follow(self, event: InputEvent, hints: InputTranscription | None) -> list[Found]:
        match event:
            case SpeechPaused():
                self._paused = event
                return [self._hear(event, hints)]
            case SpeechResumed():
                self._paused = None
                self._is_waiting = False
                self._generation += 1
            case SpeechStopped():
                return [*self._pass_on(), event]
            case _:
                pass  # Announced only if it interrupts.
        return []

    def _look(self, hints: InputTranscription | None) -> list[Found]:
        """Speech goes on: find out what is said."""
        if self._started is None or self._paused is not None or not self._audio.is_speaking:
            return []
        said_ms = self._audio.speech_ms
        if said_ms >= LONGEST_MS and not self._has_heard:
            return self._pass_on()
        if self._is_waiting or said_ms < self._next_look_ms:
            return []
        self._next_look_ms = said_ms + LOOK_EVERY_MS
        return [self._hear(SpeechPaused(item=self._audio.said_so_far), hints)]

    def _hear(self, said: SpeechPaused, hints: InputTranscription | None) -> HearWords:
        self._generation += 1
        self._is_waiting = True
        return HearWords(generation=self._generation, item=said.item, transcription=hints)

    def _pass_on(self) -> list[Found]:
        withheld = [event for event in (self._started, self._paused) if event is not None]
        self._started = self._paused = None
        return [*withheld]
