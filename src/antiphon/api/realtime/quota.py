"""A session's part of its deployment's limits: asked before a reply is shown, counted once a response is done."""

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
"""What messages about rate limits call it."""


@dataclass(slots=True, kw_only=True)
class Quota:
    """Each response is one request; opening a session is the request of its first."""

    rate_limits: RateLimits
    deployments: Deployments
    account_id: str
    deployment: str
    """Its name: capacity may change while a session lasts, and holds at once."""
    api_version: str
    _is_prepaid: bool = False
    """The request of the response that is counted next has been."""

    async def open(self) -> None:
        """Count a session as one request. Raises `TooManyRequests`."""
        try:
            await self.rate_limits.admit(self.account_id, await self._deployment(), tokens=0)
            self._is_prepaid = True
        except RateLimitExceeded as error:
            raise rate_limited(error, _AZURE_OPERATION, self.api_version) from None

    async def check(self, request: ReplyRequest) -> None:
        """Raises `TooManyRequests` or `RequestTooLarge` where too little is left for the reply."""
        requests = 0 if self._is_prepaid else 1
        tokens = estimate_tokens(request)
        try:
            await self.rate_limits.check(self.account_id, await self._deployment(), requests=requests, tokens=tokens)
        except RateLimitExceeded as error:
            raise rate_limited(error, _AZURE_OPERATION, self.api_version) from None

    async def count(self, usage: Usage | None) -> tuple[RateLimit, RateLimit]:
        """Count a response and what it has used, or nothing for one that was refused; return what is left."""
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
