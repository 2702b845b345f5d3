from __future__ import annotations

from typing import Any

import pytest

from antiphon.engines.kind import Role
from antiphon.engines.probes import Outcome, try_out

from .remote.audio_double import USAGE, audio_model, end, sound, words
from .remote.upstream_double import Answer, event_stream, status

pytestmark = pytest.mark.anyio


async def tried(answer: Answer) -> Outcome:
    async def built(model: Any) -> Any:
        return model

    async with audio_model(answer) as (model, _):
        return await try_out(Role.RESPONDER, built(model))


async def test_a_model_that_speaks_is_asked_to_say_something():
    outcome = await tried(event_stream(words("Good "), words("day."), sound(), end(), USAGE))
    assert (outcome.answers, outcome.text) == (True, "Good day.")
    assert outcome.first_ms is not None


async def test_a_server_that_refuses_is_told():
    outcome = await tried(status(401, b"Wrong key."))
    assert not outcome.answers
    assert "401: Wrong key." in (outcome.error or "")
