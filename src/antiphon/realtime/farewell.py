"""`Farewell`: how a session ends because its server stops."""

from __future__ import annotations

import math

from antiphon.realtime.events import Error, ErrorReported

REASON = "The server is stopping"


class Farewell:
    """The client is told at once. What it is being told or is saying ends first, if there is time."""

    def __init__(self) -> None:
        self._ends_by_ms = math.inf
        self._has_begun = False

    def begin(self, *, now_ms: int, within_ms: int) -> list[ErrorReported]:
        if self._has_begun:
            return []
        self._has_begun = True
        self._ends_by_ms = now_ms + within_ms
        message = (
            "The server is stopping. This session ends with its current turn, and in "
            f"{math.ceil(within_ms / 1000)} seconds at the latest. Please open a new session."
        )
        return [ErrorReported(error=Error(type="server_error", code="server_stopping", message=message))]

    def is_due(self, *, now_ms: int, is_busy: bool) -> bool:
        return self._has_begun and (not is_busy or now_ms >= self._ends_by_ms)
