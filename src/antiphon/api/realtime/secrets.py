"""Client secrets: what a server hands a browser, so that it opens sessions without a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completion import JsonObject
from antiphon.api.data_plane import AccountCaller, DataAuthorizer
from antiphon.api.error_responses import JSON
from antiphon.api.json_body import decode
from antiphon.api.realtime.starting import (
    any_realtime_deployment,
    check_realtime,
    dialect_of,
    first_configuration,
    new_id,
)
from antiphon.api.served_deployment import profile_of
from antiphon.dialogue.profile import Profile
from antiphon.identity.roles import DataAction
from antiphon.parameters.complaints import check_range, invalid_type, unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.realtime.dialects.client_echoes import SECRET_SECONDS, ClientSecret, SecretLifetime
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.resources.client_secrets import ClientSecrets, NewClientSecret, StartingSession
from antiphon.resources.deployments import Deployment, Deployments

MAX_SESSION_BYTES = 64 * 1024
"""How large a session may be that a secret fixes."""
_GA_SECONDS = 600
_BETA_SECONDS = 60
_TYPES = ("realtime", "transcription")


class _NewSecret(msgspec.Struct, forbid_unknown_fields=True):
    """What clients of the GA dialect send."""

    expires_after: SecretLifetime | None = None
    session: dict[str, Any] | None = None


class _BetaLifetime(msgspec.Struct):
    """The part of a beta session that is about its secret."""

    client_secret: ClientSecret | None = None


_NEW_SECRET = msgspec.json.Decoder(_NewSecret)
_BETA_SESSION = msgspec.json.Decoder(dict[str, Any])
_BETA_LIFETIME = msgspec.json.Decoder(_BetaLifetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecretRoutes:
    """Creates secrets, in the shapes of both dialects. All raise `AntiphonError`."""

    authorizer: DataAuthorizer
    bodies: BodyReader
    """For bodies of at most `MAX_SESSION_BYTES`."""
    secrets: ClientSecrets
    deployments: Deployments
    profiles: Mapping[str, Profile]

    async def create(self, request: Request) -> Response:
        """`POST …/realtime/client_secrets`."""
        caller, body = await self._read(request)
        sent = decode(_NEW_SECRET, body)
        seconds = _seconds(sent.expires_after, "expires_after", usual=_GA_SECONDS)
        session = {"type": "realtime", **(sent.session or {})}
        if session["type"] not in _TYPES:
            raise unsupported_value("session.type", str(session["type"]), _TYPES)
        new, shown = await self._create(
            caller, session, is_beta=False, transcribes_only=session["type"] == "transcription", seconds=seconds
        )
        return _json({**_secret(new), "session": shown})

    async def create_session(self, request: Request) -> Response:
        """`POST …/realtime/sessions`, of the beta dialect."""
        return await self._create_beta(request, transcribes_only=False)

    async def create_transcription_session(self, request: Request) -> Response:
        """`POST …/realtime/transcription_sessions`, of the beta dialect."""
        return await self._create_beta(request, transcribes_only=True)

    async def _create_beta(self, request: Request, *, transcribes_only: bool) -> Response:
        caller, body = await self._read(request)
        session, lifetime = decode(_BETA_SESSION, body), decode(_BETA_LIFETIME, body).client_secret
        after = lifetime and (lifetime.expires_after or lifetime.expires_at)
        seconds = _seconds(after, "client_secret.expires_after", usual=_BETA_SECONDS)
        try:
            new, shown = await self._create(
                caller, session, is_beta=True, transcribes_only=transcribes_only, seconds=seconds
            )
        except InvalidRequest as error:  # Here, the body is the session.
            param = error.param and error.param.removeprefix("session.")
            raise InvalidRequest(error.message.replace("'session.", "'"), param=param, code=error.code) from None
        return _json({**shown, "client_secret": _secret(new)})

    async def _read(self, request: Request) -> tuple[AccountCaller, bytes]:
        caller = await self.authorizer.authorize(request, DataAction.REALTIME)
        async with self.bodies.read(request, account_id=caller.account.id) as body:
            return caller, bytes(body) or b"{}"

    async def _create(
        self, caller: AccountCaller, session: dict[str, Any], *, is_beta: bool, transcribes_only: bool, seconds: int
    ) -> tuple[NewClientSecret, JsonObject]:
        """The secret, and the session as it will begin."""
        model = session.pop("model", None)
        if not isinstance(model, str | None):
            raise invalid_type("session.model", "expected a string")
        deployment = await self._deployment(caller.account.id, model)
        profile = profile_of(deployment, self.profiles)
        fixed = StartingSession(
            deployment=deployment.name if model else None,
            is_beta=is_beta,
            transcribes_only=transcribes_only,
            session=msgspec.Raw(msgspec.json.encode(session)),
        )
        configuration = first_configuration(deployment, profile, transcribes_only=transcribes_only, fixed=fixed)
        new = await self.secrets.create(
            caller.account.id, fixed, principal=caller.principal, lifetime=timedelta(seconds=seconds)
        )
        identity = SessionIdentity(
            id=new_id("sess"), model=model or deployment.name, expires_at=0, transcribes_only=transcribes_only
        )
        return new, dialect_of(identity, profile, is_beta=is_beta).session(configuration)

    async def _deployment(self, account_id: str, model: str | None) -> Deployment:
        if not model:
            return await any_realtime_deployment(self.deployments, account_id)
        deployment = await self.deployments.meant_by(account_id, model)
        check_realtime(deployment)
        return deployment


def _seconds(after: SecretLifetime | None, param: str, *, usual: int) -> int:
    seconds = usual if after is None or after.seconds is None else after.seconds
    check_range(f"{param}.seconds", seconds, *SECRET_SECONDS)
    return seconds


def _secret(new: NewClientSecret) -> JsonObject:
    return {"value": new.value, "expires_at": int(new.expires_at.timestamp())}


def _json(body: JsonObject) -> Response:
    """Not to be kept by anything on the way: it holds a secret."""
    return Response(msgspec.json.encode(body), media_type=JSON, headers={"Cache-Control": "no-store"})
