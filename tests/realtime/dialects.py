"""Both dialects as clients meet them: a frame goes in, a command or a refusal comes out; an event becomes a frame."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import Error, ServerEvent
from antiphon.realtime.inputs import ClientCommand, Refuse, UpdateSession

from .dialect_shapes import IDENTITY, VOICES


def made_id(prefix: str) -> str:
    return f"{prefix}_1"


BETA = Beta(IDENTITY, made_id, VOICES)
GA = Ga(IDENTITY, made_id, VOICES)
both = pytest.mark.parametrize("dialect", [BETA, GA], ids=["beta", "ga"])

_LISTENING = SessionIdentity(id="sess_1", model="whisper-1", expires_at=1, transcribes_only=True)
LISTENING_BETA = Beta(_LISTENING, made_id, VOICES)
LISTENING_GA = Ga(_LISTENING, made_id, VOICES)
"""As a session that only transcribes speaks them."""


def written(dialect: Dialect, event: ServerEvent) -> dict[str, Any]:
    frame = dialect.write(event)
    assert frame is not None
    return json.loads(frame)


def read(dialect: Dialect, **event: Any) -> ClientCommand:
    return dialect.read(json.dumps(event))


def changes(dialect: Dialect, **session: Any) -> dict[str, Any]:
    """What an update of the session changes."""
    command = read(dialect, type="session.update", session=session)
    assert isinstance(command, UpdateSession), command
    return dict(command.changes)


def refusal(dialect: Dialect, **event: Any) -> Error:
    command = read(dialect, **event)
    assert isinstance(command, Refuse), command
    event_id = event.get("event_id")
    assert command.event_id == (event_id if isinstance(event_id, str) else None)
    return command.error


def message(role: str, *content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": list(content), **fields}
