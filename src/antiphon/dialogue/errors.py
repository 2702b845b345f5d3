"""What can go wrong in a reply, apart from what its engines raise."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class NoSpeech(AntiphonError):
    """Nobody speaks in a recording, or nothing of it could be understood."""

    def __init__(self, *, source: str | None = None) -> None:
        super().__init__(
            "No speech was found in the audio. Check that the microphone was on and that the recording is not silent."
        )
        self.source = source
        """Where the recording came from, as `Speech.source` has it."""
