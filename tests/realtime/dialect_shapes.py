"""One of every server event, and what is wrong with one as the openai package's types see it."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from antiphon.realtime import events
from antiphon.realtime.configuration import AudioFormat, Configuration, InputTranscription, SemanticVad
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool, Tool
from antiphon.vocabulary.usage import Usage

IDENTITY = SessionIdentity(id="sess_1", model="gpt-4o-realtime-preview", expires_at=1_734_626_723)
VOICES = frozenset({"alloy", "echo", "verse"})

PLAIN = Configuration(model="gpt-4o-realtime-preview")
RICH = Configuration(
    model="gpt-4o-realtime-preview",
    instructions="Be brief.",
    speaks=False,
    voice="verse",
    speed=1.25,
    input_format=AudioFormat.G711_ULAW,
    output_format=AudioFormat.G711_ALAW,
    transcription=InputTranscription(model="whisper-1", language="en", prompt="names"),
    turn_detection=SemanticVad(eagerness="low", create_response=False),
    tools=(Tool(name="look_up", description="Looks up.", parameters={"type": "object"}),),
    tool_choice="required",
    temperature=0.7,
    max_output_tokens=100,
    metadata={"topic": "weather"},
)
NAMED = Configuration(model="gpt-4o-realtime-preview", turn_detection=None, tool_choice=NamedTool(name="look_up"))

USER = MessageItem(id="item_1", role="user", parts=(Text(text="Hi"), Audio(data=b"\0\1\2")))
SYSTEM = MessageItem(id="item_2", role="system", parts=(Text(text="Be brief."),))
ASSISTANT = MessageItem(
    id="item_3",
    role="assistant",
    parts=(Text(text="Hello"), Audio(data=b"\0\1\2", transcript="Hello")),
    status="incomplete",
)
CALL = FunctionCallItem(id="item_4", call_id="call_1", name="look_up", arguments="{}", status="in_progress")
CALL_OUTPUT = FunctionCallOutputItem(id="item_5", call_id="call_1", output="sunny")
ITEMS = (USER, SYSTEM, ASSISTANT, CALL, CALL_OUTPUT)

USAGE = Usage(input_text_tokens=1, input_audio_tokens=2, cached_tokens=1, output_text_tokens=4, output_audio_tokens=8)
FAILURE = events.Error(type="server_error", code="engine_failed", message="It broke.")
RESPONSES = (
    events.Response(id="resp_1", configuration=PLAIN, conversation_id="conv_1"),
    events.Response(
        id="resp_1", configuration=RICH, status="completed", output=(ASSISTANT, CALL), usage=USAGE, conversation_id=None
    ),
    events.Response(
        id="resp_1",
        configuration=PLAIN,
        status="cancelled",
        details=events.StatusDetails(type="cancelled", reason="turn_detected"),
        usage=USAGE,
    ),
    events.Response(
        id="resp_1",
        configuration=PLAIN,
        status="failed",
        details=events.StatusDetails(type="failed", error=FAILURE),
    ),
)

_PLACE: dict[str, Any] = {"response_id": "resp_1", "item_id": "item_3", "output_index": 0, "content_index": 1}
_CALL: dict[str, Any] = {"response_id": "resp_1", "item_id": "item_4", "output_index": 1, "call_id": "call_1"}
_AUDIO: dict[str, Any] = {"item_id": "item_1", "content_index": 0}

EVERY_EVENT: tuple[ServerEvent, ...] = (
    *(events.SessionCreated(configuration=configuration) for configuration in (PLAIN, RICH)),
    *(events.SessionUpdated(configuration=configuration) for configuration in (PLAIN, RICH)),
    events.ErrorReported(error=events.Error(code="invalid_value", message="No.", param="type"), client_event_id="e1"),
    events.ErrorReported(error=FAILURE),
    events.SpeechStarted(audio_start_ms=10, item_id="item_1"),
    events.SpeechStopped(audio_end_ms=900, item_id="item_1"),
    events.AudioCommitted(previous_item_id=None, item_id="item_1"),
    events.AudioCleared(),
    events.IdleTimeout(audio_start_ms=0, audio_end_ms=5000, item_id="item_1"),
    *(events.ItemAdded(item=item, previous_item_id="item_0") for item in ITEMS),
    *(events.ItemDone(item=item, previous_item_id=None) for item in ITEMS),
    *(events.ItemRetrieved(item=item) for item in ITEMS),
    events.ItemTruncated(item_id="item_3", content_index=0, audio_end_ms=700),
    events.ItemDeleted(item_id="item_3"),
    events.TranscriptionDelta(**_AUDIO, delta="Hi"),
    events.TranscriptionCompleted(**_AUDIO, transcript="Hi", seconds=1.5),
    events.TranscriptionRefused(**_AUDIO, error=FAILURE),
    *(events.ResponseCreated(response=response) for response in RESPONSES),
    *(events.ResponseDone(response=response) for response in RESPONSES),
    *(events.OutputItemAdded(response_id="resp_1", output_index=0, item=item) for item in (ASSISTANT, CALL)),
    *(events.OutputItemDone(response_id="resp_1", output_index=0, item=item) for item in (ASSISTANT, CALL)),
    *(events.PartAdded(**_PLACE, part=part) for part in (Text(text=""), Audio())),
    *(events.PartDone(**_PLACE, part=part) for part in (Text(text="Hi"), Audio(data=b"\0\1", transcript="Hi"))),
    events.TextDelta(**_PLACE, delta="H"),
    events.TextDone(**_PLACE, text="Hi"),
    events.TranscriptDelta(**_PLACE, delta="H"),
    events.TranscriptDone(**_PLACE, transcript="Hi"),
    events.AudioDelta(**_PLACE, audio=b"\0\1\2"),
    events.AudioDone(**_PLACE),
    events.ArgumentsDelta(**_CALL, delta="{"),
    events.ArgumentsDone(**_CALL, name="look_up", arguments="{}"),
    events.RateLimitsUpdated(
        limits=(
            events.RateLimit(name="requests", limit=100, remaining=99, reset_seconds=0.6),
            events.RateLimit(name="tokens", limit=20_000, remaining=19_000, reset_seconds=3.0),
        )
    ),
    events.OutputAudioCleared(response_id="resp_1"),
)


def event_models(union: Any) -> dict[str, type[BaseModel]]:
    """The models of a union of server events, by the type that each stands for."""
    members = get_args(get_args(union)[0])
    return {get_args(member.model_fields["type"].annotation)[0]: member for member in members}


def differences(value: Any, expected: Any, path: str = "") -> list[str]:
    """What of `value` the type does not know, misses, or has otherwise."""
    if get_origin(expected) is Annotated:
        return differences(value, get_args(expected)[0], path)
    if get_origin(expected) in (Union, types.UnionType):
        members = [one for one in get_args(expected) if (one is type(None)) == (value is None)] or get_args(expected)
        return min((differences(value, one, path) for one in members), key=len)
    if get_origin(expected) is list and isinstance(value, list):
        (inner,) = get_args(expected)
        return [found for index, one in enumerate(value) for found in differences(one, inner, f"{path}[{index}]")]
    if isinstance(expected, type) and issubclass(expected, BaseModel) and isinstance(value, dict):
        return _differences_of_fields(value, expected, path)
    try:
        TypeAdapter(expected).validate_python(value, strict=True)
    except ValidationError as error:
        return [f"{path}: {error.errors()[0]['msg']}"]
    return []


def _differences_of_fields(value: dict[str, Any], model: type[BaseModel], path: str) -> list[str]:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    found = [f"{path}.{name}: unknown" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            found += differences(value[name], field.annotation, f"{path}.{name}")
        elif field.is_required():
            found.append(f"{path}.{name}: missing")
    return found
