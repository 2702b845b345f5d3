"""What all operations on audio do before they begin: find who calls, and which deployment is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from antiphon.api.data_plane import AccountCaller, DataAuthorizer
from antiphon.api.domain_errors import rate_limited
from antiphon.api.errors import OperationNotSupported
from antiphon.api.served_deployment import profile_of
from antiphon.dialogue.profile import Profile
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.identity.roles import DataAction
from antiphon.parameters.complaints import missing
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import RateLimitExceeded
from antiphon.resources.models import Capability
from antiphon.resources.rate_limits import RateLimits, RateStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioOperation:
    """One of the operations."""

    capability: Capability
    """What a model needs for it, which also names it in refusals."""
    azure_name: str
    """Its name in messages about rate limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioCalls:
    """Admits calls."""

    authorizer: DataAuthorizer
    deployments: Deployments
    rate_limits: RateLimits
    profiles: Mapping[str, Profile]
    """Keyed by the names that deployments use."""

    async def caller(self, request: Request, deployment: str | None) -> AccountCaller:
        """Who calls. Refuses a `deployment`, if the path names one, that does not exist, before a body is read."""
        caller = await self.authorizer.authorize(request, DataAction.AUDIO)
        asking.set(Asking(account=caller.account.id))
        if deployment is not None:
            await self.deployments.get(caller.account.id, deployment)
        return caller

    async def deployment(
        self, caller: AccountCaller, operation: AudioOperation, *, named: str | None, model: str | None
    ) -> tuple[Deployment, Profile]:
        """The deployment that the path names, or else the body's `model`, and the engines behind it.

        Raises `InvalidRequest`, `DeploymentNotFound` and `OperationNotSupported`.
        """
        if named is not None:
            found = await self.deployments.get(caller.account.id, named)
        elif model:
            found = await self.deployments.meant_by(caller.account.id, model)
        else:
            raise missing("model")
        if operation.capability not in found.model.capabilities:
            raise OperationNotSupported(operation.capability, found.model.name)
        return found, profile_of(found, self.profiles)

    async def admit(
        self,
        request: Request,
        caller: AccountCaller,
        deployment: Deployment,
        operation: AudioOperation,
        *,
        tokens: int,
    ) -> RateStatus:
        """Count the call. Raises `TooManyRequests` and `RequestTooLarge`."""
        try:
            return await self.rate_limits.admit(caller.account.id, deployment, tokens=tokens)
        except RateLimitExceeded as error:
            version = request.query_params.get("api-version") or "v1"
            raise rate_limited(error, operation.azure_name, version) from None
