"""The application: each operation under every path that a client may know it by."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import FastAPI
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from antiphon.api import listing
from antiphon.api.chat.completions import ChatCompletions
from antiphon.api.chat.stored_completions import StoredCompletionRoutes
from antiphon.api.data_plane import DataAuthorizer
from antiphon.api.error_responses import add_error_handlers, error_response
from antiphon.api.errors import ResourceNotFound
from antiphon.api.health import Health
from antiphon.api.management.graph import GraphRoutes, add_graph_routes
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.routes import add_management_routes
from antiphon.api.portal.headers import PortalHeaders
from antiphon.api.portal.routes import add_portal_routes
from antiphon.api.portal.services import PortalServices
from antiphon.api.prefix import Prefix, check_prefix
from antiphon.api.realtime.endpoint import Realtime, Route
from antiphon.api.request_log import RequestLog
from antiphon.api.sign_in.authority import Authority, add_authority_routes
from antiphon.api.versions import check_dated_version, check_v1_version
from antiphon.identity.roles import DataAction
from antiphon.resources.deployments import Deployment, Deployments

Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_V1_PREFIXES = ("/openai/v1", "/v1")


def create_api(lifespan: Lifespan, *, prefix: str = "") -> FastAPI:
    """The application. `lifespan` makes the `Services` and leaves them in `api.state.services`.

    Raises `ConfigurationError` for a path prefix that could be taken for a path.
    """
    api = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.add_middleware(RequestLog)
    api.add_middleware(PortalHeaders)
    add_error_handlers(api)
    api.add_api_route("/health", _health)
    add_authority_routes(api, lambda request: _services(request).authority)
    add_graph_routes(api, lambda request: _services(request).graph)
    _add_dated_routes(api)
    for base in _V1_PREFIXES:
        _add_v1_routes(api, base)
    add_management_routes(api)
    add_portal_routes(api)
    _add_websockets(api)
    if prefix:
        check_prefix(prefix, api.routes)
        api.add_middleware(Prefix, prefix=prefix)
    return api


async def _health(request: Request) -> Response:
    return await _services(request).health.answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the routes stand in front of."""

    health: Health
    authorizer: DataAuthorizer
    authority: Authority
    graph: GraphRoutes
    deployments: Deployments
    chat: ChatCompletions
    stored_completions: StoredCompletionRoutes
    realtime: Realtime
    management: ManagementPlane
    portal: PortalServices


def _services(connection: HTTPConnection) -> Services:
    return connection.app.state.services


async def _deployments(request: Request) -> tuple[Deployment, ...]:
    """Those of the account that asks."""
    caller = await _services(request).authorizer.authorize(request, DataAction.READ)
    return await _services(request).deployments.list(caller.account.id)


async def _deployment(request: Request, name: str) -> Deployment:
    caller = await _services(request).authorizer.authorize(request, DataAction.READ)
    return await _services(request).deployments.get(caller.account.id, name)


async def _deployment_meant_by(request: Request, model: str) -> Deployment:
    caller = await _services(request).authorizer.authorize(request, DataAction.READ)
    return await _services(request).deployments.meant_by(caller.account.id, model)


def _add_dated_routes(api: FastAPI) -> None:
    @api.post("/openai/deployments/{deployment}/chat/completions")
    async def create_chat_completion(request: Request, deployment: str) -> Response:
        check_dated_version(request)
        return await _services(request).chat.create(request, deployment=deployment)

    @api.get("/openai/models")
    async def list_models(request: Request) -> Response:
        check_dated_version(request)
        await _services(request).authorizer.authorize(request, DataAction.READ)
        return JSONResponse(listing.azure_models())

    @api.get("/openai/deployments")
    async def list_deployments(request: Request) -> Response:
        check_dated_version(request)
        return JSONResponse(listing.azure_deployments(await _deployments(request)))

    @api.get("/openai/deployments/{deployment}")
    async def get_deployment(request: Request, deployment: str) -> Response:
        check_dated_version(request)
        return JSONResponse(listing.azure_deployment(await _deployment(request, deployment)))


def _add_v1_routes(api: FastAPI, prefix: str) -> None:
    @api.post(f"{prefix}/chat/completions")
    async def create_chat_completion(request: Request) -> Response:
        check_v1_version(request)
        return await _services(request).chat.create(request, deployment=None)

    @api.get(f"{prefix}/chat/completions")
    async def list_chat_completions(request: Request) -> Response:
        check_v1_version(request)
        return await _services(request).stored_completions.list(request)

    @api.get(f"{prefix}/chat/completions/{{completion}}")
    async def get_chat_completion(request: Request, completion: str) -> Response:
        check_v1_version(request)
        return await _services(request).stored_completions.get(request, completion)

    @api.get(f"{prefix}/chat/completions/{{completion}}/messages")
    async def list_messages(request: Request, completion: str) -> Response:
        check_v1_version(request)
        return await _services(request).stored_completions.messages(request, completion)

    @api.post(f"{prefix}/chat/completions/{{completion}}")
    async def update_chat_completion(request: Request, completion: str) -> Response:
        check_v1_version(request)
        return await _services(request).stored_completions.update(request, completion)

    @api.delete(f"{prefix}/chat/completions/{{completion}}")
    async def delete_chat_completion(request: Request, completion: str) -> Response:
        check_v1_version(request)
        return await _services(request).stored_completions.delete(request, completion)

    @api.get(f"{prefix}/models")
    async def list_models(request: Request) -> Response:
        check_v1_version(request)
        return JSONResponse(listing.openai_models(await _deployments(request)))

    @api.get(f"{prefix}/models/{{model}}")
    async def get_model(request: Request, model: str) -> Response:
        check_v1_version(request)
        return JSONResponse(listing.openai_model(await _deployment_meant_by(request, model)))


def _add_websockets(api: FastAPI) -> None:
    @api.websocket("/openai/realtime")
    async def open_beta(socket: WebSocket) -> None:
        await _services(socket).realtime.serve(socket, Route.AZURE_BETA)

    @api.websocket("/openai/deployments/{deployment}/realtime")
    async def open_beta_of_deployment(socket: WebSocket, deployment: str) -> None:
        """Where an `AzureOpenAI` client that was made for one deployment looks for it."""
        await _services(socket).realtime.serve(socket, Route.AZURE_BETA, deployment=deployment)

    @api.websocket("/openai/v1/realtime")
    async def open_ga(socket: WebSocket) -> None:
        await _services(socket).realtime.serve(socket, Route.AZURE_GA)

    @api.websocket("/v1/realtime")
    async def open_as_openai(socket: WebSocket) -> None:
        await _services(socket).realtime.serve(socket, Route.OPENAI)

    @api.websocket("/{path:path}")
    async def refuse(socket: WebSocket) -> None:
        await socket.send_denial_response(error_response(ResourceNotFound()))
