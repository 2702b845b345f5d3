"""What can go wrong with a recording."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class InvalidAudio(AntiphonError):
    """What was sent as audio cannot be used: it is not audio, is cut off or too long, or has an unknown format."""


class DecoderFailed(AntiphonError):
    """A decoding process was ended from outside, or never started. The recording is not to blame."""

    def __init__(self) -> None:
        super().__init__("The audio decoder failed. Please retry.")
