"""What accounts, deployments, resource groups, subscriptions, locations and tags can be called."""

from __future__ import annotations

import re
from collections.abc import Mapping

from antiphon.resources.errors import (
    InvalidResourceGroup,
    InvalidResourceName,
    InvalidSubscription,
    InvalidTags,
    LocationNotAvailable,
)

_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
_DEPLOYMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
_RESOURCE_GROUP = re.compile(r"[A-Za-z0-9._()-]{0,89}[A-Za-z0-9_()-]")
_SUBSCRIPTION = re.compile(r"[0-9A-Za-z-]{1,64}")
_LOCATION = re.compile(r"[a-z0-9]{1,64}")

_MAX_TAGS = 50
_MAX_TAG_NAME = 512
_MAX_TAG_VALUE = 256


def check_account_name(name: str) -> None:
    """Raise `InvalidResourceName` unless the name can be a label of a host name.

    Azure also allows dots and underscores, and keeps a separate name for the host; here, the account is reached by its
    own name. A dot would add a label, and no client accepts a wildcard certificate for a label with an underscore.
    """
    if not _ACCOUNT.fullmatch(name):
        raise InvalidResourceName(
            name,
            "The account's name is the first part of its host name: use 2 to 63 letters, digits and '-', beginning and "
            "ending with a letter or digit.",
        )


def check_deployment_name(name: str) -> None:
    """Raise `InvalidResourceName` for an invalid name. A valid one cannot be a step in a path, or hide a file."""
    if not _DEPLOYMENT.fullmatch(name):
        raise InvalidResourceName(
            name, "Use 2 to 64 letters, digits, '-', '_' and '.', beginning with a letter or digit."
        )


def check_resource_group(name: str) -> None:
    """Raise `InvalidResourceGroup` for an invalid name."""
    if not _RESOURCE_GROUP.fullmatch(name):
        raise InvalidResourceGroup(name)


def check_subscription(subscription_id: str) -> None:
    """Raise `InvalidSubscription` for an invalid id. Subscriptions need not be created."""
    if not _SUBSCRIPTION.fullmatch(subscription_id):
        raise InvalidSubscription(subscription_id)


def location_name(written: str) -> str:
    """A location as it is stored: Azure accepts "East US 2" for eastus2. Raises `LocationNotAvailable`."""
    location = written.replace(" ", "").lower()
    if not _LOCATION.fullmatch(location):
        raise LocationNotAvailable(written)
    return location


def check_tags(tags: Mapping[str, str]) -> None:
    """Raise `InvalidTags` for more or longer tags than Azure accepts."""
    if len(tags) > _MAX_TAGS:
        raise InvalidTags(f"A resource can have {_MAX_TAGS} tags. This one would have {len(tags)}.")
    for name, value in tags.items():
        if not 0 < len(name) <= _MAX_TAG_NAME or len(value) > _MAX_TAG_VALUE:
            raise InvalidTags(
                f"The tag {name[:64]!r} is not valid: a tag's name can have 1 to {_MAX_TAG_NAME} characters, its value "
                f"up to {_MAX_TAG_VALUE}."
            )
