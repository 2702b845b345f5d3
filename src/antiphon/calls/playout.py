"""`Playout`: speech that waits to be played, and a ledger of what was heard of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from antiphon.realtime.byte_queue import ByteQueue

_BYTES_A_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class Started:
    """The first of a response's audio is being played."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """All of a response's audio has been played."""

    response_id: str


Progress: TypeAlias = Started | Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """An item that was cut short."""

    response_id: str
    item_id: str
    heard_ms: int
    """How much of it was heard; 0 if none."""


@dataclass(slots=True)
class _Item:
    id: str
    waiting: ByteQueue = field(default_factory=ByteQueue)
    played: int = 0
    """Bytes."""


@dataclass(slots=True)
class _Response:
    id: str
    items: list[_Item] = field(default_factory=list[_Item])
    has_started: bool = False
    is_complete: bool = False
    """Whether nothing will be added."""

    @property
    def waiting(self) -> int:
        return sum(len(item.waiting) for item in self.items)


class Playout:
    """Mono audio of 16-bit samples at `sample_rate`, played `frame_ms` at a time.

    A response's audio is played when that of earlier ones has been. What has been taken counts as heard as its time
    passes.
    """

    def __init__(self, sample_rate: int, *, frame_ms: int) -> None:
        self._bytes_a_ms = sample_rate * _BYTES_A_SAMPLE // 1000
        self._frame_ms = frame_ms
        self._responses: deque[_Response] = deque()
        self._last: tuple[_Item, int] | None = None
        """The item that the frame being played ends with, and how many bytes of that it has."""
        self._taken_ms = 0.0

    @property
    def waiting_ms(self) -> float:
        """How much is still to be played."""
        return sum(response.waiting for response in self._responses) / self._bytes_a_ms

    @property
    def is_idle(self) -> bool:
        return not self._responses

    def put(self, response_id: str, item_id: str, audio: bytes) -> None:
        """Add audio to an item, the last of its response."""
        response = self._find(response_id)
        if response is None:
            response = _Response(response_id)
            self._responses.append(response)
        if not response.items or response.items[-1].id != item_id:
            response.items.append(_Item(item_id))
        response.items[-1].waiting.append(audio)

    def complete(self, response_id: str) -> None:
        """Nothing will be added to the response."""
        if response := self._find(response_id):
            response.is_complete = True

    def take(self, *, now_ms: float) -> tuple[bytes, Sequence[Progress]]:
        """The next frame, filled up with silence, and what has come to pass with it."""
        progress: list[Progress] = []
        frame = bytearray()
        size = self._frame_ms * self._bytes_a_ms
        self._last, self._taken_ms = None, now_ms
        while self._responses and len(frame) < size:
            response = self._responses[0]
            item = next((item for item in response.items if item.waiting), None)
            if item is None:
                if not response.is_complete:
                    break
                if frame:  # It is over once this frame is.
                    break
                self._responses.popleft()
                if response.has_started:
                    progress.append(Stopped(response.id))
                continue
            if not response.has_started:
                response.has_started = True
                progress.append(Started(response.id))
            piece = item.waiting.between(0, size - len(frame))
            item.waiting.drop(len(piece))
            item.played += len(piece)
            self._last = (item, len(piece))
            frame += piece
        return bytes(frame.ljust(size, b"\0")), progress

    def clear(self, *, now_ms: float) -> tuple[Sequence[str], Sequence[Unheard]]:
        """Play nothing of what is waiting: the ids of the responses that had begun, and the items cut short."""
        begun = [response.id for response in self._responses if response.has_started]
        unheard = [
            Unheard(response_id=response.id, item_id=item.id, heard_ms=self._heard_ms(item, now_ms))
            for response in self._responses
            for item in response.items
            if item.waiting
        ]
        self._responses.clear()
        self._last = None
        return begun, unheard

    def cut(self, item_id: str, end_ms: int) -> None:
        """Play nothing of an item beyond `end_ms`."""
        for response in self._responses:
            for item in response.items:
                if item.id == item_id:
                    kept = item.waiting.between(0, max(0, end_ms * self._bytes_a_ms - item.played))
                    item.waiting = ByteQueue()
                    item.waiting.append(kept)

    def _heard_ms(self, item: _Item, now_ms: float) -> int:
        """Of the frame being played, as much has been heard as its time has passed."""
        played_ms = item.played / self._bytes_a_ms
        if self._last is not None and self._last[0] is item:
            in_frame_ms = self._last[1] / self._bytes_a_ms
            played_ms -= max(0.0, min(in_frame_ms, self._frame_ms - (now_ms - self._taken_ms)))
        return max(0, int(played_ms))

    def _find(self, response_id: str) -> _Response | None:
        return next((response for response in self._responses if response.id == response_id), None)
