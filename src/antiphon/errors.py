"""Every error that Antiphon raises on purpose, in one tree.

An `ApiError` knows the HTTP status and the fields of the body that Azure OpenAI would answer with; the routes in
`antiphon.api` turn it into a response. `ModelError` concerns model files and is told to the operator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Literal


class AntiphonError(Exception):
    """The root of the tree. `message` says what happened and what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ApiError(AntiphonError):
    """An error that a client of the API is told about."""

    status = 500
    code: str | None = "InternalServerError"
    """Azure's error code, as it stands in the body."""
    type: str | None = None
    param: str | None = None
    retry_after_seconds: float | None = None


class InvalidRequest(ApiError):
    """400 in OpenAI's shape: message, type, param, code."""

    status = 400
    code = None
    type = "invalid_request_error"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.code = code if code is not None else self.code


class InvalidAudio(InvalidRequest):
    """What was sent as audio cannot be used: not audio, cut off, too long, of a format we do not read."""

    code = "invalid_audio"


class NoSpeech(InvalidAudio):
    """Nobody speaks in a recording, or nothing of it could be understood."""

    def __init__(self, *, param: str | None = None) -> None:
        super().__init__(
            "No speech was found in the audio. Check that the microphone was on and that the recording is not silent.",
            param=param,
        )


class AudioOutputNotFound(InvalidRequest):
    """An assistant message refers to an audio output that never was, has expired, or is another account's."""

    code = "audio_not_found"

    def __init__(self, audio_id: str, *, param: str = "messages") -> None:
        super().__init__(
            f"The audio {audio_id[:64]!r} does not exist or has expired. Send what it said as the message's content "
            "instead.",
            param=param,
        )


class ContextLengthExceeded(InvalidRequest):
    """The conversation does not fit the language model's context."""

    code = "context_length_exceeded"


class AccessDenied(ApiError):
    """401: no key, or a wrong one."""

    status = 401
    code = "401"

    def __init__(self) -> None:
        super().__init__(
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key "
            "for an active subscription and use a correct regional API endpoint for your resource."
        )


class InvalidToken(ApiError):
    """401: a bearer token that opens nothing here."""

    status = 401
    code = "401"

    def __init__(self) -> None:
        super().__init__(
            "Unauthorized. Access token is missing, invalid, audience is incorrect "
            "(https://cognitiveservices.azure.com), or have expired."
        )


class CompletionNotFound(InvalidRequest):
    """404: no stored completion has that id, or it is another account's."""

    status = 404
    code = "not_found"

    def __init__(self, completion_id: str) -> None:
        super().__init__(
            f"No chat completion found with id {completion_id[:64]!r}. Those made with 'store' can be found until they "
            "expire.",
            param="completion_id",
        )


class RecordNotFound(ApiError):
    """404: there is no record of that id, or it is another account's."""

    status = 404
    code = "record_not_found"

    def __init__(self, record_id: str) -> None:
        super().__init__(
            f"There is no record {record_id[:64]!r}. It may have expired: `antiphon records list` shows those left."
        )


class RecordingNotFound(ApiError):
    """404: a record has no recording of that name."""

    status = 404
    code = "recording_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"The record has no recording {name[:64]!r}: its `audio` names those it has.")


class RecordUnreadable(ApiError):
    """500: a record was encrypted with another key than the server has now."""

    code = "record_unreadable"


class PermissionDenied(ApiError):
    """401: a token that is right, of a principal that has no role for what it asks."""

    status = 401
    code = "PermissionDenied"

    def __init__(self, principal_id: str, action: str, operation: str) -> None:
        super().__init__(
            f"The principal `{principal_id}` lacks the required data action `{action}` to perform `{operation}` "
            "operation."
        )


class AuthenticationTypeDisabled(ApiError):
    """403: a key, right or wrong, for an account that only tokens open."""

    status = 403
    code = "AuthenticationTypeDisabled"

    def __init__(self) -> None:
        super().__init__("Key based authentication is disabled for this resource.")


class ManagementTokenInvalid(ApiError):
    """401: no token, or one that opens nothing, where accounts are managed. The log says what is wrong with it."""

    status = 401
    code = "InvalidAuthenticationToken"

    def __init__(self) -> None:
        super().__init__("The access token is missing or invalid.")


class AuthorizationFailed(ApiError):
    """403: a token that is right, of a principal that has no role for what it asks where accounts are managed."""

    status = 403
    code = "AuthorizationFailed"

    def __init__(self, *, client_id: str, principal_id: str, action: str, scope: str) -> None:
        super().__init__(
            f"The client '{client_id}' with object id '{principal_id}' does not have authorization to perform action "
            f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh "
            "your credentials."
        )


class SessionExpired(ApiError):
    """401: the portal asks without a session, or with one that has ended."""

    status = 401
    code = "session_expired"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in, or your session has ended. Sign in again: on the server's machine, `antiphon "
            "portal` prints a link."
        )


class InvalidSignInCode(ApiError):
    """401: a code that was never given, has been used, or is too old."""

    status = 401
    code = "invalid_sign_in_code"

    def __init__(self) -> None:
        super().__init__(
            "This link has been used already, or is too old. For a new one, run `antiphon portal` on the server's "
            "machine."
        )


class PortalNotBuilt(ApiError):
    """404: the server has been installed without the portal's pages."""

    status = 404
    code = "portal_not_built"

    def __init__(self) -> None:
        super().__init__("The portal's pages are not here: `make portal` builds them. Then start the server again.")


class PortalHeaderMissing(ApiError):
    """403: a request to the portal that any web page could have made a browser send."""

    status = 403
    code = "portal_header_missing"

    def __init__(self) -> None:
        super().__init__("Only the portal itself may ask this: send the header 'x-antiphon-portal: 1'.")


class ResourceNotFound(ApiError):
    """404: no such route, or an API version that is missing or unknown."""

    status = 404
    code = "404"

    def __init__(self) -> None:
        super().__init__("Resource not found")


class DeploymentNotFound(ApiError):
    """404: the account has no deployment of that name."""

    status = 404
    code = "DeploymentNotFound"

    def __init__(self) -> None:
        super().__init__(
            "The API deployment for this resource does not exist. If you created the deployment within the last "
            "5 minutes, please wait a moment and try again."
        )


class ModelIsAmbiguous(DeploymentNotFound):
    """The same, for who named a model of which the account has several deployments."""

    def __init__(self, model: str, deployments: Sequence[str]) -> None:
        ApiError.__init__(
            self,
            f"The API deployment for this resource does not exist. There are several deployments of the model "
            f"{model[:64]!r}: {', '.join(deployments)}. Name the one that you mean as 'model'.",
        )


class DeploymentMissing(DeploymentNotFound):
    """The same, told on the command line."""

    def __init__(self, name: str, *, account: str) -> None:
        AntiphonError.__init__(self, f"The account {account!r} has no deployment named {name!r}.")


class AccountNotFound(ApiError):
    """404: there is no account (resource) of that name."""

    status = 404
    code = "ResourceNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account named {name!r}.")


class OperationNotSupported(ApiError):
    """400: the deployment's model cannot do what the route is for."""

    status = 400
    code = "OperationNotSupported"

    def __init__(self, operation: str, model: str) -> None:
        super().__init__(
            f"The {operation} operation does not work with the specified model, {model}. Please choose different "
            "model and try again. You can learn more about which models can be used with each operation here: "
            "https://go.microsoft.com/fwlink/?linkid=2197993."
        )


class MethodNotAllowed(ApiError):
    status = 405
    code = "405"

    def __init__(self) -> None:
        super().__init__("Method not allowed")


class MalformedRequest(ApiError):
    """400: what was sent is no HTTP, or more of it than a server has to read."""

    status = 400
    code = "400"

    def __init__(self) -> None:
        super().__init__("The request is not well-formed HTTP/1.1.")


class UrlTooLong(ApiError):
    status = 414
    code = "414"

    def __init__(self, *, max_bytes: int) -> None:
        super().__init__(f"The URL is too long: it may have {max_bytes} bytes. Send in the body what can stand there.")


class HeadersTooLarge(ApiError):
    status = 431
    code = "431"

    def __init__(self, *, max_bytes: int, max_count: int) -> None:
        super().__init__(
            f"The headers are too large: there may be {max_count} of them, and {max_bytes} bytes with the request line."
        )


class RequestTimeout(ApiError):
    """408: a request does not come to its end."""

    status = 408
    code = "408"

    def __init__(self) -> None:
        super().__init__("The request took too long to arrive. Please retry over a faster connection.")


class TooManyConnections(ApiError):
    """503: as many connections are open as the server can have, and none of them is idle."""

    status = 503
    code = "503"
    retry_after_seconds = 5.0

    def __init__(self) -> None:
        super().__init__("The server has too many connections. Please retry after 5 seconds.")


class PayloadTooLarge(ApiError):
    """413: the body is larger than any request may be."""

    status = 413
    code = "413"


class ServerBusy(ApiError):
    """429: more work is waiting for an engine than it can do in reasonable time."""

    status = 429
    code = "429"
    retry_after_seconds = 2.0

    def __init__(self) -> None:
        super().__init__("The server is busy with other requests. Please retry after 2 seconds.")


class RateLimitExceeded(ApiError):
    """429: the deployment has used up what its capacity allows in the window of time that is under way."""

    status = 429
    code = "429"
    _WORDS: ClassVar[dict[str, str]] = {"requests": "call", "tokens": "token"}

    def __init__(
        self,
        exceeded: Literal["requests", "tokens"],
        *,
        retry_after_seconds: float,
        operation: str = "ChatCompletions_Create",
        api_version: str = "v1",
    ) -> None:
        self.exceeded: Literal["requests", "tokens"] = exceeded
        self.retry_after_seconds = retry_after_seconds
        self._seconds = retry_after_seconds
        super().__init__(
            f"Requests to the {operation} Operation under Azure OpenAI API version {api_version} have exceeded "
            f"{self._WORDS[exceeded]} rate limit of your current OpenAI S0 pricing tier. Please retry after "
            f"{math.ceil(retry_after_seconds)} seconds. Please go here: https://aka.ms/oai/quotaincrease if you would "
            "like to further increase the default rate limit."
        )

    def asked_of(self, operation: str, api_version: str) -> RateLimitExceeded:
        """The same, in the words of one operation: those who count do not know what for."""
        return RateLimitExceeded(
            self.exceeded, retry_after_seconds=self._seconds, operation=operation, api_version=api_version
        )


class RequestTooLarge(ApiError):
    """429: one request may take more tokens than the deployment has in a whole minute, so that waiting is no use."""

    status = 429
    code = "429"

    def __init__(self, *, limit_tokens: int, tokens: int) -> None:
        super().__init__(
            f"Request too large: the deployment has {limit_tokens} tokens a minute, and this request may take "
            f"{tokens}. Retrying does not help. Send a shorter conversation, lower max_tokens or n, or have the "
            "deployment's capacity raised."
        )


class EngineFailed(ApiError):
    """500: an engine broke while it worked. The log has the cause under the request's id."""

    status = 500
    code = "InternalServerError"

    def __init__(self) -> None:
        super().__init__("The server had an error while processing your request. Sorry about that! Please retry.")


class StorageUnavailable(ApiError):
    """503: what the server has to write cannot be written, or what it has to read cannot be read."""

    status = 503
    code = "ServiceUnavailable"
    retry_after_seconds = 5.0

    def __init__(self, reason: str, *, advice: str) -> None:
        """`reason`, such as "the disk fails", is for everybody, `advice` for whoever runs the server."""
        super().__init__(f"The server's storage cannot be used: {reason}. Please retry later.")
        self.reason = reason
        self._advice = advice

    def told_to_operator(self, where: Path) -> StoreError:
        return StoreError(f"{where} cannot be used: {self.reason}. {self._advice}")


class StorageFull(StorageUnavailable):
    """507: there is no room left on the disk."""

    status = 507
    code = "InsufficientStorage"

    def __init__(self) -> None:
        super().__init__("the disk is full", advice="Free some space on it.")


class ManagementError(ApiError):
    """An error of resource management, told in Azure Resource Manager's words."""

    status = 400


class MissingApiVersion(ManagementError):
    code = "MissingApiVersionParameter"

    def __init__(self) -> None:
        super().__init__("The api-version query parameter (?api-version=) is required for all requests.")


class InvalidApiVersion(ManagementError):
    """What was named is no date, with or without `-preview`."""

    code = "InvalidApiVersionParameter"

    def __init__(self, version: str, *, supported: str) -> None:
        super().__init__(f"The api-version {version[:64]!r} is invalid. The supported versions are '{supported}'.")


class NoRegisteredProvider(ManagementError):
    """The version is older than those that are served."""

    code = "NoRegisteredProviderFound"

    def __init__(self, version: str, *, supported: str) -> None:
        super().__init__(
            f"No registered resource provider found for API version '{version}' for type 'accounts'. The supported "
            f"api-versions are '{supported}'."
        )


class InvalidSubscription(ManagementError):
    code = "InvalidSubscriptionId"

    def __init__(self, subscription_id: str) -> None:
        super().__init__(f"The provided subscription identifier {subscription_id[:64]!r} is malformed or invalid.")


class InvalidResourceGroup(ManagementError):
    code = "InvalidResourceGroup"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The provided resource group name {name[:90]!r} is not valid. It can have up to 90 letters, digits, '-', "
            "'.', '(', ')' or '_', and cannot end with '.'."
        )


class InvalidFilter(ManagementError):
    """A list's filter is not understood; `known` are the fields, and with brackets the functions, that would be."""

    code = "InvalidFilterInQueryString"

    def __init__(self, text: str, *, known: Iterable[str]) -> None:
        super().__init__(
            f'Invalid $filter {text[:128]!r} specified in the query string. It takes conditions such as "name eq '
            f"'contoso'\", joined by 'and', about {', '.join(sorted(known))}."
        )


class InvalidRequestContent(ManagementError):
    """The body is not JSON, or not of the shape that the operation takes."""

    code = "InvalidRequestContent"

    def __init__(self, found: str) -> None:
        super().__init__(f"The request content was invalid and could not be deserialized: '{found}'.")


class InvalidResourceName(ManagementError):
    """The name of an account or deployment is not one that can be given; `rule` says which can."""

    code = "InvalidResourceName"

    def __init__(self, name: str, rule: str) -> None:
        super().__init__(f"Resource name {name[:64]!r} is invalid. {rule}")


class InvalidResourceProperties(ManagementError):
    """Something that the body asks for is known, but not to be had."""

    code = "InvalidResourceProperties"


class InvalidTags(ManagementError):
    code = "InvalidTagNameOrValue"


class LocationRequired(ManagementError):
    code = "LocationRequired"

    def __init__(self) -> None:
        super().__init__("The location property is required for this definition.")


class LocationNotAvailable(ManagementError):
    """What was named as a location could be none."""

    code = "LocationNotAvailableForResourceType"

    def __init__(self, location: str) -> None:
        super().__init__(
            f"The provided location {location[:64]!r} is not available for resource type "
            "'Microsoft.CognitiveServices/accounts'. A location has letters and digits alone."
        )


class InvalidKind(ManagementError):
    code = "InvalidApiSetId"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The account type {kind[:64]!r} is either invalid or unavailable in given region. Use 'OpenAI' or "
            "'AIServices'."
        )


class InvalidSku(ManagementError):
    code = "InvalidSkuId"

    def __init__(self, sku_name: str) -> None:
        super().__init__(
            f"The account SKU {sku_name[:64]!r} is either invalid or unavailable in given region. Use 'S0'."
        )


class DeploymentModelNotSupported(ManagementError):
    code = "DeploymentModelNotSupported"

    def __init__(self, *, name: str, version: str | None, model_format: str = "OpenAI") -> None:
        super().__init__(
            f"The model 'Format: {model_format[:64]}, Name: {name[:64]}, Version: {(version or '')[:64]}' of account "
            "deployment is not supported."
        )


class InsufficientQuota(ManagementError):
    """The subscription's pool, or a number of resources, is used up."""

    code = "InsufficientQuota"

    def __init__(self, quota: str, *, required: int, used: int, limit: int, advice: str) -> None:
        super().__init__(
            f"This operation require {required} new capacity in quota {quota}, which is bigger than the current "
            f"available capacity {max(0, limit - used)}. The current quota usage is {used} and the quota limit is "
            f"{limit} for quota {quota}. {advice}"
        )


class KeysDisabled(ManagementError):
    """The account takes tokens alone, so its keys are not told."""

    code = "BadRequest"

    def __init__(self) -> None:
        super().__init__("Failed to list key. disableLocalAuth is set to be true")


class ManagedResourceNotFound(ManagementError):
    """404: there is no such account or deployment where the path looks for it."""

    status = 404
    code = "ResourceNotFound"

    def __init__(self, resource: str, *, resource_group: str) -> None:
        super().__init__(
            f"The Resource '{resource[:256]}' under resource group '{resource_group[:90]}' was not found. For more "
            "details please go to https://aka.ms/ARMResourceNotFoundFix"
        )


class ParentResourceNotFound(ManagementError):
    """404: the account that the deployment would belong to does not exist."""

    status = 404
    code = "ParentResourceNotFound"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Can not perform requested operation on nested resource. Parent resource '{account[:64]}' not found."
        )


class ResourceGroupNotFound(ManagementError):
    """404: no group of that name has been made in the subscription."""

    status = 404
    code = "ResourceGroupNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"Resource group '{name[:90]}' could not be found.")


class ResourceGroupElsewhere(ManagementError):
    """409: a group cannot move to another location."""

    status = 409
    code = "InvalidResourceGroupLocation"

    def __init__(self, location: str, *, wanted: str) -> None:
        super().__init__(
            f"Invalid resource group location '{wanted}'. The Resource group already exists in location '{location}'."
        )


class RoleDefinitionDoesNotExist(ManagementError):
    """404: there is no role of that id here."""

    status = 404
    code = "RoleDefinitionDoesNotExist"

    def __init__(self, role_id: str) -> None:
        super().__init__(
            f"The specified role definition with ID '{role_id[:256]}' does not exist. Those there are: az role "
            "definition list."
        )


class InvalidRoleAssignmentId(ManagementError):
    code = "InvalidRoleAssignmentId"

    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment ID '{name[:64]}' is not valid. The role assignment ID must be a GUID.")


class RoleAssignmentNotFound(ManagementError):
    """404: nor is one told of that was made on another scope than the path names."""

    status = 404
    code = "RoleAssignmentNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment '{name[:64]}' is not found.")


class RoleAssignmentExists(ManagementError):
    """409: the principal has that role on that scope, under another id."""

    status = 409
    code = "RoleAssignmentExists"

    def __init__(self, existing_id: str) -> None:
        super().__init__(
            "The role assignment already exists. The ID of the conflicting role assignment is "
            f"{existing_id.replace('-', '')}."
        )


class RoleAssignmentUpdateNotPermitted(ManagementError):
    """The id is that of an assignment of another role, to somebody else, or somewhere else."""

    code = "RoleAssignmentUpdateNotPermitted"

    def __init__(self) -> None:
        super().__init__("Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")


class InvalidPrincipalId(ManagementError):
    code = "InvalidPrincipalId"

    def __init__(self, principal_id: str) -> None:
        super().__init__(f"The Principal ID '{principal_id[:64]}' is not valid. Principal ID must be a GUID.")


class AssignedPrincipalNotFound(ManagementError):
    """A role is assigned to an object id that nobody has who could sign in here."""

    code = "PrincipalNotFound"

    def __init__(self, principal_id: str, *, tenant_id: str) -> None:
        super().__init__(
            f"Principal {principal_id.replace('-', '')} does not exist in the directory {tenant_id}. Check that you "
            "have the correct principal ID: the object id, not the client id. Those there are: az ad sp list --all."
        )


class UnmatchedPrincipalType(ManagementError):
    code = "UnmatchedPrincipalType"

    def __init__(self, principal_id: str, *, actual: str, named: str) -> None:
        super().__init__(
            f"The PrincipalId '{principal_id}' has type '{actual}', which is different from specified PrincipalType "
            f"'{named[:64]}'."
        )


class PrincipalTypeNotSupported(ManagementError):
    """A role of a group's, for one, would let in nobody: whose members there are is not looked up."""

    code = "PrincipalTypeNotSupported"

    def __init__(self, principal_type: str) -> None:
        super().__init__(
            f"Principals of type {principal_type[:64]!r} cannot validly be used in role assignments. Use "
            "'ServicePrincipal' or 'User'."
        )


class RoleAssignmentConditionNotSupported(ManagementError):
    """The role would be given without its condition, which nobody wants."""

    code = "RoleAssignmentConditionNotSupported"

    def __init__(self) -> None:
        super().__init__("Conditions are not looked at here. Assign the role without condition, or another role.")


class AccountNameTaken(ManagementError):
    """409: the name is another account's, in another resource group or subscription."""

    status = 409
    code = "CustomDomainInUse"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Please pick a different name. The subdomain name '{name}' is not available as it's already used by a "
            "resource."
        )


class AccountElsewhere(ManagementError):
    """409: an account cannot move to another location."""

    status = 409
    code = "InvalidResourceLocation"

    def __init__(self, name: str, *, location: str, resource_group: str, wanted: str) -> None:
        super().__init__(
            f"The resource '{name}' already exists in location '{location}' in resource group '{resource_group}'. A "
            f"resource with the same name cannot be created in location '{wanted}'. Please select a new resource name."
        )


class AccountHasDeployments(ManagementError):
    """409: an account is deleted after its deployments."""

    status = 409
    code = "CannotDeleteResource"

    def __init__(self, account: str, deployments: list[str]) -> None:
        ids = ", ".join(f"Microsoft.CognitiveServices/accounts/{account}/deployments/{each}" for each in deployments)
        super().__init__(
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
            f"'{ids}'. Please delete all nested resources before deleting this resource."
        )


class TokenRefused(AntiphonError):
    """What is wrong with a token: for the log, never for whoever sent it."""


class IssuerUnreachable(AntiphonError):
    """The keys of a token's issuer cannot be had at the moment, nor can it be asked for a token."""


class SignInRefused(AntiphonError):
    """Somebody asks the local authority for a token that it does not give. `error` is OAuth's word for it."""

    def __init__(self, error: str, aadsts: int, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.error = error
        self.aadsts = aadsts
        """Entra's number for what is wrong."""
        self.status = status


class DirectoryError(ApiError):
    """The directory is asked in the shapes of Microsoft Graph, and told so in its words."""


class DirectoryTokenInvalid(DirectoryError):
    """401: a token that is missing, or wrong in any way; the log says in which."""

    status = 401
    code = "InvalidAuthenticationToken"

    def __init__(self) -> None:
        super().__init__("Access token is empty, or its validation has failed.")


class DirectoryAccessDenied(DirectoryError):
    """403: of somebody without a role that shows who has which, who asks about others."""

    status = 403
    code = "Authorization_RequestDenied"

    def __init__(self) -> None:
        super().__init__("Insufficient privileges to complete the operation.")


class DirectoryObjectNotFound(DirectoryError):
    status = 404
    code = "Request_ResourceNotFound"

    def __init__(self, object_id: str) -> None:
        super().__init__(
            f"Resource '{object_id[:128]}' does not exist or one of its queried reference-property objects are not "
            "present."
        )


class NoSignedInUser(DirectoryError):
    """Only applications sign in at the local authority."""

    status = 400
    code = "BadRequest"

    def __init__(self) -> None:
        super().__init__("/me request is only valid with delegated authentication flow.")


class UnsupportedDirectoryQuery(DirectoryError):
    status = 400
    code = "Request_UnsupportedQuery"

    def __init__(self, what: str) -> None:
        super().__init__(f"Unsupported or invalid query: {what[:256]}.")


class IdentityError(ApiError):
    """Something about principals and roles cannot be done."""

    status = 400


class PrincipalNotFound(IdentityError):
    status = 404
    code = "principal_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no principal {name!r}. Those there are: `antiphon principals list`.")


class PrincipalExists(IdentityError):
    status = 409
    code = "principal_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a principal named {name!r} already. Choose another name, or remove that one.")


class InvalidPrincipal(IdentityError):
    """A name that no principal may have, or something that one may not suffer."""

    code = "invalid_principal"


class RoleNotFound(IdentityError):
    code = "role_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no role {name!r}. Those there are: `antiphon roles definitions`.")


class RoleNotAssigned(IdentityError):
    status = 404
    code = "role_not_assigned"

    def __init__(self, principal: str, role: str, where: str) -> None:
        super().__init__(
            f"{principal!r} does not have the role {role} on {where}. To see who has which: `antiphon roles list`."
        )


class ConfigurationError(AntiphonError):
    """A setting is wrong: told to the operator at start."""


class ServerNotRunning(AntiphonError):
    """A command about a running server finds none, or several: told to the operator."""


class StoreError(AntiphonError):
    """Something about the database or the files beside it went wrong: told to the operator."""


class DatabaseTooNew(StoreError):
    """A later version of Antiphon has written to the database; this one could only harm it."""


class BlobNotFound(StoreError):
    """There is no blob of that name."""


class SealBroken(StoreError):
    """What is stored encrypted cannot be decrypted with the key at hand."""


class ModelError(AntiphonError):
    """Something about model files went wrong: told to the operator."""


class ModelNotFound(ApiError):
    """404: the catalogue has no such model."""

    status = 404
    code = "model_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name[:64]!r}. Those there are: `antiphon models list`.")


class SourceUnreachable(ModelError):
    """One source of a model's files cannot be reached; the next one is tried."""


class HashMismatch(ModelError):
    """A file's bytes are not those the catalogue names."""


class DiskFull(ModelError):
    """Too little free disk for the files to be fetched."""
