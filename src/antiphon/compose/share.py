"""What one of several workers may use of what the server has."""

from __future__ import annotations

from msgspec.structs import replace

from antiphon.seat import Seat
from antiphon.settings import Settings


def share_of(settings: Settings, seat: Seat) -> Settings:
    """The settings for one worker: what all of them use together is about what they say."""
    if seat.is_alone:
        return settings
    limits = replace(
        settings.limits,
        connections=seat.share(settings.limits.connections),
        decoded_seconds=settings.limits.decoded_seconds / seat.count,
    )
    return replace(
        settings, cores=seat.share(settings.cores), max_waiting=seat.share(settings.max_waiting), limits=limits
    )
