"""A session's share of its deployment's limits: checked before a reply is shown, counted once a response is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from antiphon.api.domain_errors import rate_limited
from antiphon.dialogue.estimate import estimate_tokens
from antiphon.dialogue.reply import ReplyRequest
from antiphon.realtime.events import RateLimit
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import RateLimitExceeded
from antiphon.resources.rate_limits import RateLimits, Remaining
from antiphon.vocabulary.usage import Usage

_AZURE_OPERATION = "Realtime"
"""The operation's name in messages about rate limits."""


@dataclass(slots=True, kw_only=True)
class Quota:
    """Each response is one request; opening a session counts as the request of its first."""

    rate_limits: RateLimits
    deployments: Deployments
    account_id: str
    deployment: str
    """The name only: the capacity may change during a session, and applies at once."""
    api_version: str
    _is_prepaid: bool = False
    """Whether the request of the response to be counted next has already been counted."""

    async def open(self) -> None:
        """Count a session as one request. Raises `TooManyRequests`."""
        try:
            await self.rate_limits.admit(self.account_id, await self._deployment(), tokens=0)
            self._is_prepaid = True
        except RateLimitExceeded as error:
            raise rate_limited(error, _AZURE_OPERATION, self.api_version) from None

    async def check(self, request: ReplyRequest) -> None:
        """Raise `TooManyRequests` or `RequestTooLarge` if too little is left for the reply."""
        requests = 0 if self._is_prepaid else 1
        tokens = estimate_tokens(request)
        try:
            await self.rate_limits.check(self.account_id, await self._deployment(), requests=requests, tokens=tokens)
        except RateLimitExceeded as error:
            raise rate_limited(error, _AZURE_OPERATION, self.api_version) from None

    async def count(self, usage: Usage | None) -> tuple[RateLimit, RateLimit]:
        """Count a response and what it has used, or nothing if it was refused; return what is left."""
        requests, tokens = 0, 0
        if usage is not None:
            requests, tokens = 0 if self._is_prepaid else 1, usage.total_tokens
            self._is_prepaid = False
        status = await self.rate_limits.count_used(
            self.account_id, await self._deployment(), requests=requests, tokens=tokens
        )
        return _left("requests", status.requests), _left("tokens", status.tokens)

    async def _deployment(self) -> Deployment:
        return await self.deployments.get(self.account_id, self.deployment)


def _left(name: Literal["requests", "tokens"], remaining: Remaining) -> RateLimit:
    return RateLimit(
        name=name,
        limit=remaining.limit,
        remaining=remaining.remaining,
        reset_seconds=round(remaining.reset_seconds, 3),
    )
