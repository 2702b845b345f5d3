"""`antiphon`, as its command runs it, with a double in place of the engines: arguments are those of the command.

Its replies have as many words as the last message has characters. Each word takes WORD_SECONDS of the environment, and
is a tenth of a second of silence if it is spoken.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from antiphon.audio.pcm import Pcm
from antiphon.cli import serve
from antiphon.cli.main import main
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import (
    AudioSpoken,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Stage,
    StageReached,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.vocabulary.usage import Usage

from ..dialogue.doubles import LoudnessDetector, ScriptedEndOfTurn, ScriptedRecognizer

SAMPLE_RATE = 24_000


class CountingResponder:
    """Says "word" over and over."""

    sample_rate = SAMPLE_RATE
    voices = frozenset({"alloy"})

    async def prefill(self, request: ReplyRequest) -> None:
        """There is nothing to keep."""

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        yield StageReached(stage=Stage.HEARD)
        yield StageReached(stage=Stage.FIRST_TOKEN)
        parts = request.conversation[-1].parts
        words = max([len(part) for part in parts if isinstance(part, str)], default=1)
        for _ in range(words):
            await asyncio.sleep(float(os.environ.get("WORD_SECONDS", "0")))
            if request.voice is None:
                yield TextWritten(text="word ")
            else:
                yield TranscriptSpoken(text="word ")
                yield AudioSpoken(audio=Pcm.silence(0.1, SAMPLE_RATE))
        usage = Usage(input_text_tokens=9, output_text_tokens=words)
        yield ReplyFinished(finish_reason="stop", usage=usage)


async def load_profiles(*_: Any) -> Mapping[str, Profile]:
    detector = LoudnessDetector()
    profile = Profile(
        responder=CountingResponder(),
        hearing=Hearing(ScriptedRecognizer(), detector),
        detector=detector,
        end_of_turn=ScriptedEndOfTurn(),
        fingerprint="fp_0123456789",
    )
    return {"default": profile}


def needed_models(*_: Any) -> list[str]:
    return []


if __name__ == "__main__":
    serve.load_profiles = load_profiles
    serve.needed_models = needed_models
    main()
