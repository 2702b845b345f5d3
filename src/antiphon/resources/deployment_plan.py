"""The desired state of a deployment, and the rules that can be checked without the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from antiphon.resources.errors import DeploymentModelNotSupported, InvalidResourceProperties
from antiphon.resources.models import FORMAT, SKUS, Model, find_model
from antiphon.resources.names import check_tags

PROFILE_TAG = "antiphon-profile"
"""The tag with which Azure's tools choose a deployment's profile."""
DEFAULT_PROFILE = "default"
MINI_PROFILE = "mini"
"""For the models that Azure calls mini: they are weaker, and answer sooner."""

VERSION_UPGRADE_OPTIONS = ("OnceNewDefaultVersionAvailable", "OnceCurrentVersionExpired", "NoAutoUpgrade")
"""Stored and returned, but nothing is upgraded automatically here."""

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
"""Azure's SKUs for modes of operation that do not exist here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPlan:
    """The desired state of a deployment, unchecked."""

    model_name: str
    model_version: str | None = None
    """None means the version that Azure would choose."""
    model_format: str = FORMAT
    sku_name: str = "Standard"
    capacity: int | None = None
    """None keeps the deployment's own; a new one gets the default, or half of what its pool has left."""
    version_upgrade_option: str = VERSION_UPGRADE_OPTIONS[0]
    rai_policy_name: str = "Microsoft.DefaultV2"
    profile: str | None = None
    """None means the one that the tags name or, without such a tag, the deployment's own."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


def planned_model(plan: DeploymentPlan) -> Model:
    """The model to deploy. Raises `DeploymentModelNotSupported`."""
    model = find_model(plan.model_name, plan.model_version or None)
    if model is None or plan.model_format != FORMAT:
        raise DeploymentModelNotSupported(
            name=plan.model_name, version=plan.model_version, model_format=plan.model_format
        )
    return model


def planned_profile(
    plan: DeploymentPlan, profiles: Collection[str] | None, *, current: str
) -> tuple[str, Mapping[str, str]]:
    """The named profile, or else the `current` one; and the tags, without a tag that names another profile.

    A named profile must be one of `profiles`, unless these are unknown. Raises `ManagementError`.
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


def usual_profile(model: Model, profiles: Collection[str] | None = None) -> str:
    """The profile of a deployment for which none was chosen. `profiles` are those there are, if that is known."""
    is_mini = "mini" in model.name.split("-") and (profiles is None or MINI_PROFILE in profiles)
    return MINI_PROFILE if is_mini else DEFAULT_PROFILE


def check_sku(plan: DeploymentPlan) -> None:
    """Raise `InvalidResourceProperties` for an invalid SKU or capacity."""
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
