"""Who may open a session, on which deployment, in which dialect; everyone else is refused before the upgrade."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from antiphon.api.data_plane import AccountCaller, DataAuthorizer, presented_key
from antiphon.api.domain_errors import as_api_error
from antiphon.api.draining import Draining
from antiphon.api.error_responses import error_response
from antiphon.api.errors import AccessDenied
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.measures import ApiMeasures
from antiphon.api.realtime.client import Client, SocketClient
from antiphon.api.realtime.connection import Connection, Speaker
from antiphon.api.realtime.limits import Limits
from antiphon.api.realtime.quota import Quota
from antiphon.api.realtime.recorder import Recorder
from antiphon.api.realtime.resumption import Lost, Owner, Resumption
from antiphon.api.realtime.starting import (
    any_realtime_deployment,
    check_realtime,
    dialect_of,
    first_configuration,
    new_id,
    with_session,
)
from antiphon.api.served_deployment import profile_of
from antiphon.api.versions import check_dated_version, check_v1_version
from antiphon.calls.dialect import CallDialect
from antiphon.dialogue.profile import Profile
from antiphon.errors import AntiphonError
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.hardening.pace import Paces
from antiphon.identity.roles import DataAction
from antiphon.parameters.errors import InvalidRequest
from antiphon.realtime.configuration import AudioFormat, Configuration
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import Error, ErrorReported
from antiphon.realtime.session import Session
from antiphon.resources.accounts import Account
from antiphon.resources.client_secrets import PREFIX, ClientSecrets, StartingSession
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.record_writer import RecordWriter
from antiphon.resources.records import NewRecord

_SUBPROTOCOL = "realtime"
_BETA_SUBPROTOCOL = "openai-beta.realtime-v1"
_BETA_HEADER = "realtime=v1"
_GA_VERSION = "2025-08-28"
"""Azure's documentation names it for the GA dialect, so clients send it on the older route as well."""
_INVALID_KEY_CLOSE_CODE = 3000
"""What OpenAI closes with after it has reported a bad key."""


class Route(Enum):
    """The URLs at which sessions are opened; they determine the dialect, mostly."""

    AZURE_DATED = "/openai/realtime"
    AZURE_V1 = "/openai/v1/realtime"
    OPENAI = "/v1/realtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A client that may open a session."""

    caller: AccountCaller
    deployment: Deployment
    profile: Profile
    model: str
    """The deployment, as the client spelled it."""
    configuration: Configuration
    """What the session begins with."""
    quota: Quota
    resumes: tuple[str, Lost] | None = None
    """The id of an earlier session, and what it goes on with."""

    @property
    def owner(self) -> Owner:
        account_id, principal = self.caller.account.id, self.caller.principal
        return Owner(account_id=account_id, deployment=self.deployment.name, principal=principal)

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
    secrets: ClientSecrets
    rate_limits: RateLimits
    records: RecordWriter | None
    """None if nothing is recorded."""
    profiles: Mapping[str, Profile]
    """Keyed by the names that deployments use."""
    large_json: LargeJsonReader
    draining: Draining
    measures: ApiMeasures
    limits: Limits = field(default_factory=Limits)
    refusals: Paces = field(default_factory=Paces)
    """Of events that cannot be carried out."""
    resumption: Resumption = field(default_factory=Resumption)
    _openings: Paces = field(default_factory=Paces, init=False)
    """Of sessions."""

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
            await self._openings.of(
                admission.caller.account.id,
                at_once=self.limits.openings,
                per_second=self.limits.openings_per_second,
            ).wait()
            await self._open(socket, admission, is_beta=is_beta)

    async def _admit(self, socket: WebSocket, route: Route, name: str | None) -> Admission:
        """Raises `AntiphonError` for clients that may not open a session."""
        if route is Route.AZURE_DATED:
            check_dated_version(socket)
        else:
            check_v1_version(socket)
        caller, fixed = await self.identify(socket)
        admission = await self.admit(
            caller,
            fixed,
            route=route,
            name=name or socket.query_params.get("deployment") or socket.query_params.get("model"),
            transcribes_only=_transcribes_only(socket),
            api_version=socket.query_params.get("api-version"),
        )
        return await self._resuming(admission, socket.query_params.get("resume"))

    async def admit(
        self,
        caller: AccountCaller,
        fixed: StartingSession | None,
        *,
        route: Route,
        name: str | None,
        transcribes_only: bool,
        api_version: str | None,
        wanted: StartingSession | None = None,
    ) -> Admission:
        """What the caller's session begins with; a client secret has `fixed` part of it, and the caller has `wanted`
        more. Raises `AntiphonError` if it may not begin."""
        transcribes_only = transcribes_only if fixed is None else fixed.transcribes_only
        if fixed is not None and fixed.deployment is not None:
            name = fixed.deployment
            deployment = await self.deployments.get(caller.account.id, name)
        else:
            deployment = await self._deployment(caller.account, route, name, transcribes_only=transcribes_only)
        check_realtime(deployment)
        profile = profile_of(deployment, self.profiles)
        configuration = first_configuration(deployment, profile, transcribes_only=transcribes_only, fixed=fixed)
        if wanted is not None:
            configuration = with_session(configuration, profile, wanted)
        quota = Quota(
            rate_limits=self.rate_limits,
            deployments=self.deployments,
            account_id=caller.account.id,
            deployment=deployment.name,
            api_version=api_version or "v1",
        )
        await quota.open()
        return Admission(
            caller=caller,
            deployment=deployment,
            profile=profile,
            model=name or deployment.name,
            configuration=configuration,
            quota=quota,
        )

    async def _resuming(self, admission: Admission, session_id: str | None) -> Admission:
        """The same, with the session that it takes up, if any. Raises `SessionNotFound`."""
        if not session_id:
            return admission
        lost = await self.resumption.take(session_id, admission.owner)
        return replace(admission, configuration=lost.kept.configuration, resumes=(session_id, lost))

    async def identify(self, socket: HTTPConnection) -> tuple[AccountCaller, StartingSession | None]:
        """Who opens the session, and what it begins with if that is a holder of a client secret. Raises
        `AntiphonError` for somebody else."""
        shown = presented_key(socket)
        if shown is not None and shown.startswith(PREFIX) and (secret := await self.secrets.find(shown)):
            account = await self.authorizer.accounts.of_host(socket.url.hostname or "")
            if account.id == secret.account_id:
                return AccountCaller(account=account, principal=secret.principal), secret.starting
        return await self.authorizer.authorize(socket, DataAction.REALTIME), None

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
        return await any_realtime_deployment(self.deployments, account.id)

    async def _open(self, socket: WebSocket, admission: Admission, *, is_beta: bool) -> None:
        await socket.accept(chosen_subprotocol(socket))
        await self.run(self.connect(SocketClient(socket), admission, is_beta=is_beta))

    def connect(
        self, client: Client, admission: Admission, *, is_beta: bool, speaker: Speaker | None = None
    ) -> Connection:
        """A session for the client, to be run by the task that asks for it; a `speaker` makes it a call."""
        profile = admission.profile
        session_id, lost = admission.resumes or (new_id("sess"), None)
        identity = SessionIdentity(
            id=session_id,
            model=admission.model,
            expires_at=int(time.time() + self.limits.session_seconds),
            transcribes_only=admission.configuration.transcribes_only,
        )
        configuration = admission.configuration
        if speaker is not None:
            configuration = replace(configuration, input_format=AudioFormat.PCM16, output_format=AudioFormat.PCM16)
        session = Session(
            configuration,
            new_id=new_id,
            max_ms=round(self.limits.session_seconds * 1000),
            budget=self.limits.budget,
            kept=None if lost is None else lost.kept,
        )
        asking.set(Asking(account=admission.caller.account.id, session=identity.id))
        dialect = dialect_of(identity, profile, is_beta=is_beta)
        connection = Connection(
            client,
            session=session,
            dialect=dialect if speaker is None else CallDialect(dialect),
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
            measures=self.measures,
            speaker=speaker,
            recordings=None if lost is None else lost.recordings,
            on_end=None if speaker is not None else partial(self.resumption.end, session_id),
        )
        if speaker is None:  # A call has no connection to resume.
            self.resumption.begin(session_id, admission.owner, connection)
        return connection

    async def run(self, connection: Connection) -> None:
        """Serve a session until it ends."""
        began = time.monotonic()
        self.measures.sessions_open += 1
        try:
            await connection.run()
        finally:
            self.measures.sessions_open -= 1
            self.measures.session_seconds.add(time.monotonic() - began)

    async def _tell_of_bad_key(self, socket: WebSocket, key: str) -> None:
        """Report the key where OpenAI's clients expect it: in the open socket."""
        identity = SessionIdentity(id=new_id("sess"), model="", expires_at=0)
        error = Error(code="invalid_api_key", message=f"Incorrect API key provided: {_masked(key)}.")
        frame = Beta(identity, new_id, voices=frozenset()).write(ErrorReported(error=error)) or b""
        with contextlib.suppress(WebSocketDisconnect, WebSocketDisconnected):
            await socket.accept(chosen_subprotocol(socket))
            await socket.send_text(frame.decode())
            await socket.close(_INVALID_KEY_CLOSE_CODE, "invalid_request_error.invalid_api_key")


def _is_beta(socket: WebSocket, route: Route) -> bool:
    if route is Route.AZURE_DATED:
        return socket.query_params.get("api-version") != _GA_VERSION
    if route is Route.AZURE_V1:
        return False
    return socket.headers.get("openai-beta") == _BETA_HEADER or _BETA_SUBPROTOCOL in socket.scope["subprotocols"]


def _transcribes_only(socket: WebSocket) -> bool:
    return socket.query_params.get("intent") == "transcription"


def chosen_subprotocol(socket: WebSocket) -> str | None:
    """Browsers fail unless one of the subprotocols that they offer is chosen."""
    return _SUBPROTOCOL if _SUBPROTOCOL in socket.scope["subprotocols"] else None


def _masked(key: str) -> str:
    """The ends of the key, by which its owner can recognise it; nothing of a short one."""
    return f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) >= 24 else "*" * 8
