"""Every event and field that the openai package lets clients send, in both dialects."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest
from openai.types import realtime as ga
from openai.types.beta import realtime as beta
from pydantic import TypeAdapter

from antiphon.realtime.dialects.beta_client import BetaResponse, BetaSession, BetaTranscriptionSession
from antiphon.realtime.dialects.client_items import ClientItem, ClientPart
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga_client import (
    GaInput,
    GaResponse,
    GaSession,
    GaSessionOutput,
    GaTranscription,
    GaTranscriptionSession,
)
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    RetrieveItem,
    TruncateItem,
    UpdateSession,
)

from .dialects import BETA, GA, LISTENING_BETA, read

EVENTS: list[tuple[dict[str, Any], type[Any]]] = [
    ({"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": []}}, CreateItem),
    ({"type": "conversation.item.delete", "item_id": "i"}, DeleteItem),
    ({"type": "conversation.item.retrieve", "item_id": "i"}, RetrieveItem),
    ({"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": 0}, TruncateItem),
    ({"type": "input_audio_buffer.append", "audio": ""}, AppendAudio),
    ({"type": "input_audio_buffer.clear"}, ClearAudio),
    ({"type": "output_audio_buffer.clear"}, ClearOutputAudio),
    ({"type": "input_audio_buffer.commit"}, CommitAudio),
    ({"type": "response.cancel"}, CancelResponse),
    ({"type": "response.create"}, CreateResponse),
]
"""Those that are alike in both."""

OF_BETA, OF_GA = beta.RealtimeClientEventParam, ga.RealtimeClientEventParam
CASES: list[tuple[Dialect, Any, dict[str, Any], type[Any]]] = [
    *((BETA, OF_BETA, event, command) for event, command in EVENTS),
    (BETA, OF_BETA, {"type": "session.update", "session": {}}, UpdateSession),
    (LISTENING_BETA, OF_BETA, {"type": "transcription_session.update", "session": {}}, UpdateSession),
    *((GA, OF_GA, event, command) for event, command in EVENTS),
    (GA, OF_GA, {"type": "session.update", "session": {"type": "realtime"}}, UpdateSession),
]


@pytest.mark.parametrize(("dialect", "union", "event", "command"), CASES)
def test_every_client_event_of_the_openai_package_is_a_command(
    dialect: Dialect, union: Any, event: dict[str, Any], command: type[Any]
) -> None:
    TypeAdapter(union).validate_python(event)
    asked = read(dialect, **event, event_id="e1")
    assert isinstance(asked, command)
    assert asked.event_id == "e1"


@pytest.mark.parametrize("union", [OF_BETA, OF_GA], ids=["beta", "ga"])
def test_no_client_event_of_the_openai_package_is_forgotten(union: Any) -> None:
    known = {get_args(get_type_hints(member)["type"])[0] for member in get_args(union)}
    assert known == {event["type"] for _, of, event, _ in CASES if of is union}


@pytest.mark.parametrize(
    ("param", "struct"),
    [
        (beta.session_update_event_param.Session, BetaSession),
        (beta.transcription_session_update_param.Session, BetaTranscriptionSession),
        (beta.response_create_event_param.Response, BetaResponse),
        (beta.conversation_item_with_reference_param.ConversationItemWithReferenceParam, ClientItem),
        (beta.conversation_item_content_param.ConversationItemContentParam, ClientPart),
        (ga.RealtimeSessionCreateRequestParam, GaSession),
        (ga.RealtimeTranscriptionSessionCreateRequestParam, GaTranscriptionSession),
        (ga.RealtimeAudioConfigInputParam, GaInput),
        (ga.RealtimeAudioConfigOutputParam, GaSessionOutput),
        (ga.AudioTranscriptionParam, GaTranscription),
        (ga.RealtimeResponseCreateParamsWithReferencesParam, GaResponse),
    ],
)
def test_every_field_of_the_openai_package_is_known(param: type[Any], struct: type[Any]) -> None:
    config = struct.__struct_config__
    assert set(get_type_hints(param)) - {config.tag_field} <= set(struct.__struct_fields__)
