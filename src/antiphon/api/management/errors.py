"""Errors of resource management, in Azure Resource Manager's words."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon.api.errors import ApiError, BearerWanted


class ManagementTokenInvalid(BearerWanted):
    """401: a missing token, or one that gives no access, where accounts are managed. The log says what is wrong."""

    code = "InvalidAuthenticationToken"

    def __init__(self) -> None:
        super().__init__("The access token is missing or invalid.")


class AuthorizationFailed(ApiError):
    """403: a valid token of a principal without a role for the request, where accounts are managed."""

    status = 403
    code = "AuthorizationFailed"

    def __init__(self, *, client_id: str, principal_id: str, action: str, scope: str) -> None:
        super().__init__(
            f"The client '{client_id}' with object id '{principal_id}' does not have authorization to perform action "
            f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh "
            "your credentials."
        )


class ManagementError(ApiError):
    """An error of resource management, in Azure Resource Manager's words."""

    status = 400


class MissingApiVersion(ManagementError):
    code = "MissingApiVersionParameter"

    def __init__(self) -> None:
        super().__init__("The api-version query parameter (?api-version=) is required for all requests.")


class InvalidApiVersion(ManagementError):
    """The version named is not a date, with or without `-preview`."""

    code = "InvalidApiVersionParameter"

    def __init__(self, version: str, *, supported: str) -> None:
        super().__init__(f"The api-version {version[:64]!r} is invalid. The supported versions are '{supported}'.")


class NoRegisteredProvider(ManagementError):
    """The version is older than any that is served."""

    code = "NoRegisteredProviderFound"

    def __init__(self, version: str, *, supported: str) -> None:
        super().__init__(
            f"No registered resource provider found for API version '{version}' for type 'accounts'. The supported "
            f"api-versions are '{supported}'."
        )


class InvalidFilter(ManagementError):
    """A list's filter is not understood; `known` are the fields and (with brackets) functions that would be."""

    code = "InvalidFilterInQueryString"

    def __init__(self, text: str, *, known: Iterable[str]) -> None:
        super().__init__(
            f'Invalid $filter {text[:128]!r} specified in the query string. It takes conditions such as "name eq '
            f"'contoso'\", joined by 'and', about {', '.join(sorted(known))}."
        )


class InvalidRequestContent(ManagementError):
    """The body is not JSON, or not of the shape that the operation expects."""

    code = "InvalidRequestContent"

    def __init__(self, found: str) -> None:
        super().__init__(f"The request content was invalid and could not be deserialized: '{found}'.")


class LocationRequired(ManagementError):
    code = "LocationRequired"

    def __init__(self) -> None:
        super().__init__("The location property is required for this definition.")


class InvalidSku(ManagementError):
    code = "InvalidSkuId"

    def __init__(self, sku_name: str) -> None:
        super().__init__(
            f"The account SKU {sku_name[:64]!r} is either invalid or unavailable in given region. Use 'S0'."
        )


class KeysDisabled(ManagementError):
    """The account accepts only tokens, so its keys are not revealed."""

    code = "BadRequest"

    def __init__(self) -> None:
        super().__init__("Failed to list key. disableLocalAuth is set to be true")


class ManagedResourceNotFound(ManagementError):
    """404: there is no such account or deployment where the path says."""

    status = 404
    code = "ResourceNotFound"

    def __init__(self, resource: str, *, resource_group: str) -> None:
        super().__init__(
            f"The Resource '{resource[:256]}' under resource group '{resource_group[:90]}' was not found. For more "
            "details please go to https://aka.ms/ARMResourceNotFoundFix"
        )


class RoleDefinitionDoesNotExist(ManagementError):
    """404: there is no role with that id here."""

    status = 404
    code = "RoleDefinitionDoesNotExist"

    def __init__(self, role_id: str) -> None:
        super().__init__(
            f"The specified role definition with ID '{role_id[:256]}' does not exist. To list them: az role "
            "definition list."
        )


class InvalidRoleAssignmentId(ManagementError):
    code = "InvalidRoleAssignmentId"

    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment ID '{name[:64]}' is not valid. The role assignment ID must be a GUID.")


class RoleAssignmentNotFound(ManagementError):
    """404: no such assignment, or one made on a scope other than the path's, which is not revealed."""

    status = 404
    code = "RoleAssignmentNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment '{name[:64]}' is not found.")


class InvalidPrincipalId(ManagementError):
    code = "InvalidPrincipalId"

    def __init__(self, principal_id: str) -> None:
        super().__init__(f"The Principal ID '{principal_id[:64]}' is not valid. Principal ID must be a GUID.")


class AssignedPrincipalNotFound(ManagementError):
    """A role is assigned to an object id of nobody who could sign in here."""

    code = "PrincipalNotFound"

    def __init__(self, principal_id: str, *, tenant_id: str) -> None:
        super().__init__(
            f"Principal {principal_id.replace('-', '')} does not exist in the directory {tenant_id}. Check that you "
            "have the correct principal ID: the object id, not the client id. To list them: az ad sp list --all."
        )


class UnmatchedPrincipalType(ManagementError):
    code = "UnmatchedPrincipalType"

    def __init__(self, principal_id: str, *, actual: str, named: str) -> None:
        super().__init__(
            f"The PrincipalId '{principal_id}' has type '{actual}', which is different from specified PrincipalType "
            f"'{named[:64]}'."
        )


class PrincipalTypeNotSupported(ManagementError):
    """A role for a group, for instance, would let nobody in: its members are not looked up."""

    code = "PrincipalTypeNotSupported"

    def __init__(self, principal_type: str) -> None:
        super().__init__(
            f"Principals of type {principal_type[:64]!r} cannot validly be used in role assignments. Use "
            "'ServicePrincipal' or 'User'."
        )


class RoleAssignmentConditionNotSupported(ManagementError):
    """The role would be assigned without its condition, which nobody wants."""

    code = "RoleAssignmentConditionNotSupported"

    def __init__(self) -> None:
        super().__init__("Conditions are not supported here. Assign the role without condition, or another role.")
