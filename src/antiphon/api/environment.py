"""The variables that Azure's clients read: where the server is, and how to sign in."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

MANAGED_IDENTITY_PATH = "/msi/token"

_API_VERSION = "2025-01-01-preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedIdentityAccess:
    """How programs on the server's machine sign in without a key."""

    endpoint: str
    header: str = field(repr=False)


def client_environment(
    *, endpoint: str, deployment: str | None, identity: ManagedIdentityAccess | None, key: str | None
) -> Mapping[str, str]:
    """What a program needs to find its account and be let in; variables that would be None are left out."""
    variables = {"AZURE_OPENAI_ENDPOINT": endpoint}
    if identity is not None:
        variables |= {"IDENTITY_ENDPOINT": identity.endpoint, "IDENTITY_HEADER": identity.header}
    variables["OPENAI_API_VERSION"] = _API_VERSION
    if deployment is not None:
        variables["AZURE_OPENAI_DEPLOYMENT_NAME"] = deployment
    if key is not None:
        variables["AZURE_OPENAI_API_KEY"] = key
    return variables


def export_lines(variables: Mapping[str, str]) -> list[str]:
    """Lines for a shell."""
    return [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
