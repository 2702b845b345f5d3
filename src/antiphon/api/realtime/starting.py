"""What a session begins with: its kind, its model, and what a client secret fixed."""

from __future__ import annotations

import secrets
import string
from typing import cast

import msgspec

from antiphon.api.errors import OperationNotSupported
from antiphon.dialogue.profile import Profile
from antiphon.parameters.errors import InvalidRequest
from antiphon.realtime.configuration import Configuration, InputTranscription
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.inputs import Refuse, UpdateSession
from antiphon.resources.client_secrets import StartingSession
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import DeploymentNotFound

_OPERATION = "realtime"
_ID_LETTERS = string.ascii_letters + string.digits
_ID_LENGTH = 21


class _Update(msgspec.Struct, kw_only=True):
    type: str
    session: msgspec.Raw


def new_id(kind: str) -> str:
    number, letters = secrets.randbelow(len(_ID_LETTERS) ** _ID_LENGTH), ""
    for _ in range(_ID_LENGTH):
        number, index = divmod(number, len(_ID_LETTERS))
        letters += _ID_LETTERS[index]
    return f"{kind}_{letters}"


def dialect_of(identity: SessionIdentity, profile: Profile, *, is_beta: bool) -> JsonDialect:
    return (Beta if is_beta else Ga)(identity, new_id, voices=profile.responder.voices)


def first_configuration(
    deployment: Deployment, profile: Profile, *, transcribes_only: bool, fixed: StartingSession | None = None
) -> Configuration:
    """The defaults, with what a client secret has `fixed`. Raises `InvalidRequest`."""
    configuration = Configuration(
        model=deployment.model.id,
        transcribes_only=transcribes_only,
        transcription=InputTranscription() if transcribes_only else None,
    )
    return configuration if fixed is None else with_session(configuration, profile, fixed)


def with_session(configuration: Configuration, profile: Profile, session: StartingSession) -> Configuration:
    """The configuration, with what a session object sets. Raises `InvalidRequest`."""
    transcribes_only = configuration.transcribes_only
    identity = SessionIdentity(id="", model="", expires_at=0, transcribes_only=transcribes_only)
    kind = "transcription_session.update" if session.is_beta and transcribes_only else "session.update"
    frame = msgspec.json.encode(_Update(type=kind, session=session.session))
    command = dialect_of(identity, profile, is_beta=session.is_beta).read(frame)
    if isinstance(command, Refuse):
        raise InvalidRequest(command.error.message, param=command.error.param, code=command.error.code)
    return configuration.updated(cast("UpdateSession", command).changes)


def check_realtime(deployment: Deployment) -> None:
    """Raise `OperationNotSupported` unless sessions can be opened on it."""
    if _OPERATION not in deployment.model.capabilities:
        raise OperationNotSupported(_OPERATION, deployment.model.name)


async def any_realtime_deployment(deployments: Deployments, account_id: str) -> Deployment:
    """For clients that name no model. Raises `DeploymentNotFound`."""
    for deployment in await deployments.list(account_id):
        if _OPERATION in deployment.model.capabilities:
            return deployment
    raise DeploymentNotFound
