"""The application: each operation, under every path by which a client may know it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from antiphon.api import listing
from antiphon.api.audio.books import BookRoutes
from antiphon.api.audio.speech import Speech
from antiphon.api.audio.transcriptions import Transcriptions
from antiphon.api.calls.calls import Calls
from antiphon.api.chat.completions import ChatCompletions
from antiphon.api.chat.stored_completions import StoredCompletionRoutes
from antiphon.api.cors import Cors
from antiphon.api.data_plane import DataAuthorizer
from antiphon.api.draining import Admission, Draining
from antiphon.api.error_responses import error_handlers, error_response
from antiphon.api.errors import ResourceNotFound
from antiphon.api.health import Health
from antiphon.api.management.endpoints import describe_cloud
from antiphon.api.management.graph import GRAPH_TABLE, GraphRoutes
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.routes import management_routes
from antiphon.api.measures import ApiMeasures
from antiphon.api.metrics import Metrics
from antiphon.api.portal.headers import PortalHeaders
from antiphon.api.portal.routes import portal_routes
from antiphon.api.portal.services import PortalServices
from antiphon.api.prefix import Prefix, check_prefix
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.realtime.endpoint import Route as RealtimeRoute
from antiphon.api.realtime.secrets import ClientSecretRoutes
from antiphon.api.request_log import RequestLog
from antiphon.api.routing import Table, routes
from antiphon.api.sign_in.authority import AUTHORITY_TABLE, Authority
from antiphon.api.traced import Traced
from antiphon.api.versions import check_dated_version, check_v1_version
from antiphon.identity.roles import DataAction
from antiphon.resources.deployments import Deployments
from antiphon.telemetry.tracing import Tracing

Lifespan: TypeAlias = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_api(
    lifespan: Lifespan,
    *,
    prefix: str = "",
    origins: Sequence[str] = (),
    draining: Draining | None = None,
    measures: ApiMeasures | None = None,
) -> Starlette:
    """The application. `lifespan` makes the `Services` and leaves them in `api.state.services`; `draining` and
    `measures` are theirs. `origins` are those whose pages may call the data plane.

    Raises `ConfigurationError` for a path prefix that could be mistaken for a path.
    """
    middleware = [
        Middleware(PortalHeaders),
        Middleware(RequestLog, measures=measures),
        Middleware(Cors, origins=origins),
    ]
    if draining is not None:
        middleware.append(Middleware(Admission, draining=draining))
    middleware.append(Middleware(Traced))
    if prefix:
        check_prefix(prefix, _routes())
        middleware.insert(0, Middleware(Prefix, prefix=prefix))
    api = Starlette(
        routes=list(_routes()), middleware=middleware, exception_handlers=error_handlers(), lifespan=lifespan
    )
    api.router.redirect_slashes = False
    return api


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services behind the routes."""

    health: Health
    metrics: Metrics
    tracing: Tracing
    authorizer: DataAuthorizer
    authority: Authority
    graph: GraphRoutes
    deployments: Deployments
    chat: ChatCompletions
    stored_completions: StoredCompletionRoutes
    speech: Speech
    books: BookRoutes
    client_secrets: ClientSecretRoutes
    transcriptions: Transcriptions
    realtime: Realtime
    calls: Calls
    management: ManagementPlane
    portal: PortalServices


def _services(connection: HTTPConnection) -> Services:
    return connection.app.state.services


async def _health(services: Services, _: Request) -> Response:
    return await services.health.answer()


async def _ready(services: Services, _: Request) -> Response:
    return await services.health.answer_readiness()


async def _metrics(services: Services, request: Request) -> Response:
    return await services.metrics.answer(request)


async def _create_chat_completion(services: Services, request: Request) -> Response:
    return await services.chat.create(request, deployment=request.path_params.get("deployment"))


async def _create_speech(services: Services, request: Request) -> Response:
    return await services.speech.create(request, deployment=request.path_params.get("deployment"))


async def _create_transcription(services: Services, request: Request) -> Response:
    return await services.transcriptions.create(request, deployment=request.path_params.get("deployment"))


async def _create_translation(services: Services, request: Request) -> Response:
    return await services.transcriptions.translate(request, deployment=request.path_params.get("deployment"))


async def _list_azure_models(services: Services, request: Request) -> Response:
    await services.authorizer.authorize(request, DataAction.READ)
    return JSONResponse(listing.azure_models())


async def _list_azure_deployments(services: Services, request: Request) -> Response:
    caller = await services.authorizer.authorize(request, DataAction.READ)
    return JSONResponse(listing.azure_deployments(await services.deployments.list(caller.account.id)))


async def _get_azure_deployment(services: Services, request: Request) -> Response:
    caller = await services.authorizer.authorize(request, DataAction.READ)
    found = await services.deployments.get(caller.account.id, request.path_params["deployment"])
    return JSONResponse(listing.azure_deployment(found))


async def _list_openai_models(services: Services, request: Request) -> Response:
    caller = await services.authorizer.authorize(request, DataAction.READ)
    return JSONResponse(listing.openai_models(await services.deployments.list(caller.account.id)))


async def _get_openai_model(services: Services, request: Request) -> Response:
    caller = await services.authorizer.authorize(request, DataAction.READ)
    found = await services.deployments.meant_by(caller.account.id, request.path_params["model"])
    return JSONResponse(listing.openai_model(found))


_UNVERSIONED: Table[Services] = (
    ("GET", "/health", _health),
    ("GET", "/ready", _ready),
    ("GET", "/metrics", _metrics),
)
_DATED: Table[Services] = (
    ("POST", "/openai/deployments/{deployment}/chat/completions", _create_chat_completion),
    ("POST", "/openai/deployments/{deployment}/audio/speech", _create_speech),
    ("POST", "/openai/deployments/{deployment}/audio/transcriptions", _create_transcription),
    ("POST", "/openai/deployments/{deployment}/audio/translations", _create_translation),
    ("GET", "/openai/models", _list_azure_models),
    ("GET", "/openai/deployments", _list_azure_deployments),
    ("GET", "/openai/deployments/{deployment}", _get_azure_deployment),
)
_V1: Table[Services] = tuple(
    (method, f"{base}/{path}", operation)
    for base in ("/openai/v1", "/v1")
    for method, path, operation in (
        ("POST", "chat/completions", _create_chat_completion),
        ("POST", "audio/speech", _create_speech),
        ("POST", "audio/transcriptions", _create_transcription),
        ("POST", "audio/translations", _create_translation),
        ("GET", "models", _list_openai_models),
        ("GET", "models/{model}", _get_openai_model),
    )
)
_V1_STORED: Table[StoredCompletionRoutes] = tuple(
    (method, f"{base}/chat/completions{path}", operation)
    for base in ("/openai/v1", "/v1")
    for method, path, operation in (
        ("GET", "", StoredCompletionRoutes.list),
        ("GET", "/{completion}", StoredCompletionRoutes.get),
        ("GET", "/{completion}/messages", StoredCompletionRoutes.messages),
        ("POST", "/{completion}", StoredCompletionRoutes.update),
        ("DELETE", "/{completion}", StoredCompletionRoutes.delete),
    )
)
_BOOKS: Table[BookRoutes] = tuple(
    (method, f"{base}/books{path}", operation)
    for base in ("/openai/v1", "/v1")
    for method, path, operation in (
        ("POST", "", BookRoutes.create),
        ("GET", "", BookRoutes.list),
        ("GET", "/{book}", BookRoutes.get),
        ("DELETE", "/{book}", BookRoutes.delete),
        ("POST", "/{book}/cancel", BookRoutes.cancel),
        ("GET", "/{book}/content", BookRoutes.content),
        ("GET", "/{book}/chapters/{chapter}/content", BookRoutes.chapter),
    )
)
"""An extension: neither Azure nor OpenAI makes audiobooks."""
_SECRETS_DATED: Table[ClientSecretRoutes] = (
    ("POST", "/openai/realtimeapi/sessions", ClientSecretRoutes.create_session),
    ("POST", "/openai/realtimeapi/transcription_sessions", ClientSecretRoutes.create_transcription_session),
)
_SECRETS_V1: Table[ClientSecretRoutes] = tuple(
    (method, f"{base}/realtime/{path}", operation)
    for base in ("/openai/v1", "/v1")
    for method, path, operation in (
        ("POST", "client_secrets", ClientSecretRoutes.create),
        ("POST", "sessions", ClientSecretRoutes.create_session),
        ("POST", "transcription_sessions", ClientSecretRoutes.create_transcription_session),
    )
)
_CALLS: Table[Calls] = tuple(
    (method, f"{base}/{path}", operation)
    for base in ("/openai/v1", "/v1")
    for method, path, operation in (
        ("POST", "realtime/calls", Calls.create),
        ("POST", "realtimertc", Calls.create_beta),
        ("POST", "realtime/calls/{call_id}/hangup", Calls.hang_up),
    )
)
_CLOUD: Table[Services] = (("GET", "/metadata/endpoints", describe_cloud),)
_WEBSOCKETS = (
    ("/openai/realtime", RealtimeRoute.AZURE_DATED),
    ("/openai/deployments/{deployment}/realtime", RealtimeRoute.AZURE_DATED),
    ("/openai/v1/realtime", RealtimeRoute.AZURE_V1),
    ("/v1/realtime", RealtimeRoute.OPENAI),
)
"""The second is the one that an `AzureOpenAI` client made for one deployment uses."""


def _routes() -> Iterator[BaseRoute]:
    """All routes; the first that matches a path answers."""
    yield from routes(_UNVERSIONED, _services)
    yield from routes(AUTHORITY_TABLE, lambda request: _services(request).authority)
    yield from routes(GRAPH_TABLE, lambda request: _services(request).graph)
    yield from routes(_DATED, _services, check=check_dated_version)
    yield from routes(_V1, _services, check=check_v1_version)
    yield from routes(_V1_STORED, lambda request: _services(request).stored_completions, check=check_v1_version)
    yield from routes(_BOOKS, lambda request: _services(request).books, check=check_v1_version)
    yield from routes(_SECRETS_DATED, lambda request: _services(request).client_secrets, check=check_dated_version)
    yield from routes(_SECRETS_V1, lambda request: _services(request).client_secrets, check=check_v1_version)
    yield from routes(_CALLS, lambda request: _services(request).calls, check=check_v1_version)
    yield from routes(_CLOUD, _services)
    yield from management_routes(lambda request: _services(request).management)
    yield from portal_routes(lambda request: _services(request).portal)
    for path, route in _WEBSOCKETS:
        yield WebSocketRoute(path, partial(_open_realtime, route=route))
    yield WebSocketRoute("/{path:path}", _refuse_websocket)


async def _open_realtime(socket: WebSocket, *, route: RealtimeRoute) -> None:
    call_id = socket.query_params.get("call_id")
    if call_id and route is not RealtimeRoute.AZURE_DATED:
        await _services(socket).calls.attend(socket, call_id)
        return
    await _services(socket).realtime.serve(socket, route, deployment=socket.path_params.get("deployment"))


async def _refuse_websocket(socket: WebSocket) -> None:
    await socket.send_denial_response(error_response(ResourceNotFound()))
