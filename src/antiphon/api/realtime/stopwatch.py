"""How long each stage of a response took, as its client saw it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from antiphon.dialogue.reply import Stage
from antiphon.realtime.events import (
    ArgumentsDelta,
    AudioDelta,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    SpeechStopped,
    TextDelta,
    TranscriptDelta,
    TranscriptionCompleted,
)

_log = logging.getLogger(__name__)

_MOST_REPLIES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpans:
    """Milliseconds from `SpeechStopped` or, if no speech led to the response, from `ResponseCreated`.

    Each is None if its stage was not reached. Replies begin before a turn is known to be over, so their first stages
    may already be past by then; these are negative.
    """

    response_id: str
    status: str
    answers_speech: bool
    heard_ms: int | None
    """Until the user's words were known."""
    transcribed_ms: int | None
    """Until these were sent to the client."""
    first_token_ms: int | None
    """Until the language model began to write."""
    first_words_ms: int | None
    """Until the first clause was ready."""
    first_audio_ms: int | None
    done_ms: int


@dataclass(slots=True)
class _Running:
    since: float
    answers_speech: bool
    stages: Mapping[Stage, float]
    first_words: float | None = None
    first_audio: float | None = None


@dataclass(slots=True)
class Stopwatch:
    """Watches the events of one connection and the progress of its replies; logs the spans of each response."""

    monotonic: Callable[[], float]
    _stages: dict[int, dict[Stage, float]] = field(default_factory=dict[int, dict[Stage, float]])
    """When the latest replies reached each stage, keyed by generation."""
    _speech_stopped: float | None = None
    _transcribed: float | None = None
    _running: dict[str, _Running] = field(default_factory=dict[str, _Running])

    def mark_stage(self, generation: int, stage: Stage) -> None:
        """Note when a reply reaches a stage for the first time."""
        if generation not in self._stages and len(self._stages) >= _MOST_REPLIES:
            del self._stages[min(self._stages)]
        self._stages.setdefault(generation, {}).setdefault(stage, self.monotonic())

    def watch(self, event: ServerEvent) -> ResponseSpans | None:
        """Take note of an event; return the spans of the response that it completes, if any."""
        now = self.monotonic()
        match event:
            case SpeechStopped():
                self._speech_stopped, self._transcribed = now, None
            case TranscriptionCompleted():
                self._transcribed = now
            case ResponseCreated():
                since, self._speech_stopped = self._speech_stopped, None
                self._running[event.response.id] = _Running(
                    since=now if since is None else since,
                    answers_speech=since is not None,
                    stages=self._stages.setdefault(event.generation, {}),
                )
            case TextDelta() | TranscriptDelta() | ArgumentsDelta():
                if (running := self._running.get(event.response_id)) and running.first_words is None:
                    running.first_words = now
            case AudioDelta():
                if (running := self._running.get(event.response_id)) and running.first_audio is None:
                    running.first_audio = now
            case ResponseDone():
                return self._finish(event, now)
            case _:
                pass
        return None

    def _finish(self, event: ResponseDone, now: float) -> ResponseSpans | None:
        running = self._running.pop(event.response.id, None)
        if running is None:
            return None

        def since(moment: float | None) -> int | None:
            return None if moment is None or moment < running.since else _milliseconds(running.since, moment)

        spans = ResponseSpans(
            response_id=event.response.id,
            status=event.response.status,
            answers_speech=running.answers_speech,
            heard_ms=_milliseconds(running.since, running.stages.get(Stage.HEARD)),
            transcribed_ms=since(self._transcribed) if running.answers_speech else None,
            first_token_ms=_milliseconds(running.since, running.stages.get(Stage.FIRST_TOKEN)),
            first_words_ms=since(running.first_words),
            first_audio_ms=since(running.first_audio),
            done_ms=round((now - running.since) * 1000),
        )
        _log.info(
            "Response %s %s: heard after %s ms, first token after %s ms, first words after %s ms, first audio after "
            "%s ms, all of it after %s ms%s",
            spans.response_id,
            spans.status,
            spans.heard_ms,
            spans.first_token_ms,
            spans.first_words_ms,
            spans.first_audio_ms,
            spans.done_ms,
            " from the end of the turn" if spans.answers_speech else "",
            extra={"spans": asdict(spans)},
        )
        return spans


def _milliseconds(since: float, moment: float | None) -> int | None:
    return None if moment is None else round((moment - since) * 1000)
