"""What a client that plays audio as it arrives is playing, as far as the server can know."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon.realtime.spoken import Spoken


class Playback:
    """Of the responses in the conversation."""

    def __init__(self) -> None:
        self.until_ms = 0.0
        """When all audio sent so far will have been played."""
        self.said = ""
        """The words of the response that is played last."""
        self._response_id: str | None = None
        self._began_ms = 0.0

    def follow(self, response_id: str, spoken: Iterable[Spoken], *, now_ms: int) -> None:
        """More of this response was sent: `spoken` is all of it."""
        if response_id != self._response_id:
            self._response_id = response_id
            self._began_ms = max(float(now_ms), self.until_ms)
        pieces = tuple(spoken)
        self.until_ms = self._began_ms + sum(piece.duration_ms for piece in pieces)
        self.said = " ".join(piece.transcript for piece in pieces)

    def stop(self, *, now_ms: int) -> None:
        """The client has been told, or has said, that it plays no more of this."""
        self.until_ms = min(self.until_ms, float(now_ms))
