"""How much of the server one connection may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.realtime.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    session_seconds: float = 30 * 60
    """How long a session may last."""
    outgoing_bytes: int = 4 * 1024 * 1024
    """How much may be waiting to be sent before replies pause: a minute of audio. At twice as much, the client is not
    heard either."""
    stalled_seconds: float = 20.0
    """How long a client may read nothing while there is something to send it."""
    budget: Budget = field(default_factory=Budget)
    """What its session may hold."""
    untranscribed_bytes: int = 32 * 1024 * 1024
    """How much committed audio may be waiting for transcription before the client has to wait."""
    uncounted_responses: int = 4
    """How many finished responses may still have to be counted before the client has to wait."""
    mistakes: int = 100
    """How many events that cannot be carried out an account's clients may send at once."""
    mistakes_per_second: float = 50.0
    """How fast more of them are read: one for every audio event of a client that sends these often."""
    replies: int = 20
    """How many replies a session may begin at once."""
    replies_per_second: float = 10.0
    """How fast it may begin more, if those before have come to their end already: many times as fast as people talk."""
    openings: int = 100
    """How many sessions of an account may be opened at once."""
    openings_per_second: float = 40.0
    """How fast more of them are opened: each takes some milliseconds of the event loop to begin and to end."""
    undetected_ms: int = 30_000
    """How much audio may be waiting for voice activity detection before the client has to wait."""
    tick_seconds: float = 0.25
    """How often the session is told the time."""
