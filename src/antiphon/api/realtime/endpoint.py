"""Who may open a session, on which deployment, in which dialect; everyone else is refused before the upgrade."""

from __future__ import annotations

import contextlib
import secrets
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from antiphon.api.data_plane import AccountCaller, DataAuthorizer, presented_key
from antiphon.api.domain_errors import as_api_error
from antiphon.api.draining import Draining
from antiphon.api.error_responses import error_response
from antiphon.api.errors import AccessDenied, OperationNotSupported
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.realtime.connection import Connection
from antiphon.api.realtime.limits import Limits
from antiphon.api.realtime.quota import Quota
from antiphon.api.realtime.recorder import Recorder
from antiphon.api.served_deployment import profile_of
from antiphon.api.versions import check_dated_version, check_v1_version
from antiphon.dialogue.profile import Profile
from antiphon.errors import AntiphonError
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.hardening.refusal_pace import RefusalPaces
from antiphon.identity.roles import DataAction
from antiphon.parameters.errors import InvalidRequest
from antiphon.realtime.configuration import Configuration, InputTranscription
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import Error, ErrorReported
from antiphon.realtime.session import Session
from antiphon.resources.accounts import Account
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import DeploymentNotFound
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.record_writer import RecordWriter
from antiphon.resources.records import NewRecord

_OPERATION = "realtime"
_SUBPROTOCOL = "realtime"
_BETA_SUBPROTOCOL = "openai-beta.realtime-v1"
_BETA_HEADER = "realtime=v1"
_GA_VERSION = "2025-08-28"
"""Azure's documentation names it for the GA dialect, so clients send it on the older route as well."""
_INVALID_KEY_CLOSE_CODE = 3000
"""What OpenAI closes with after it has reported a bad key."""
_ID_LETTERS = string.ascii_letters + string.digits
_ID_LENGTH = 21


class Route(Enum):
    """The URLs at which sessions are opened; they determine the dialect, mostly."""

    AZURE_DATED = "/openai/realtime"
    AZURE_V1 = "/openai/v1/realtime"
    OPENAI = "/v1/realtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Admission:
    """A client that may open a session."""

    caller: AccountCaller
    deployment: Deployment
    profile: Profile
    model: str
    """The deployment, as the client spelled it."""
    quota: Quota

    @property
    def record(self) -> NewRecord:
        """What all records of the session have in common."""
        return NewRecord(
            id="",
            account_id=self.caller.account.id,
            deployment=self.deployment.name,
            model=self.deployment.model.id,
            principal=self.caller.principal,
            operation="realtime",
            prompt_tokens=0,
            completion_tokens=0,
            audio=(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Realtime:
    """The operation, whichever route it is called through."""

    authorizer: DataAuthorizer
    deployments: Deployments
    rate_limits: RateLimits
    records: RecordWriter | None
    """None if nothing is recorded."""
    profiles: Mapping[str, Profile]
    """Keyed by the names that deployments use."""
    large_json: LargeJsonReader
    draining: Draining
    limits: Limits = field(default_factory=Limits)
    refusals: RefusalPaces = field(default_factory=RefusalPaces)
    """Of events that cannot be carried out."""

    async def serve(self, socket: WebSocket, route: Route, *, deployment: str | None = None) -> None:
        """Serve one client until its session ends; if `deployment` is None, the query chooses it."""
        is_beta = _is_beta(socket, route)
        try:
            admission = await self._admit(socket, route, deployment)
        except AccessDenied as error:
            key = presented_key(socket)
            if key is not None and route is Route.OPENAI and is_beta:
                await self._tell_of_bad_key(socket, key)
            else:
                await socket.send_denial_response(error_response(error))
        except AntiphonError as error:
            await socket.send_denial_response(error_response(as_api_error(error)))
        else:
            await self._open(socket, admission, is_beta=is_beta)

    async def _admit(self, socket: WebSocket, route: Route, name: str | None) -> _Admission:
        """Raises `AntiphonError` for clients that may not open a session."""
        if route is Route.AZURE_DATED:
            check_dated_version(socket)
        else:
            check_v1_version(socket)
        caller = await self.authorizer.authorize(socket, DataAction.REALTIME)
        name = name or socket.query_params.get("deployment") or socket.query_params.get("model")
        deployment = await self._deployment(caller.account, route, name, transcribes_only=_transcribes_only(socket))
        if _OPERATION not in deployment.model.capabilities:
            raise OperationNotSupported(_OPERATION, deployment.model.name)
        profile = profile_of(deployment, self.profiles)
        quota = Quota(
            rate_limits=self.rate_limits,
            deployments=self.deployments,
            account_id=caller.account.id,
            deployment=deployment.name,
            api_version=socket.query_params.get("api-version") or "v1",
        )
        await quota.open()
        return _Admission(
            caller=caller, deployment=deployment, profile=profile, model=name or deployment.name, quota=quota
        )

    async def _deployment(
        self, account: Account, route: Route, name: str | None, *, transcribes_only: bool
    ) -> Deployment:
        if name and route is Route.AZURE_DATED:
            return await self.deployments.get(account.id, name)
        if name:
            return await self.deployments.meant_by(account.id, name)
        if not transcribes_only:
            raise InvalidRequest("you must provide a model parameter", param="model", code="missing_required_parameter")
        # OpenAI's clients name no model when they only transcribe.
        for deployment in await self.deployments.list(account.id):
            if _OPERATION in deployment.model.capabilities:
                return deployment
        raise DeploymentNotFound

    async def _open(self, socket: WebSocket, admission: _Admission, *, is_beta: bool) -> None:
        deployment, transcribes_only = admission.deployment, _transcribes_only(socket)
        profile = admission.profile
        identity = SessionIdentity(
            id=_new_id("sess"),
            model=admission.model,
            expires_at=int(time.time() + self.limits.session_seconds),
            transcribes_only=transcribes_only,
        )
        session = Session(
            Configuration(
                model=deployment.model.id,
                transcribes_only=transcribes_only,
                transcription=InputTranscription() if transcribes_only else None,
            ),
            new_id=_new_id,
            max_ms=round(self.limits.session_seconds * 1000),
            budget=self.limits.budget,
        )
        asking.set(Asking(account=admission.caller.account.id, session=identity.id))
        await socket.accept(_subprotocol(socket))
        await Connection(
            socket,
            session=session,
            dialect=_dialect(identity, profile, is_beta=is_beta),
            profile=profile,
            limits=self.limits,
            quota=admission.quota,
            recorder=None if self.records is None else Recorder(self.records, admission.record),
            large_json=self.large_json,
            draining=self.draining,
            refusals=self.refusals.of(
                admission.caller.account.id,
                at_once=self.limits.mistakes,
                per_second=self.limits.mistakes_per_second,
            ),
        ).run()

    async def _tell_of_bad_key(self, socket: WebSocket, key: str) -> None:
        """Report the key where OpenAI's clients expect it: in the open socket."""
        identity = SessionIdentity(id=_new_id("sess"), model="", expires_at=0)
        error = Error(code="invalid_api_key", message=f"Incorrect API key provided: {_masked(key)}.")
        frame = Beta(identity, _new_id, voices=frozenset()).write(ErrorReported(error=error)) or b""
        with contextlib.suppress(WebSocketDisconnect, WebSocketDisconnected):
            await socket.accept(_subprotocol(socket))
            await socket.send_text(frame.decode())
            await socket.close(_INVALID_KEY_CLOSE_CODE, "invalid_request_error.invalid_api_key")


def _dialect(identity: SessionIdentity, profile: Profile, *, is_beta: bool) -> Dialect:
    return (Beta if is_beta else Ga)(identity, _new_id, voices=profile.responder.voices)


def _is_beta(socket: WebSocket, route: Route) -> bool:
    if route is Route.AZURE_DATED:
        return socket.query_params.get("api-version") != _GA_VERSION
    if route is Route.AZURE_V1:
        return False
    return socket.headers.get("openai-beta") == _BETA_HEADER or _BETA_SUBPROTOCOL in socket.scope["subprotocols"]


def _transcribes_only(socket: WebSocket) -> bool:
    return socket.query_params.get("intent") == "transcription"


def _subprotocol(socket: WebSocket) -> str | None:
    """Browsers fail unless one of the subprotocols that they offer is chosen."""
    return _SUBPROTOCOL if _SUBPROTOCOL in socket.scope["subprotocols"] else None


def _masked(key: str) -> str:
    """The ends of the key, by which its owner can recognise it; nothing of a short one."""
    return f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) >= 24 else "*" * 8


def _new_id(kind: str) -> str:
    number, letters = secrets.randbelow(len(_ID_LETTERS) ** _ID_LENGTH), ""
    for _ in range(_ID_LENGTH):
        number, index = divmod(number, len(_ID_LETTERS))
        letters += _ID_LETTERS[index]
    return f"{kind}_{letters}"
