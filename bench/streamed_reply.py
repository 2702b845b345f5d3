"""A streamed reply as its listener had it: what came when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """A piece of audio; `at_s` counts from the request."""

    at_s: float
    audio_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedReply:
    """All times are in seconds since the request."""

    first_byte_s: float
    first_transcript_s: float
    total_s: float
    arrivals: Sequence[Arrival]
    """In order; at least one."""
    audio_id: str
    transcript: str

    @property
    def first_audio_s(self) -> float:
        return self.arrivals[0].at_s

    @property
    def audio_s(self) -> float:
        """How long the reply is to listen to."""
        return sum(arrival.audio_s for arrival in self.arrivals)

    @property
    def real_time_factor(self) -> float:
        """Below 1, the reply is made faster than it is spoken."""
        return self.total_s / self.audio_s

    @property
    def starved_s(self) -> float:
        return starved_s(self.arrivals)


def starved_s(arrivals: Sequence[Arrival]) -> float:
    """How long a player that starts with the first piece, and goes on whenever it can, has nothing to play."""
    starved = 0.0
    played_until_s = arrivals[0].at_s if arrivals else 0.0
    for arrival in arrivals:
        if arrival.at_s > played_until_s:
            starved += arrival.at_s - played_until_s
            played_until_s = arrival.at_s
        played_until_s += arrival.audio_s
    return starved
