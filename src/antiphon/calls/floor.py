"""`Floor`: what a call plays, decided by the events of its session.

The server plays the audio by itself and so knows what was heard. When the caller interrupts, or a client clears the
audio, it falls silent and truncates what was not heard; no client has to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from antiphon.calls.playout import Playout, Progress, Started
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import (
    AudioDelta,
    ItemTruncated,
    OutputAudioCleared,
    OutputAudioStarted,
    OutputAudioStopped,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    SessionCreated,
    SessionUpdated,
    SpeechStarted,
)
from antiphon.realtime.inputs import TruncateItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What comes of an event."""

    shown: Sequence[ServerEvent]
    """What clients are shown in its place."""
    truncated: Sequence[TruncateItem] = ()
    """What the session has to be told once all of its events have been taken."""


class Floor:
    def __init__(self, playout: Playout) -> None:
        self._playout = playout
        self._configuration: Configuration | None = None
        self._out_of_band: set[str] = set()
        """Responses whose items are in no conversation, so that nothing of them can be truncated."""

    def take(self, event: ServerEvent, *, now_ms: float) -> Ruling:
        """Process an event of the session; `now_ms` is by the clock of the playout."""
        match event:
            case AudioDelta():
                self._playout.put(event.response_id, event.item_id, event.audio)
                return Ruling(shown=[])
            case SessionCreated() | SessionUpdated():
                self._configuration = event.configuration
            case ResponseCreated():
                if event.response.conversation_id is None:
                    self._out_of_band.add(event.response.id)
            case ResponseDone():
                self._playout.complete(event.response.id)
            case SpeechStarted() if self._is_interrupted:
                cleared, truncated = self._clear(now_ms)
                return Ruling(shown=[event, *map(_cleared, cleared)], truncated=truncated)
            case OutputAudioCleared():
                cleared, truncated = self._clear(now_ms)
                return Ruling(shown=[*map(_cleared, cleared)] or [event], truncated=truncated)
            case ItemTruncated():
                self._playout.cut(event.item_id, event.audio_end_ms)
            case _:
                pass
        return Ruling(shown=[event])

    @property
    def _is_interrupted(self) -> bool:
        turns = None if self._configuration is None else self._configuration.turn_detection
        return turns is not None and turns.interrupt_response

    def _clear(self, now_ms: float) -> tuple[Sequence[str], Sequence[TruncateItem]]:
        cleared, unheard = self._playout.clear(now_ms=now_ms)
        return cleared, [
            TruncateItem(item_id=item.item_id, content_index=0, audio_end_ms=item.heard_ms)
            for item in unheard
            if item.response_id not in self._out_of_band
        ]


def shown(progress: Progress) -> ServerEvent:
    """What clients are told of the playout's progress."""
    if isinstance(progress, Started):
        return OutputAudioStarted(response_id=progress.response_id)
    return OutputAudioStopped(response_id=progress.response_id)


def _cleared(response_id: str) -> OutputAudioCleared:
    return OutputAudioCleared(response_id=response_id)
