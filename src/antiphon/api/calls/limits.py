"""How many calls there may be, and how long they wait."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    calls: int = 32
    """How many calls of an account there may be at a time."""
    connect_seconds: float = 30.0
    """How long a caller may take to connect once its offer has been answered."""
    silent_seconds: float = 20.0
    """How long nothing at all may come from a caller, not even what its browser sends by itself."""
    unplayed_ms: int = 60_000
    """How much audio may wait to be played before replies pause."""
