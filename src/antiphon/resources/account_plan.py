"""The desired state of an account, and the rules that can be checked without the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from antiphon.resources.errors import InvalidKind
from antiphon.resources.names import check_resource_group, check_subscription, check_tags, location_name
from antiphon.store.tables import LOCAL_RESOURCE_GROUP, LOCAL_SUBSCRIPTION

KINDS = ("OpenAI", "AIServices")
"""Equivalent here; Azure's tools ask for either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """The desired state of an account, unchecked."""

    location: str
    """In any of Azure's spellings: eastus2, East US 2."""
    subscription_id: str = LOCAL_SUBSCRIPTION
    resource_group: str = LOCAL_RESOURCE_GROUP
    kind: str = KINDS[0]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    disable_local_auth: bool | None = None
    """None leaves it as it is; a new account has its keys enabled."""


def planned_location(plan: AccountPlan) -> str:
    """Check the whole plan and return the location as it is stored. Raises `ManagementError`."""
    check_subscription(plan.subscription_id)
    check_resource_group(plan.resource_group)
    check_properties(kind=plan.kind, tags=plan.tags)
    return location_name(plan.location)


def check_properties(*, kind: str | None, tags: Mapping[str, str] | None) -> None:
    """Raise `InvalidKind` or `InvalidTags` for values that are invalid and not None."""
    if kind is not None and kind not in KINDS:
        raise InvalidKind(kind)
    if tags is not None:
        check_tags(tags)
