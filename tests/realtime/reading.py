"""Both dialects as clients meet them: a frame goes in, a command or a refusal comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.events import Error
from antiphon.realtime.inputs import ClientCommand, Refuse

from .dialect_shapes import IDENTITY, VOICES


def made_id(prefix: str) -> str:
    return f"{prefix}_1"


BETA = Beta(IDENTITY, made_id, VOICES)
GA = Ga(IDENTITY, made_id, VOICES)
both = pytest.mark.parametrize("dialect", [BETA, GA], ids=["beta", "ga"])


def read(dialect: Dialect, **event: Any) -> ClientCommand:
    return dialect.read(json.dumps(event))


def refusal(dialect: Dialect, **event: Any) -> Error:
    command = read(dialect, **event)
    assert isinstance(command, Refuse), command
    return command.error


def message(role: str, *content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": list(content), **fields}
