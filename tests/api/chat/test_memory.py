"""What stays in memory of a reply that failed: nothing."""

from __future__ import annotations

import weakref
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

from antiphon.api.chat.choices import reply_events
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Speech, Turn

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_garbage_collection")]


@dataclass
class DeafResponder:
    """A double, which hears nobody."""

    sample_rate: int = 24_000
    voices: frozenset[str] = field(default_factory=frozenset)

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        for turn in request.conversation:
            raise NoSpeech(source=str(len(turn.parts)))
        yield  # type: ignore[misc]

    async def prefill(self, request: ReplyRequest) -> None: ...


@pytest.mark.parametrize("choices", [1, 2])
async def test_a_recording_in_which_nobody_speaks_is_not_kept_by_its_refusal(choices: int) -> None:
    audio = Pcm.silence(1.0, 16_000)
    kept = weakref.ref(audio)

    async def ask(audio: Pcm) -> None:
        request = ReplyRequest(conversation=[Turn(role="user", parts=[Speech(audio=audio)])], voice=None)
        with pytest.raises(NoSpeech):
            async for _ in reply_events(DeafResponder(), request, choices=choices):
                pytest.fail("There is nothing to reply to.")

    await ask(audio)
    del audio
    assert kept() is None
