"""What goes wrong with an upstream. The log has it; clients are told that the engine failed."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

_MOST_BYTES = 64 * 1024
_SHOWN_CHARACTERS = 300
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses of what may go well a moment later, or elsewhere."""
_OF_THE_REQUEST = frozenset({400, 413, 422})


class UpstreamFault(Exception):
    """An upstream does not answer, refuses, or sends what is no answer."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        body: bytes = b"",
        is_passing: bool = True,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        """Of the upstream's answer; None where there is none, or where what followed it was wrong."""
        self.body = body
        self.is_passing = is_passing
        """Whether the same request may go well a moment later, or at another replica."""
        self.retry_after_seconds = retry_after_seconds

    @property
    def is_of_the_request(self) -> bool:
        """Whether the upstream is well, and what it was asked is at fault."""
        return self.status in _OF_THE_REQUEST


async def refusal(response: httpx.Response) -> UpstreamFault:
    """The fault of an answer that is not 200; it reads a little of what the upstream says of it."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) >= _MOST_BYTES:
            break
    shown = " ".join(body[:_MOST_BYTES].decode("utf-8", "replace").split())[:_SHOWN_CHARACTERS]
    return UpstreamFault(
        f"it answered {response.status_code}: {shown}",
        status=response.status_code,
        body=bytes(body[:_MOST_BYTES]),
        is_passing=response.status_code in _PASSING,
        retry_after_seconds=_retry_after(response.headers.get("retry-after")),
    )


def _retry_after(header: str | None) -> float | None:
    """Seconds, whether the header has them or a date; None where it has neither."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
