"""What a reply's headers say of the deployment's limits."""

from __future__ import annotations

from antiphon.resources.rate_limits import RateStatus


def rate_headers(status: RateStatus) -> dict[str, str]:
    """As on Azure, limits are those of the window of time that is counted in: ten seconds, and a minute for tokens."""
    return {
        "x-ratelimit-limit-requests": str(status.requests.limit),
        "x-ratelimit-remaining-requests": str(status.requests.remaining),
        "x-ratelimit-limit-tokens": str(status.tokens.limit),
        "x-ratelimit-remaining-tokens": str(status.tokens.remaining),
    }
