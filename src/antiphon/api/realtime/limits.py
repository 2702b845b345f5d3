"""How much one connection may take of the server."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.realtime.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    session_seconds: float = 30 * 60
    """How long a session may last: Azure's half hour."""
    outgoing_bytes: int = 4 * 1024 * 1024
    """How much may wait to be sent before replies pause: a minute of audio. At twice as much, the client is not heard
    either."""
    stalled_seconds: float = 20.0
    """How long a client may read nothing while there is something to send."""
    budget: Budget = field(default_factory=Budget)
    """What its session may hold."""
    untranscribed_bytes: int = 32 * 1024 * 1024
    """How much committed audio may wait to be transcribed before the client is made to wait."""
    mistakes: int = 500
    """How many events a client may send at once that cannot be carried out."""
    mistakes_per_second: float = 50.0
    """How fast further ones may follow: one beside each event of audio of a client that sends them often."""
    undetected_ms: int = 30_000
    """How much audio may wait for voice activity detection before the client is made to wait."""
    tick_seconds: float = 0.25
    """How often the session is told the time."""
