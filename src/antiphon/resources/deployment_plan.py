"""What a deployment is to be like, and the rules for it that need no look at what there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from antiphon.resources.errors import DeploymentModelNotSupported, InvalidResourceProperties
from antiphon.resources.models import FORMAT, SKUS, Model, find_model
from antiphon.resources.names import check_tags

PROFILE_TAG = "antiphon-profile"
"""The tag by which Azure's tools choose the profile that answers for a deployment."""
DEFAULT_PROFILE = "default"

VERSION_UPGRADE_OPTIONS = ("OnceNewDefaultVersionAvailable", "OnceCurrentVersionExpired", "NoAutoUpgrade")
"""Kept and told; nothing is upgraded by itself here."""

_OTHER_SKUS = frozenset(
    {
        "GlobalBatch",
        "DataZoneBatch",
        "ProvisionedManaged",
        "GlobalProvisionedManaged",
        "DataZoneProvisionedManaged",
        "DeveloperTier",
    }
)
"""Azure's, which stand for ways of working that there are none of here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPlan:
    """What a deployment is to be like. Nothing in it has been checked."""

    model_name: str
    model_version: str | None = None
    """None is the version that Azure would choose."""
    model_format: str = FORMAT
    sku_name: str = "Standard"
    capacity: int | None = None
    """None is the one that the deployment has; for a new one, the usual one, or half of what its pool has left."""
    version_upgrade_option: str = VERSION_UPGRADE_OPTIONS[0]
    rai_policy_name: str = "Microsoft.DefaultV2"
    profile: str | None = None
    """None is the one that the tags name; without such a tag, the one that the deployment has."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


def planned_model(plan: DeploymentPlan) -> Model:
    """The model that is meant. Raises `DeploymentModelNotSupported`."""
    model = find_model(plan.model_name, plan.model_version or None)
    if model is None or plan.model_format != FORMAT:
        raise DeploymentModelNotSupported(
            name=plan.model_name, version=plan.model_version, model_format=plan.model_format
        )
    return model


def planned_profile(
    plan: DeploymentPlan, profiles: Collection[str] | None, *, current: str = DEFAULT_PROFILE
) -> tuple[str, Mapping[str, str]]:
    """The profile that is named, else the `current` one; and the tags, of which none names another.

    What is named is one of `profiles` unless those are unknown. Raises `ManagementError`.
    """
    check_tags(plan.tags)
    named = plan.tags.get(PROFILE_TAG) if plan.profile is None else plan.profile
    if named is None:
        return current, plan.tags
    if profiles is not None and named not in profiles:
        raise InvalidResourceProperties(
            f"The configuration has no profile {named[:64]!r}, which the property profile or the tag {PROFILE_TAG} "
            f"names. It has {', '.join(sorted(profiles))}."
        )
    return named, {**plan.tags, PROFILE_TAG: named} if PROFILE_TAG in plan.tags else plan.tags


def check_sku(plan: DeploymentPlan) -> None:
    """Raise `InvalidResourceProperties` for a SKU or a capacity that no deployment can have."""
    if plan.sku_name in _OTHER_SKUS:
        raise InvalidResourceProperties(
            f"The specified SKU '{plan.sku_name}' of account deployment is not supported by the model "
            f"'{plan.model_name}' version: '{plan.model_version or ''}'."
        )
    if plan.sku_name not in SKUS:
        raise InvalidResourceProperties(
            f"The deployment sku name {plan.sku_name[:64]!r} is invalid. Use {', '.join(SKUS)}."
        )
    if plan.capacity is not None and plan.capacity < 1:
        raise InvalidResourceProperties(
            "The capacity of a deployment is a whole number of at least 1, in thousands of tokens a minute; "
            f"{plan.capacity} is not."
        )


def check_version_upgrade_option(option: str) -> None:
    """Raise `InvalidResourceProperties` unless it is one of Azure's."""
    if option not in VERSION_UPGRADE_OPTIONS:
        raise InvalidResourceProperties(
            f"The version upgrade option {option[:64]!r} is invalid. Use {', '.join(VERSION_UPGRADE_OPTIONS)}."
        )
