"""Events as both dialects read them: audio, numbers, positions, kinds of session."""

from __future__ import annotations

from typing import Any

import pybase64
import pytest

from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.client_audio import MAX_AUDIO_BYTES
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientCommand,
    CommitAudio,
    CreateResponse,
    DeleteItem,
    Refuse,
    RetrieveItem,
    TruncateItem,
    UpdateSession,
)

from .dialect_shapes import VOICES
from .dialects import BETA, GA, both, made_id, read, refusal


@both
@pytest.mark.parametrize(
    ("event", "command"),
    [
        ({"type": "input_audio_buffer.append", "audio": "AAEC"}, AppendAudio(audio=b"\0\1\2")),
        ({"type": "input_audio_buffer.append", "audio": ""}, AppendAudio(audio=b"")),
        ({"type": "input_audio_buffer.commit"}, CommitAudio()),
        ({"type": "input_audio_buffer.clear"}, ClearAudio()),
        ({"type": "output_audio_buffer.clear"}, ClearOutputAudio()),
        ({"type": "conversation.item.retrieve", "item_id": "i"}, RetrieveItem(item_id="i")),
        ({"type": "conversation.item.delete", "item_id": "i"}, DeleteItem(item_id="i")),
        (
            {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": 1500},
            TruncateItem(item_id="i", content_index=0, audio_end_ms=1500),
        ),
        ({"type": "response.cancel"}, CancelResponse()),
        ({"type": "response.cancel", "response_id": "r", "event_id": None}, CancelResponse(response_id="r")),
        ({"type": "response.create"}, CreateResponse()),
        ({"type": "response.create", "response": None, "event_id": "e"}, CreateResponse(event_id="e")),
        ({"type": "response.create", "response": {}}, CreateResponse()),
    ],
)
def test_events_become_commands(dialect: Dialect, event: dict[str, Any], command: ClientCommand) -> None:
    assert read(dialect, **event) == command


@both
@pytest.mark.parametrize("separator", ["\r\n", "\n", " "])
def test_audio_may_have_line_breaks(dialect: Dialect, separator: str) -> None:
    encoded = pybase64.b64encode_as_string(bytes(range(240)))
    for sent in (encoded + separator, separator.join(encoded[at : at + 76] for at in range(0, len(encoded), 76))):
        assert read(dialect, type="input_audio_buffer.append", audio=sent) == AppendAudio(audio=bytes(range(240)))


@both
def test_whole_numbers_may_have_a_point(dialect: Dialect) -> None:
    fields: dict[str, Any] = {"type": "conversation.item.truncate", "item_id": "item_1"}
    written = read(dialect, **fields, content_index=0.0, audio_end_ms=1500.0)
    assert written == read(dialect, **fields, content_index=0, audio_end_ms=1500)
    assert isinstance(written, TruncateItem)
    assert type(written.audio_end_ms) is int
    broken = refusal(dialect, **fields, content_index=0, audio_end_ms=1500.5)
    assert (broken.param, broken.code) == ("audio_end_ms", "invalid_type")


def test_limits_may_have_a_point() -> None:
    turns = {"type": "server_vad", "silence_duration_ms": 500.0, "prefix_padding_ms": 3e2, "threshold": 0.5}

    def beta(turn_detection: Any, limit: Any) -> ClientCommand:
        session = {"turn_detection": turn_detection, "max_response_output_tokens": limit}
        return read(BETA, type="session.update", session=session)

    whole = beta(turns | {"silence_duration_ms": 500, "prefix_padding_ms": 300}, 4096)
    assert isinstance(whole, UpdateSession)
    assert beta(turns, 4096.0) == whole
    session = {"type": "realtime", "max_output_tokens": 100.0, "audio": {"input": {"format": {"type": "audio/pcm"}}}}
    assert read(GA, type="session.update", session=session) == read(
        GA, type="session.update", session=session | {"max_output_tokens": 100}
    )


@both
@pytest.mark.parametrize("audio", ["A", "AAA", "AA-_", "AA A", "é===", "AAAA="])
def test_audio_that_is_not_base64_is_refused(dialect: Dialect, audio: str) -> None:
    error = refusal(dialect, type="input_audio_buffer.append", audio=audio)
    assert (error.code, error.param) == ("invalid_value", "audio")


@both
def test_as_much_audio_as_is_allowed_can_be_appended_and_no_more(dialect: Dialect) -> None:
    for size in (MAX_AUDIO_BYTES, MAX_AUDIO_BYTES + 1, MAX_AUDIO_BYTES + 3):
        command = read(dialect, type="input_audio_buffer.append", audio=pybase64.b64encode_as_string(bytes(size)))
        if size == MAX_AUDIO_BYTES:
            assert isinstance(command, AppendAudio)
            assert len(command.audio) == size
        else:
            assert isinstance(command, Refuse)
            assert (command.error.code, command.error.param) == ("invalid_value", "audio")


@both
def test_positions_before_the_beginning_are_refused(dialect: Dialect) -> None:
    truncation = {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0}
    assert refusal(dialect, **truncation, audio_end_ms=-1).param == "audio_end_ms"
    assert refusal(dialect, **truncation | {"content_index": -1}, audio_end_ms=1).param == "content_index"


def test_only_the_kind_of_session_that_was_created_can_be_updated() -> None:
    realtime = {"type": "session.update", "session": {"type": "realtime"}}
    transcription = {"type": "session.update", "session": {"type": "transcription"}}
    beta_transcription = {"type": "transcription_session.update", "session": {}}
    listening = SessionIdentity(id="sess_2", model="whisper-1", expires_at=0, transcribes_only=True)
    assert isinstance(read(Ga(listening, made_id, VOICES), **transcription), UpdateSession)
    assert isinstance(read(Beta(listening, made_id, VOICES), **beta_transcription), UpdateSession)
    assert refusal(Ga(listening, made_id, VOICES), **realtime).param == "session.type"
    assert refusal(GA, **transcription).param == "session.type"
    assert refusal(Beta(listening, made_id, VOICES), type="session.update", session={}).param == "type"
    assert refusal(BETA, **beta_transcription).param == "type"
