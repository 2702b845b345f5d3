"""What can go wrong before a call has begun."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class NoFreePort(AntiphonError):
    """All UDP ports that the settings allow are in use."""

    def __init__(self) -> None:
        super().__init__("All ports for calls are in use. Please retry once a call has ended.")
