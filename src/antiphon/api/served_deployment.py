"""The deployment that answers: which engines are behind it, and what headers say about its limits."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from antiphon.dialogue.profile import Profile
from antiphon.resources.deployments import Deployment
from antiphon.resources.errors import DeploymentNotFound
from antiphon.resources.rate_limits import RateStatus

_log = logging.getLogger(__name__)


def profile_of(deployment: Deployment, profiles: Mapping[str, Profile]) -> Profile:
    """The engines that answer for a deployment.

    Raises `DeploymentNotFound` when the configuration no longer has its profile; the log says so.
    """
    profile = profiles.get(deployment.profile)
    if profile is None:
        _log.error(
            "The deployment %r names the profile %r, which is not in the configuration. Add [profiles.%s], or switch "
            "the deployment to another profile: antiphon deployments update %s --profile default",
            deployment.name,
            deployment.profile,
            deployment.profile,
            deployment.name,
        )
        raise DeploymentNotFound
    return profile


def rate_headers(status: RateStatus) -> dict[str, str]:
    """As on Azure, limits are those of the window in which use is counted: ten seconds, or a minute for tokens."""
    return {
        "x-ratelimit-limit-requests": str(status.requests.limit),
        "x-ratelimit-remaining-requests": str(status.requests.remaining),
        "x-ratelimit-limit-tokens": str(status.tokens.limit),
        "x-ratelimit-remaining-tokens": str(status.tokens.remaining),
    }
