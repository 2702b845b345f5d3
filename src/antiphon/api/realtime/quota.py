"""A session's part of its deployment's limits: asked before a reply is shown, counted once a response is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from antiphon.dialogue.estimate import estimate_tokens
from antiphon.dialogue.reply import ReplyRequest
from antiphon.errors import RateLimitExceeded
from antiphon.realtime.events import RateLimit, Usage
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.rate_limits import RateLimits, Remaining

_AZURE_OPERATION = "Realtime"
"""What messages about rate limits call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    rate_limits: RateLimits
    deployments: Deployments
    account_id: str
    deployment: str
    """Its name: capacity may change while a session lasts, and holds at once."""
    api_version: str

    async def open(self) -> None:
        """Count a session as one request. Raises `RateLimitExceeded`."""
        try:
            await self.rate_limits.admit(self.account_id, await self._deployment(), tokens=0)
        except RateLimitExceeded as error:
            raise error.asked_of(_AZURE_OPERATION, self.api_version) from None

    async def check(self, request: ReplyRequest) -> None:
        """Raises `RateLimitExceeded` or `RequestTooLarge` where too little is left for the reply."""
        try:
            await self.rate_limits.check(self.account_id, await self._deployment(), tokens=estimate_tokens(request))
        except RateLimitExceeded as error:
            raise error.asked_of(_AZURE_OPERATION, self.api_version) from None

    async def count(self, usage: Usage) -> tuple[RateLimit, RateLimit]:
        """Count what a response has used; return what is left."""
        status = await self.rate_limits.count_tokens(self.account_id, await self._deployment(), usage.total)
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
