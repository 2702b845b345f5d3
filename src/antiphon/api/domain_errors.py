"""How the API reports what the packages below it raise: the one place that assigns statuses and codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from antiphon.api.errors import ApiError, InternalError, TooManyRequests
from antiphon.audio.errors import DecoderFailed, InvalidAudio
from antiphon.calls.errors import NoFreePort
from antiphon.dialogue.errors import InvalidSsml, NoSpeech
from antiphon.engines.errors import (
    ContextLengthExceeded,
    EngineFailed,
    NotSupportedByEngine,
    RefusedByEngine,
    ToolNotFound,
    UnusableResponseFormat,
    UnusableToolParameters,
)
from antiphon.errors import AntiphonError
from antiphon.hardening.errors import ServerBusy
from antiphon.identity.errors import (
    InvalidPrincipal,
    PrincipalExists,
    PrincipalNotFound,
    RoleAssignmentExists,
    RoleAssignmentUpdateNotPermitted,
    RoleNotAssigned,
    RoleNotFound,
)
from antiphon.models.errors import ModelNotFound, ModelUnavailable
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.errors import (
    AccountElsewhere,
    AccountHasDeployments,
    AccountNameTaken,
    AccountNotFound,
    AudioOutputNotFound,
    BookNotFound,
    BookUnfinished,
    CompletionNotFound,
    DeploymentModelNotSupported,
    DeploymentNotFound,
    InsufficientQuota,
    InvalidKind,
    InvalidResourceGroup,
    InvalidResourceName,
    InvalidResourceProperties,
    InvalidSubscription,
    InvalidTags,
    LocationNotAvailable,
    ParentResourceNotFound,
    RateLimitExceeded,
    RecordNotFound,
    RequestTooLarge,
    ResourceGroupElsewhere,
    ResourceGroupNotFound,
    TooManyBooks,
    TooManySecrets,
)
from antiphon.store.errors import StorageFull, StorageUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the API says about an error, apart from its message."""

    status: int
    code: str | None
    type: str | None = None
    param: str | None = None
    retry_after_seconds: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class _Translated(ApiError):
    """A domain error, as the API reports it."""

    def __init__(self, message: str, answer: _Answer) -> None:
        super().__init__(message)
        self.status = answer.status
        self.code = answer.code
        self.type = answer.type
        self.param = answer.param
        self.retry_after_seconds = answer.retry_after_seconds
        self._headers = answer.headers

    def headers(self) -> dict[str, str]:
        return {**super().headers(), **self._headers}


def _answer(
    status: int,
    code: str,
    *,
    retry_after_seconds: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> _Answer:
    """In Azure's shape."""
    return _Answer(status=status, code=code, retry_after_seconds=retry_after_seconds, headers=headers or {})


def _invalid(code: str | None, param: str | None = None, *, status: int = 400) -> _Answer:
    """In OpenAI's shape, about a parameter of the request."""
    return _Answer(status=status, code=code, type="invalid_request_error", param=param)


_ANSWERS: Mapping[type[AntiphonError], _Answer] = {
    # hardening, store
    ServerBusy: _answer(429, "429", retry_after_seconds=ServerBusy.retry_after_seconds),
    StorageUnavailable: _answer(503, "ServiceUnavailable", retry_after_seconds=StorageUnavailable.retry_after_seconds),
    StorageFull: _answer(507, "InsufficientStorage", retry_after_seconds=StorageFull.retry_after_seconds),
    NoFreePort: _answer(503, "ServiceUnavailable", retry_after_seconds=5.0),
    # audio, engines
    InvalidAudio: _invalid("invalid_audio"),
    InvalidSsml: _invalid("invalid_ssml", "input"),
    ContextLengthExceeded: _invalid("context_length_exceeded", "messages"),
    UnusableResponseFormat: _invalid(None, "response_format"),
    ToolNotFound: _invalid(None, "tool_choice"),
    RefusedByEngine: _invalid(None),
    # models
    ModelNotFound: _answer(404, "model_not_found"),
    ModelUnavailable: _answer(503, "ServiceUnavailable", retry_after_seconds=60.0),
    # identity
    PrincipalNotFound: _answer(404, "principal_not_found"),
    PrincipalExists: _answer(409, "principal_exists"),
    InvalidPrincipal: _answer(400, "invalid_principal"),
    RoleNotFound: _answer(400, "role_not_found"),
    RoleNotAssigned: _answer(404, "role_not_assigned"),
    RoleAssignmentExists: _answer(409, "RoleAssignmentExists"),
    RoleAssignmentUpdateNotPermitted: _answer(400, "RoleAssignmentUpdateNotPermitted"),
    # resources: not found
    AccountNotFound: _answer(404, "ResourceNotFound"),
    DeploymentNotFound: _answer(404, "DeploymentNotFound"),
    AudioOutputNotFound: _invalid("audio_not_found", "messages"),
    CompletionNotFound: _invalid("not_found", "completion_id", status=404),
    RecordNotFound: _answer(404, "record_not_found"),
    BookNotFound: _invalid("not_found", "book_id", status=404),
    ParentResourceNotFound: _answer(404, "ParentResourceNotFound"),
    ResourceGroupNotFound: _answer(404, "ResourceGroupNotFound"),
    # resources: impossible
    InvalidSubscription: _answer(400, "InvalidSubscriptionId"),
    InvalidResourceGroup: _answer(400, "InvalidResourceGroup"),
    InvalidResourceName: _answer(400, "InvalidResourceName"),
    InvalidResourceProperties: _answer(400, "InvalidResourceProperties"),
    InvalidTags: _answer(400, "InvalidTagNameOrValue"),
    InvalidKind: _answer(400, "InvalidApiSetId"),
    LocationNotAvailable: _answer(400, "LocationNotAvailableForResourceType"),
    DeploymentModelNotSupported: _answer(400, "DeploymentModelNotSupported"),
    # resources: in conflict, or exhausted
    AccountNameTaken: _answer(409, "CustomDomainInUse"),
    AccountElsewhere: _answer(409, "InvalidResourceLocation"),
    AccountHasDeployments: _answer(409, "CannotDeleteResource"),
    ResourceGroupElsewhere: _answer(409, "InvalidResourceGroupLocation"),
    InsufficientQuota: _answer(400, "InsufficientQuota"),
    BookUnfinished: _invalid("book_unfinished", "book_id", status=409),
    TooManyBooks: _invalid("too_many_books"),
    TooManySecrets: _answer(429, "429", retry_after_seconds=60.0),
    RequestTooLarge: _answer(429, "429", headers={"x-should-retry": "false"}),
}
"""Also for classes derived from these, unless they have an entry of their own. `RateLimitExceeded` is not among them:
`rate_limited` reports it."""


def as_api_error(error: Exception, *, param: str | None = None) -> ApiError:
    """The error to report to a client; for a fault of ours, one that says only that there was one.

    `param` is where the fault is in the request, for callers that know this better than the error does.
    """
    if isinstance(error, ApiError):
        return error
    if isinstance(error, EngineFailed | DecoderFailed):
        _log.error("%s", error.message, exc_info=error)
        return InternalError()
    answer = _answer_to(error)
    if answer is None or not isinstance(error, AntiphonError):
        _log.error("A request failed", exc_info=error)
        return InternalError()
    return _Translated(error.message, answer if param is None else replace(answer, param=param))


def rate_limited(error: RateLimitExceeded, operation: str, api_version: str) -> TooManyRequests:
    """The same error in the words of the refused operation, which the code that counts does not know."""
    return TooManyRequests(
        error.exceeded,
        retry_after_seconds=error.retry_after_seconds,
        operation=operation,
        api_version=api_version,
    )


def _answer_to(error: Exception) -> _Answer | None:
    match error:
        case InvalidRequest():
            return _invalid(error.code, error.param)
        case NoSpeech():
            return _invalid("invalid_audio", error.source)
        case NotSupportedByEngine():
            return _invalid("unsupported_parameter", error.feature)
        case UnusableToolParameters():
            return _invalid("invalid_function_parameters", f"tools[{error.index}].function.parameters")
        case AntiphonError():
            return next((_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS), None)
        case _:
            return None
