"""Errors as responses."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from antiphon.api.domain_errors import as_api_error
from antiphon.api.errors import ApiError, MethodNotAllowed, ResourceNotFound
from antiphon.errors import AntiphonError

JSON = "application/json; charset=utf-8"
CLIENT_CLOSED_REQUEST = 499
"""The status logged for a request whose client went away; nobody receives it."""


def error_handlers() -> dict[Any, ExceptionHandler]:
    """Answer what routes and the framework raise deliberately. `RequestLog` answers the rest."""
    return {AntiphonError: _answer_error, HTTPException: _answer_http_exception, ClientDisconnect: _answer_nobody}


def error_response(error: ApiError) -> Response:
    """The error as a complete response."""
    return Response(msgspec.json.encode(error.body()), error.status, error.headers(), JSON)


async def _answer_error(_: Request, error: Exception) -> Response:
    return error_response(as_api_error(error))


async def _answer_http_exception(_: Request, error: Exception) -> Response:
    """Answer an error of the framework's own: no such route, or no such method on it."""
    is_method = isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status
    return error_response(MethodNotAllowed() if is_method else ResourceNotFound())


async def _answer_nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)
