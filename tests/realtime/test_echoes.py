"""What a client may set without effect: it is told again, what is beside it holds, and nonsense is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.realtime.configuration import Configuration
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import ErrorReported, SessionUpdated
from antiphon.realtime.session import Session

from .dialect_shapes import IDENTITY, VOICES

LISTENING = SessionIdentity(id="sess_1", model="whisper-1", expires_at=0, transcribes_only=True)
LOGPROBS = "item.input_audio_transcription.logprobs"
SERVER = {
    "type": "mcp",
    "server_label": "wiki",
    "server_url": "https://mcp.example.com",
    "require_approval": "never",
}
FUNCTION: dict[str, Any] = {"type": "function", "name": "look_up", "description": "Looks up.", "parameters": {}}


class Client:
    """One that sends updates to a session in a dialect, and reads what the session says to that."""

    def __init__(self, dialect: type[JsonDialect], identity: SessionIdentity = IDENTITY) -> None:
        self._dialect = dialect(identity, lambda kind: f"{kind}_1", VOICES)
        configuration = Configuration(model=identity.model, transcribes_only=identity.transcribes_only)
        self._session = Session(configuration, new_id=lambda kind: f"{kind}_1", max_ms=60_000)
        is_for_beta = dialect is Beta and identity.transcribes_only
        self._type = "transcription_session.update" if is_for_beta else "session.update"
        kind = "transcription" if identity.transcribes_only else "realtime"
        self._head = {"type": kind} if dialect is Ga else {}

    def update(self, session: dict[str, Any]) -> dict[str, Any]:
        """The session as the update has left it, or the error."""
        command = self._dialect.read(json.dumps({"type": self._type, "session": {**self._head, **session}}))
        (output,) = self._session.receive(command)
        assert isinstance(output, SessionUpdated | ErrorReported)
        told = json.loads(self._dialect.write(output) or b"")
        return told["error"] if isinstance(output, ErrorReported) else told["session"]


def contains(told: Any, sent: Any) -> bool:
    """Whether everything that was sent was told again."""
    if isinstance(sent, dict) and isinstance(told, dict):
        return all(name in told and contains(told[name], value) for name, value in sent.items())
    return told == sent


BETA: list[dict[str, Any]] = [
    {"input_audio_noise_reduction": {"type": "near_field"}},
    {"input_audio_noise_reduction": {"type": "far_field"}},
    {"tracing": "auto"},
    {"tracing": {"workflow_name": "support", "group_id": "g", "metadata": {"user": 7, "tags": ["a"]}}},
    {"tracing": {}},
    {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}},
]
GA: list[dict[str, Any]] = [
    {"audio": {"input": {"noise_reduction": {"type": "near_field"}}}},
    {"audio": {"input": {"noise_reduction": {"type": "far_field", "strength": 0.5}}}},
    {"audio": {"input": {"transcription": {"model": "gpt-transcribe", "keywords": ["Antiphon"], "languages": ["de"]}}}},
    {"audio": {"input": {"transcription": {"model": "gpt-realtime-whisper", "delay": "xhigh"}}}},
    {"tracing": "auto"},
    {"tracing": {"workflow_name": "support", "group_id": "g", "metadata": {"user": 7, "tags": ["a"]}}},
    {"truncation": "auto"},
    {"truncation": "disabled"},
    {"truncation": {"type": "retention_ratio", "retention_ratio": 0.8}},
    {"truncation": {"type": "retention_ratio", "retention_ratio": 1, "token_limits": {"post_instructions": 5000}}},
    {"include": [LOGPROBS]},
    {"include": []},
    {"reasoning": {"effort": "minimal"}},
    {"reasoning": {"effort": "xhigh"}},
    {"parallel_tool_calls": False},
    {"parallel_tool_calls": True},
    {"prompt": {"id": "pmpt_1", "version": "2", "variables": {"city": "Paris"}}},
    {"prompt": {"id": "pmpt_1", "variables": {"city": {"type": "input_text", "text": "Paris"}}}},
    {"tools": [SERVER, FUNCTION]},
    {"tools": [{**SERVER, "headers": {"x": "y"}, "allowed_tools": {"tool_names": ["ask"], "read_only": True}}]},
    {"tools": [{**SERVER, "allowed_tools": ["ask"], "require_approval": {"always": {"tool_names": ["ask"]}}}]},
    {"tools": [SERVER], "tool_choice": {"type": "mcp", "server_label": "wiki", "name": "ask"}},
]
BETA_LISTENING: list[dict[str, Any]] = [
    {"include": [LOGPROBS]},
    {"input_audio_noise_reduction": {"type": "far_field"}},
]
GA_LISTENING: list[dict[str, Any]] = [
    {"include": [LOGPROBS]},
    {"audio": {"input": {"noise_reduction": {"type": "near_field", "strength": 1}}}},
]
DOCUMENTED = [
    *((Beta, IDENTITY, session) for session in BETA),
    *((Ga, IDENTITY, session) for session in GA),
    *((Beta, LISTENING, session) for session in BETA_LISTENING),
    *((Ga, LISTENING, session) for session in GA_LISTENING),
]


@pytest.mark.parametrize(("dialect", "identity", "session"), DOCUMENTED)
def test_what_has_no_effect_is_told_again(
    dialect: type[JsonDialect], identity: SessionIdentity, session: dict[str, Any]
) -> None:
    client = Client(dialect, identity)
    assert contains(client.update(session), session)
    assert contains(client.update({}), session)


@pytest.mark.parametrize(("dialect", "documented"), [(Beta, BETA), (Ga, GA)])
def test_what_is_beside_it_holds(dialect: type[JsonDialect], documented: list[dict[str, Any]]) -> None:
    for session in documented:
        beside = {"instructions": "Be kind.", "tools": [FUNCTION]}
        assert contains(Client(dialect).update(beside | session), beside | session)


@given(st.lists(st.sampled_from(GA), min_size=1, max_size=6))
def test_the_last_that_was_said_of_each_holds(sessions: list[dict[str, Any]]) -> None:
    client = Client(Ga)
    last: dict[str, Any] = {}
    for session in sessions:
        told = client.update(session)
        last |= {name: value for name, value in session.items() if name != "audio"}
        assert contains(told, session)
        assert contains(told, last)


@pytest.mark.parametrize(
    ("dialect", "session", "off"),
    [
        (Beta, {"input_audio_noise_reduction": {"type": "near_field"}}, {"input_audio_noise_reduction": None}),
        (Beta, {"tracing": "auto"}, {"tracing": None}),
        (Ga, {"tracing": {"group_id": "g"}}, {"tracing": None}),
        (Ga, {"include": [LOGPROBS]}, {"include": None}),
        (Ga, {"prompt": {"id": "p"}}, {"prompt": None}),
        (Ga, {"reasoning": {"effort": "low"}}, {"reasoning": None}),
        (
            Ga,
            {"audio": {"input": {"noise_reduction": {"type": "near_field"}}}},
            {"audio": {"input": {"noise_reduction": None}}},
        ),
    ],
)
def test_null_switches_it_off(dialect: type[JsonDialect], session: dict[str, Any], off: dict[str, Any]) -> None:
    client = Client(dialect)
    client.update(session)
    assert contains(client.update(off), off)


def test_noise_reduction_keeps_its_strength_while_its_type_changes() -> None:
    client = Client(Ga)
    client.update({"audio": {"input": {"noise_reduction": {"type": "near_field", "strength": 0.5}}}})
    told = client.update({"audio": {"input": {"noise_reduction": {"type": "far_field"}}}})
    assert told["audio"]["input"]["noise_reduction"] == {"type": "far_field", "strength": 0.5}


def test_what_is_null_within_is_as_good_as_left_out() -> None:
    session = {"input_audio_noise_reduction": {"type": None}, "tracing": {"workflow_name": "w", "metadata": None}}
    told = Client(Beta).update(session)
    assert (told["input_audio_noise_reduction"], told["tracing"]) == ({}, {"workflow_name": "w"})


@pytest.mark.parametrize("secret", [{}, {"expires_after": {"anchor": "created_at", "seconds": 600}}, None])
def test_how_long_a_secret_should_live_is_heard_though_none_is_made(secret: dict[str, Any] | None) -> None:
    told = Client(Beta).update({"client_secret": secret, "instructions": "Be kind."})
    assert (told["instructions"], told["client_secret"]) == ("Be kind.", None)


@pytest.mark.parametrize("dialect", [Beta, Ga])
@pytest.mark.parametrize("model", ["gpt-realtime", "gpt-realtime-2.1", "", None, IDENTITY.model])
def test_whatever_model_an_update_names_the_connection_has_chosen(
    dialect: type[JsonDialect], model: str | None
) -> None:
    told = Client(dialect).update({"model": model, "instructions": "Be kind.", "tools": [FUNCTION]})
    assert (told["model"], told["instructions"], told["tools"]) == (IDENTITY.model, "Be kind.", [FUNCTION])


@pytest.mark.parametrize("dialect", [Beta, Ga])
def test_fields_of_a_form_that_were_left_empty_are_not_given(dialect: type[JsonDialect]) -> None:
    empty = {"model": "", "language": "", "prompt": ""}
    session: dict[str, Any] = (
        {"input_audio_transcription": empty} if dialect is Beta else {"audio": {"input": {"transcription": empty}}}
    )
    told = Client(dialect).update({**session, "instructions": ""})
    transcription = told["input_audio_transcription"] if dialect is Beta else told["audio"]["input"]["transcription"]
    assert transcription == {"model": None, "language": None, "prompt": None}


def test_a_voice_may_be_given_by_its_id() -> None:
    assert Client(Beta).update({"voice": {"id": "echo"}})["voice"] == "echo"
    assert Client(Ga).update({"audio": {"output": {"voice": {"id": "echo"}}}})["audio"]["output"]["voice"] == "echo"


@pytest.mark.parametrize("dialect", [Beta, Ga])
def test_turn_detection_may_have_null_for_what_the_other_kind_has(dialect: type[JsonDialect]) -> None:
    nothing = dict.fromkeys(("threshold", "prefix_padding_ms", "silence_duration_ms"))
    detections: list[dict[str, Any]] = [
        {"type": "semantic_vad", "eagerness": "low", **nothing},
        {"type": "server_vad", "threshold": 0.7, "eagerness": None},
    ]
    for sent in detections:
        told = Client(dialect).update(
            {"turn_detection": sent} if dialect is Beta else {"audio": {"input": {"turn_detection": sent}}}
        )
        detection = told["turn_detection"] if dialect is Beta else told["audio"]["input"]["turn_detection"]
        assert contains(detection, {name: value for name, value in sent.items() if value is not None})


# --- what makes no sense ---------------------------------------------------------------------------------------------

NOISE = "session.audio.input.noise_reduction"
TRANSCRIPTION = "session.audio.input.transcription"
NONSENSE: list[tuple[type[JsonDialect], dict[str, Any], str, str]] = [
    (
        Beta,
        {"input_audio_noise_reduction": {"type": "quiet"}},
        "invalid_value",
        "session.input_audio_noise_reduction.type",
    ),
    (
        Beta,
        {"input_audio_noise_reduction": {"type": "near_field", "strength": 1}},
        "unknown_parameter",
        "session.input_audio_noise_reduction.strength",
    ),
    (Beta, {"input_audio_noise_reduction": "near_field"}, "invalid_type", "session.input_audio_noise_reduction"),
    (Beta, {"tracing": "on"}, "invalid_value", "session.tracing"),
    (Beta, {"tracing": {"group_id": 1}}, "invalid_type", "session.tracing.group_id"),
    (Beta, {"tracing": {"name": "w"}}, "unknown_parameter", "session.tracing.name"),
    (Beta, {"client_secret": {"expires_after": {"seconds": 9}}}, "integer_below_min_value", ""),
    (Beta, {"client_secret": {"value": "ek_1"}}, "unknown_parameter", "session.client_secret.value"),
    (Beta, {"model": 3}, "invalid_type", "session.model"),
    (Beta, {"voice": {"id": "nobody"}}, "invalid_value", "session.voice.id"),
    (Beta, {"voice": ""}, "invalid_value", "session.voice"),
    (Beta, {"tools": [SERVER]}, "invalid_value", "session.tools[0].type"),
    (Beta, {"truncation": "auto"}, "unknown_parameter", "session.truncation"),
    (
        Beta,
        {"turn_detection": {"type": "server_vad", "eagerness": "low"}},
        "unknown_parameter",
        "session.turn_detection.eagerness",
    ),
    (Ga, {"audio": {"input": {"noise_reduction": {"type": "near"}}}}, "invalid_value", f"{NOISE}.type"),
    (Ga, {"audio": {"input": {"noise_reduction": {"strength": "high"}}}}, "invalid_type", f"{NOISE}.strength"),
    (Ga, {"audio": {"input": {"noise_reduction": {"strength": -1}}}}, "decimal_below_min_value", f"{NOISE}.strength"),
    (Ga, {"audio": {"input": {"noise_reduction": []}}}, "invalid_type", NOISE),
    (Ga, {"audio": {"input": {"transcription": {"keywords": "x"}}}}, "invalid_type", f"{TRANSCRIPTION}.keywords"),
    (
        Ga,
        {"audio": {"input": {"transcription": {"languages": ["german"]}}}},
        "invalid_value",
        f"{TRANSCRIPTION}.languages[0]",
    ),
    (Ga, {"audio": {"input": {"transcription": {"delay": "none"}}}}, "invalid_value", f"{TRANSCRIPTION}.delay"),
    (
        Ga,
        {"audio": {"input": {"transcription": {"language": "english"}}}},
        "invalid_value",
        f"{TRANSCRIPTION}.language",
    ),
    (Ga, {"tracing": False}, "invalid_type", "session.tracing"),
    (Ga, {"tracing": {"metadata": "x"}}, "invalid_type", "session.tracing.metadata"),
    (Ga, {"truncation": "some"}, "invalid_value", "session.truncation"),
    (Ga, {"truncation": {"type": "ratio", "retention_ratio": 0.5}}, "invalid_value", "session.truncation.type"),
    (Ga, {"truncation": {"retention_ratio": 0.5}}, "missing_required_parameter", "session.truncation.type"),
    (
        Ga,
        {"truncation": {"type": "retention_ratio"}},
        "missing_required_parameter",
        "session.truncation.retention_ratio",
    ),
    (
        Ga,
        {"truncation": {"type": "retention_ratio", "retention_ratio": 1.5}},
        "decimal_above_max_value",
        "session.truncation.retention_ratio",
    ),
    (
        Ga,
        {"truncation": {"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": -1}}},
        "integer_below_min_value",
        "session.truncation.token_limits.post_instructions",
    ),
    (Ga, {"include": ["everything"]}, "invalid_value", "session.include[0]"),
    (Ga, {"include": LOGPROBS}, "invalid_type", "session.include"),
    (Ga, {"reasoning": {"effort": "huge"}}, "invalid_value", "session.reasoning.effort"),
    (Ga, {"reasoning": "low"}, "invalid_type", "session.reasoning"),
    (Ga, {"parallel_tool_calls": "no"}, "invalid_type", "session.parallel_tool_calls"),
    (Ga, {"prompt": {"version": "1"}}, "missing_required_parameter", "session.prompt.id"),
    (Ga, {"prompt": "pmpt_1"}, "invalid_type", "session.prompt"),
    (Ga, {"prompt": {"id": "p", "variables": {"n": 1}}}, "invalid_type", "session.prompt.variables"),
    (Ga, {"model": ["gpt-realtime"]}, "invalid_type", "session.model"),
    (Ga, {"tools": [{"type": "mcp"}]}, "missing_required_parameter", "session.tools[0].server_label"),
    (Ga, {"tools": [{**SERVER, "name": "f"}]}, "unknown_parameter", "session.tools[0].name"),
    (Ga, {"tools": [{**FUNCTION, "server_url": "x"}]}, "unknown_parameter", "session.tools[0].server_url"),
    (Ga, {"tools": [{**SERVER, "require_approval": "maybe"}]}, "invalid_value", "session.tools[0].require_approval"),
    (Ga, {"tool_choice": {"type": "mcp"}}, "missing_required_parameter", "session.tool_choice.server_label"),
]


@pytest.mark.parametrize(("dialect", "session", "code", "param"), NONSENSE)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    dialect: type[JsonDialect], session: dict[str, Any], code: str, param: str
) -> None:
    client = Client(dialect)
    before = client.update({"instructions": "Be kind."})
    error = client.update({"instructions": "Be curt.", **session})
    assert error["code"] == code, error
    assert error["param"] == (param or error["param"])
    assert error["message"]
    assert client.update({}) == before


@pytest.mark.parametrize("session", [{"tracing": {"metadata": {}}}, {"prompt": {"id": "p", "variables": {"v": {}}}}])
def test_what_is_nested_too_deep_to_be_told_again_is_refused(session: dict[str, Any]) -> None:
    (field,) = session
    innermost = session[field]["metadata"] if field == "tracing" else session[field]["variables"]["v"]
    for _ in range(300):
        innermost["x"] = innermost = {}
    assert Client(Ga).update(session)["param"].startswith(f"session.{field}.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FIELDS = ["tracing", "truncation", "include", "reasoning", "parallel_tool_calls", "prompt", "tools", "tool_choice"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1, max_size=3))
def test_whatever_is_sent_is_either_told_again_or_refused_by_its_name(session: dict[str, Any]) -> None:
    client = Client(Ga)
    before = client.update({})
    answer = client.update(session)
    if "message" in answer:
        assert answer["param"].removeprefix("session.").split(".")[0].split("[")[0] in session
        assert client.update({}) == before
    else:
        assert client.update({}) == answer
