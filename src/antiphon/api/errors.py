"""Errors as responses: every body in Azure's shape, none with anything of the server's inside in it."""

from __future__ import annotations

import logging
import math
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from antiphon.errors import (
    AccessDenied,
    ApiError,
    EngineFailed,
    InvalidToken,
    ManagementTokenInvalid,
    MethodNotAllowed,
    RateLimitExceeded,
    RequestTooLarge,
    ResourceNotFound,
)

_log = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"
CLIENT_CLOSED_REQUEST = 499
"""What logs say of a request whose client went away; nobody receives it."""


def add_error_handlers(api: FastAPI) -> None:
    """Answer what routes and the framework raise on purpose. `RequestLog` answers the rest."""
    api.add_exception_handler(ApiError, _answer_api_error)
    api.add_exception_handler(HTTPException, _answer_http_exception)
    api.add_exception_handler(ClientDisconnect, _answer_nobody)


def error_body(error: ApiError) -> dict[str, Any]:
    """The JSON that tells a client of an error."""
    if isinstance(error, InvalidToken):
        return {"statusCode": error.status, "message": error.message}
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.type is not None:
        body |= {"type": error.type, "param": error.param}
    return {"error": body}


def error_response(error: ApiError) -> Response:
    """The whole response; an error that says when to retry says it in the headers, too."""
    headers: dict[str, str] = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after_seconds))
        headers["retry-after-ms"] = str(round(error.retry_after_seconds * 1000))
    if isinstance(error, RateLimitExceeded):
        headers[f"x-ratelimit-reset-{error.exceeded}"] = headers["Retry-After"]
    if isinstance(error, RequestTooLarge):
        headers["x-should-retry"] = "false"
    if isinstance(error, AccessDenied | InvalidToken | ManagementTokenInvalid):
        headers["WWW-Authenticate"] = 'Bearer authorization_uri="https://login.microsoftonline.com/common"'
    return Response(msgspec.json.encode(error_body(error)), error.status, headers, JSON)


def as_api_error(error: Exception) -> ApiError:
    """The error to tell a client of: itself, or for a fault of ours one that tells nothing but that it is one."""
    if isinstance(error, ApiError):
        return error
    _log.error("A request failed", exc_info=error)
    return EngineFailed()


async def _answer_api_error(_: Request, error: Exception) -> Response:
    return error_response(as_api_error(error))


async def _answer_http_exception(_: Request, error: Exception) -> Response:
    """The framework's own: no such route, or no such method on it."""
    is_method = isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status
    return error_response(MethodNotAllowed() if is_method else ResourceNotFound())


async def _answer_nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)
