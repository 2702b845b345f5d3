"""`InvalidRequest`: what a client asks for makes no sense."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class InvalidRequest(AntiphonError):
    """OpenAI's `invalid_request_error`: which parameter is wrong, and how."""

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.param = param
        """Its place in what was sent: `messages[0].content`. None if the error is not about one parameter."""
        self.code = code
        """OpenAI's code for what is wrong: `missing_required_parameter`, `invalid_type`, …"""
