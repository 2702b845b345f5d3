"""Faults of an upstream. They are logged; clients are only told that the engine failed."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

_MOST_BYTES = 64 * 1024
_SECONDS_FOR_A_REFUSAL = 1.0
"""How long an upstream may take to explain its refusal."""
_SHOWN_CHARACTERS = 300
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses of requests that may succeed a moment later, or elsewhere."""
_OF_THE_REQUEST = frozenset({400, 413, 422})


class UpstreamFault(Exception):
    """An upstream does not answer, refuses, or sends something that is not an answer."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        body: bytes = b"",
        is_passing: bool = True,
        is_late: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        """The status of the upstream's answer; None if there is none, or if what followed it was wrong."""
        self.body = body
        self.is_passing = is_passing
        """Whether the same request may succeed a moment later, or at another replica."""
        self.is_late = is_late
        """Whether the upstream has been waited for in vain. Only another replica is worth asking then."""
        self.retry_after_seconds = retry_after_seconds

    @property
    def is_of_the_request(self) -> bool:
        """Whether the upstream is healthy and the request itself is at fault."""
        return self.status in _OF_THE_REQUEST


async def refusal(response: httpx.Response) -> UpstreamFault:
    """The fault for an answer other than 200, including a little of what the upstream says about it."""
    body = bytearray()
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_SECONDS_FOR_A_REFUSAL):
            async for piece in response.aiter_raw():
                body += piece[:_MOST_BYTES]
                if len(body) >= _MOST_BYTES:
                    break
    shown = " ".join(body.decode("utf-8", "replace").split())[:_SHOWN_CHARACTERS]
    leads_to = f" (to {response.headers['location']})" if "location" in response.headers else ""
    return UpstreamFault(
        f"it answered {response.status_code}{leads_to}: {shown}",
        status=response.status_code,
        body=bytes(body),
        is_passing=response.status_code in _PASSING,
        retry_after_seconds=_retry_after(response.headers.get("retry-after")),
    )


def _retry_after(header: str | None) -> float | None:
    """Seconds, whether the header gives them or a date; None if it gives neither."""
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
