"""API versions of resource management: a date, with or without `-preview`. Any that is not too old will do."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum

from starlette.requests import Request

from antiphon.api.management.errors import InvalidApiVersion, MissingApiVersion, NoRegisteredProvider

_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})(-preview)?", re.ASCII)

SUPPORTED = ("2023-05-01", "2024-10-01", "2025-06-01", "2025-09-01", "2026-05-15-preview")
"""The versions that are listed, among all that are accepted."""


class Provider(Enum):
    """The provider of an operation; the value is the oldest version of it that is served."""

    COGNITIVE_SERVICES = date(2023, 5, 1)
    """Accounts, deployments, models."""
    RESOURCES = date(2014, 4, 1)
    """Subscriptions and resource groups, which have hardly changed since."""
    AUTHORIZATION = date(2015, 7, 1)
    """Roles."""


def check_version(request: Request, provider: Provider) -> None:
    """Raise `MissingApiVersion`, `InvalidApiVersion` or `NoRegisteredProvider` unless the request names a version."""
    version = request.query_params.get("api-version", "")
    if not version:
        raise MissingApiVersion
    supported = ", ".join(SUPPORTED)
    match = _VERSION.fullmatch(version)
    if match is None:
        raise InvalidApiVersion(version, supported=supported)
    try:
        dated = date.fromisoformat(match[1])
    except ValueError:
        raise InvalidApiVersion(version, supported=supported) from None
    if dated < provider.value:
        raise NoRegisteredProvider(version, supported=supported)
