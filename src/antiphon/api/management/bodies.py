"""The bodies that resource management accepts.

Unknown fields are not refused: Azure's tools send many that mean nothing to this server.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
from starlette.requests import Request

from antiphon.api.bodies import BodyReader
from antiphon.api.management.errors import InvalidRequestContent

_DIGITS = re.compile(r"[0-9]{1,9}")
_MAX_CAPACITY = 10**9


class SkuBody(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    capacity: int | str | None = None
    """Azure's command line sends a string."""


class AccountProperties(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    custom_sub_domain_name: str | None = None
    disable_local_auth: bool | None = None


class AccountBody(msgspec.Struct, frozen=True, kw_only=True):
    """The body of PUT and PATCH."""

    location: str | None = None
    kind: str | None = None
    sku: SkuBody | None = None
    tags: dict[str, str] | None = None
    properties: AccountProperties | None = None


class ModelBody(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    version: str | None = None
    format: str | None = None


class DeploymentProperties(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    model: ModelBody | None = None
    version_upgrade_option: str | None = None
    rai_policy_name: str | None = None
    profile: str | None = None
    """Antiphon's own, not Azure's: which engines answer."""


class DeploymentBody(msgspec.Struct, frozen=True, kw_only=True):
    """The body of PUT and PATCH."""

    sku: SkuBody | None = None
    tags: dict[str, str] | None = None
    properties: DeploymentProperties | None = None


class KeyBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    key_name: str


class DomainBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    subdomain_name: str
    type: str
    kind: str | None = None


class GroupBody(msgspec.Struct, frozen=True, kw_only=True):
    location: str
    tags: dict[str, str] | None = None


class GroupPatch(msgspec.Struct, frozen=True, kw_only=True):
    tags: dict[str, str] | None = None


class AssignmentProperties(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    role_definition_id: str
    principal_id: str
    principal_type: str | None = None
    description: str | None = None
    condition: str | None = None


class RoleAssignmentBody(msgspec.Struct, frozen=True, kw_only=True):
    properties: AssignmentProperties


Body = TypeVar("Body", bound=msgspec.Struct)


async def read_body(request: Request, bodies: BodyReader, kind: type[Body]) -> Body:
    """The request's body. Raises `InvalidRequestContent`, and `PayloadTooLarge` if it cannot be a description."""
    async with bodies.read(request) as body:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.ValidationError as error:
            raise InvalidRequestContent(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise InvalidRequestContent("The body is not JSON.") from None


def whole_number(capacity: int | str) -> int:
    """The capacity that a client sent. Raises `InvalidRequestContent` for anything but a number of sensible size."""
    if isinstance(capacity, str):
        if not _DIGITS.fullmatch(capacity):
            raise InvalidRequestContent("Expected a whole number - at `$.sku.capacity`")
        return int(capacity)
    if abs(capacity) > _MAX_CAPACITY:
        raise InvalidRequestContent("Expected a number of at most 10 digits - at `$.sku.capacity`")
    return capacity
