"""What remains of a session whose client has left, so that it can be taken up again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from antiphon.realtime.budget import Weight
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.history import History
from antiphon.realtime.truncation import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Audio that was not committed is not part of it, nor is a response that the leaving client has cut short."""

    configuration: Configuration
    history: History
    window: Window
    has_spoken: bool
    """Whether the client has been sent any audio: the voice cannot change any more."""
    untranscribed: Collection[str]
    """The ids of items whose words were promised."""

    @property
    def weight(self) -> Weight:
        return self.history.conversation.weight
