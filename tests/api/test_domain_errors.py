import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import antiphon
from antiphon.api.domain_errors import as_api_error, rate_limited
from antiphon.api.errors import InternalError
from antiphon.audio.errors import DecoderFailed, InvalidAudio
from antiphon.dialogue.errors import NoSpeech
from antiphon.engines.errors import (
    ContextLengthExceeded,
    EngineFailed,
    NotSupportedByEngine,
    RefusedByEngine,
    ToolNotFound,
    UnusableResponseFormat,
    UnusableToolParameters,
)
from antiphon.errors import AntiphonError, ConfigurationError
from antiphon.hardening.errors import ServerBusy
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.errors import (
    AccountNotFound,
    AudioOutputNotFound,
    CompletionNotFound,
    ModelIsAmbiguous,
    RateLimitExceeded,
    RequestTooLarge,
)
from antiphon.store.errors import StorageFull, StorageUnavailable

WORDS_OF_HTTP = {"status", "code", "type", "param", "headers"}
HTTP_IS_KNOWN_TO = {"api", "serve"}


@pytest.mark.parametrize(
    ("error", "status", "code", "param"),
    [
        (InvalidRequest("Wrong.", param="a.b", code="invalid_value"), 400, "invalid_value", "a.b"),
        (InvalidAudio("It is cut off."), 400, "invalid_audio", None),
        (NoSpeech(source="messages[0].content[1].input_audio.data"), 400, "invalid_audio", None),
        (ContextLengthExceeded.by(context_tokens=10, tokens="11"), 400, "context_length_exceeded", "messages"),
        (NotSupportedByEngine("logprobs"), 400, "unsupported_parameter", "logprobs"),
        (RefusedByEngine("top_p is too high."), 400, None, None),
        (UnusableResponseFormat("it is wrong"), 400, None, "response_format"),
        (UnusableToolParameters("f", 2, "x"), 400, "invalid_function_parameters", "tools[2].function.parameters"),
        (ToolNotFound("f"), 400, None, "tool_choice"),
        (AudioOutputNotFound("audio_1"), 400, "audio_not_found", "messages"),
        (CompletionNotFound("chatcmpl-1"), 404, "not_found", "completion_id"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, AntiphonError) else None,
)
def test_what_is_about_a_parameter_is_told_in_openais_shape(
    error: AntiphonError, status: int, code: str | None, param: str | None
) -> None:
    told = as_api_error(error)
    if isinstance(error, NoSpeech):
        param = error.source
    body = {"code": code, "message": error.message, "type": "invalid_request_error", "param": param}
    assert (told.status, told.body()) == (status, {"error": body})
    assert told.headers() == {}


def test_who_knows_better_where_the_fault_is_says_so() -> None:
    assert as_api_error(InvalidAudio("It is cut off."), param="messages[3]").param == "messages[3]"


def test_anything_else_is_told_in_azures_shape() -> None:
    told = as_api_error(AccountNotFound("contoso"))
    assert told.status == 404
    assert told.body() == {"error": {"code": "ResourceNotFound", "message": "There is no account named 'contoso'."}}


def test_an_error_without_an_answer_of_its_own_has_that_of_its_base() -> None:
    told = as_api_error(ModelIsAmbiguous("gpt", ["one", "two"]))
    assert (told.status, told.code) == (404, "DeploymentNotFound")


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [
        (ServerBusy(), 429, "2"),
        (StorageUnavailable("the disk fails", advice="Replace it."), 503, "5"),
        (StorageFull(), 507, "5"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, AntiphonError) else None,
)
def test_what_passes_says_when_to_retry(error: AntiphonError, status: int, seconds: str) -> None:
    told = as_api_error(error)
    assert told.status == status
    assert told.headers() == {"Retry-After": seconds, "retry-after-ms": f"{seconds}000"}


def test_what_no_waiting_helps_says_not_to_retry() -> None:
    told = as_api_error(RequestTooLarge(limit_tokens=1_000, tokens=2_000))
    assert (told.status, told.headers()) == (429, {"x-should-retry": "false"})


def test_a_rate_limit_is_told_in_the_words_of_the_operation() -> None:
    error = RateLimitExceeded("tokens", retry_after_seconds=3.4567)
    told = rate_limited(error, "Realtime", "2024-10-01-preview")
    assert "Requests to the Realtime Operation under Azure OpenAI API version 2024-10-01-preview" in told.message
    assert "have exceeded token rate limit" in told.message
    assert told.headers() == {"Retry-After": "4", "retry-after-ms": "3457", "x-ratelimit-reset-tokens": "4"}


@pytest.mark.parametrize("error", [EngineFailed(), DecoderFailed(), ConfigurationError("private"), OSError("private")])
def test_faults_of_the_servers_own_tell_nothing_of_its_inside(error: Exception) -> None:
    assert as_api_error(error).body() == InternalError().body()


def test_only_the_api_and_what_stands_above_it_puts_errors_in_terms_of_http() -> None:
    found = {
        f"{path.parent.name}.{name}.{word}"
        for path in Path(antiphon.__file__).parent.rglob("*errors.py")
        if not HTTP_IS_KNOWN_TO & set(path.parts) and path.parent.name != "parameters"
        for name, word in _attributes(path)
        if word in WORDS_OF_HTTP
    }
    assert not found


def _attributes(path: Path) -> Iterator[tuple[str, str]]:
    """Of each class, what it or its instances have."""
    for of_class in ast.walk(ast.parse(path.read_text())):
        if isinstance(of_class, ast.ClassDef):
            for node in ast.walk(of_class):
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                    yield of_class.name, node.id if isinstance(node, ast.Name) else node.attr
