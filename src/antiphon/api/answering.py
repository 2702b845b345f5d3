"""Who answers for a deployment."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from antiphon.dialogue.profile import Profile
from antiphon.errors import DeploymentNotFound
from antiphon.resources.deployments import Deployment

_log = logging.getLogger(__name__)


def profile_of(deployment: Deployment, profiles: Mapping[str, Profile]) -> Profile:
    """The engines that answer for a deployment.

    Raises `DeploymentNotFound` when the configuration no longer has its profile; the log says so.
    """
    profile = profiles.get(deployment.profile)
    if profile is None:
        _log.error(
            "The deployment %r names the profile %r, which the configuration does not have. Add [profiles.%s], or give "
            "the deployment another one: antiphon deployments update %s --profile default",
            deployment.name,
            deployment.profile,
            deployment.profile,
            deployment.name,
        )
        raise DeploymentNotFound
    return profile
