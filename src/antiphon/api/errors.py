"""Errors as the API reports them to clients: status, headers and body, in Azure's and OpenAI's shapes.

Errors that any route may raise are here; folders of the API define others of their own. What the packages below raise
knows nothing of HTTP: `domain_errors` turns it into an `ApiError`.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from antiphon.errors import AntiphonError


class ApiError(AntiphonError):
    """An error that is reported to a client of the API."""

    status = 500
    code: str | None = "InternalServerError"
    """Azure's error code, as in the body."""
    type: str | None = None
    """OpenAI's error type; only if it is set does the body have it, and `param`."""
    param: str | None = None
    retry_after_seconds: float | None = None

    def headers(self) -> dict[str, str]:
        """The headers that accompany the body."""
        if self.retry_after_seconds is None:
            return {}
        return {
            "Retry-After": str(math.ceil(self.retry_after_seconds)),
            "retry-after-ms": str(round(self.retry_after_seconds * 1000)),
        }

    def body(self) -> dict[str, Any]:
        """The JSON that reports the error, revealing nothing of the server's internals."""
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.type is not None:
            told |= {"type": self.type, "param": self.param}
        return {"error": told}


class InternalError(ApiError):
    """500: a fault of the server's own. The log has the cause under the request's id."""

    def __init__(self) -> None:
        super().__init__("The server had an error while processing your request. Sorry about that! Please retry.")


# --- callers ----------------------------------------------------------------------------------------------------------


class BearerWanted(ApiError):
    """A 401 that says where to get a token."""

    status = 401

    def headers(self) -> dict[str, str]:
        challenge = 'Bearer authorization_uri="https://login.microsoftonline.com/common"'
        return {**super().headers(), "WWW-Authenticate": challenge}


class AccessDenied(BearerWanted):
    """401: a missing or wrong key."""

    code = "401"

    def __init__(self) -> None:
        super().__init__(
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key "
            "for an active subscription and use a correct regional API endpoint for your resource."
        )


class InvalidToken(BearerWanted):
    """401: a bearer token that gives no access here."""

    code = "401"

    def __init__(self) -> None:
        super().__init__(
            "Unauthorized. Access token is missing, invalid, audience is incorrect "
            "(https://cognitiveservices.azure.com), or have expired."
        )

    def body(self) -> dict[str, Any]:
        return {"statusCode": self.status, "message": self.message}


class PermissionDenied(ApiError):
    """401: a valid token of a principal without a role for the request."""

    status = 401
    code = "PermissionDenied"

    def __init__(self, principal_id: str, action: str, operation: str) -> None:
        super().__init__(
            f"The principal `{principal_id}` lacks the required data action `{action}` to perform `{operation}` "
            "operation."
        )


class AuthenticationTypeDisabled(ApiError):
    """403: a key, right or wrong, for an account that accepts only tokens."""

    status = 403
    code = "AuthenticationTypeDisabled"

    def __init__(self) -> None:
        super().__init__("Key based authentication is disabled for this resource.")


class SessionExpired(ApiError):
    """401: a request from the portal without a session, or with one that has ended."""

    status = 401
    code = "session_expired"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in, or your session has ended. Sign in again: on the server's machine, `antiphon "
            "portal` prints a link."
        )


# --- requests ---------------------------------------------------------------------------------------------------------


class ResourceNotFound(ApiError):
    """404: no such route, or an API version that is missing or unknown."""

    status = 404
    code = "404"

    def __init__(self) -> None:
        super().__init__("Resource not found")


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


class RequestTimeout(ApiError):
    """408: a request that does not arrive in full."""

    status = 408
    code = "408"

    def __init__(self) -> None:
        super().__init__("The request took too long to arrive. Please retry over a faster connection.")


class PayloadTooLarge(ApiError):
    """413: a body larger than any request may have."""

    status = 413
    code = "413"


class TooManyRequests(ApiError):
    """429: a deployment's rate limit is used up, reported in the words of the operation that was refused."""

    status = 429
    code = "429"

    def __init__(
        self,
        exceeded: Literal["requests", "tokens"],
        *,
        retry_after_seconds: float,
        operation: str,
        api_version: str,
    ) -> None:
        super().__init__(
            f"Requests to the {operation} Operation under Azure OpenAI API version {api_version} have exceeded "
            f"{'call' if exceeded == 'requests' else 'token'} rate limit of your current OpenAI S0 pricing tier. "
            f"Please retry after {math.ceil(retry_after_seconds)} seconds. Please go here: "
            "https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."
        )
        self.exceeded: Literal["requests", "tokens"] = exceeded
        self.retry_after_seconds = retry_after_seconds

    def headers(self) -> dict[str, str]:
        headers = super().headers()
        return {**headers, f"x-ratelimit-reset-{self.exceeded}": headers["Retry-After"]}
