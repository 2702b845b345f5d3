"""When nobody has spoken for so long that the user is asked whether they are still there."""

from __future__ import annotations

from antiphon.realtime.configuration import ServerVad, TurnDetection


class Idleness:
    """Asks once for each silence."""

    def __init__(self) -> None:
        self._since_ms = 0.0
        self._has_timed_out = False

    def begin(self, *, now_ms: int) -> None:
        """Restart the timer: somebody is speaking, or about to."""
        self._since_ms = now_ms
        self._has_timed_out = False

    def has_timed_out(self, detection: TurnDetection | None, *, now_ms: int, spoken_until_ms: float) -> bool:
        """Whether it is time to ask, with nobody speaking now and the last response played by `spoken_until_ms`."""
        if not isinstance(detection, ServerVad) or detection.idle_timeout_ms is None or self._has_timed_out:
            return False
        self._has_timed_out = now_ms - max(self._since_ms, spoken_until_ms) >= detection.idle_timeout_ms
        return self._has_timed_out
