"""The errors of a reply, apart from those its engines raise."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class NoSpeech(AntiphonError):
    """Nobody speaks in a recording, or nothing in it could be understood."""

    def __init__(self, *, source: str | None = None) -> None:
        super().__init__(
            "No speech was found in the audio. Check that the microphone was on and that the recording is not silent."
        )
        self.source = source
        """Where the recording came from, as in `Speech.source`."""


class InvalidSsml(AntiphonError):
    """A text that means to be SSML is not, or asks for what cannot be heard."""

    def __init__(self, reason: str, *, line: int, column: int) -> None:
        super().__init__(f"The SSML cannot be read (line {line}, column {column}): {reason}.")
