"""How long each stage of a response took, as its client saw it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpans:
    """Milliseconds from `SpeechStopped`, or where no speech led to the response, from `ResponseCreated`.

    Each is None for a stage that was not reached.
    """

    response_id: str
    status: str
    answers_speech: bool
    transcribed_ms: int | None
    """Until the user's words were told."""
    first_words_ms: int | None
    first_audio_ms: int | None
    done_ms: int


@dataclass(slots=True)
class _Running:
    since: float
    answers_speech: bool
    first_words: float | None = None
    first_audio: float | None = None


@dataclass(slots=True)
class Stopwatch:
    """Watches the events of one connection and logs the spans of each response."""

    monotonic: Callable[[], float]
    _speech_stopped: float | None = None
    _transcribed: float | None = None
    _running: dict[str, _Running] = field(default_factory=dict[str, _Running])

    def watch(self, event: ServerEvent) -> ResponseSpans | None:
        """Take note of an event; return the spans of a response that is done now."""
        now = self.monotonic()
        match event:
            case SpeechStopped():
                self._speech_stopped, self._transcribed = now, None
            case TranscriptionCompleted():
                self._transcribed = now
            case ResponseCreated():
                since, self._speech_stopped = self._speech_stopped, None
                self._running[event.response.id] = _Running(now if since is None else since, since is not None)
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
            return None if moment is None or moment < running.since else round((moment - running.since) * 1000)

        spans = ResponseSpans(
            response_id=event.response.id,
            status=event.response.status,
            answers_speech=running.answers_speech,
            transcribed_ms=since(self._transcribed) if running.answers_speech else None,
            first_words_ms=since(running.first_words),
            first_audio_ms=since(running.first_audio),
            done_ms=round((now - running.since) * 1000),
        )
        _log.info(
            "Response %s %s: first words after %s ms, first audio after %s ms, all of it after %s ms%s",
            spans.response_id,
            spans.status,
            spans.first_words_ms,
            spans.first_audio_ms,
            spans.done_ms,
            " from the end of the turn" if spans.answers_speech else "",
        )
        return spans
