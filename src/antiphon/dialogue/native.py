"""`NativeResponder`: a responder made of one model that hears, thinks and speaks by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.hearing import Hearing, Utterance, last_heard
from antiphon.dialogue.reply import (
    AudioSpoken,
    LastHeard,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Speech,
    Stage,
    StageReached,
    TextWritten,
    TranscriptSpoken,
    Turn,
    audio_tokens,
    limited,
)
from antiphon.engines.interfaces import (
    AudioDelta,
    AudioMessage,
    AudioModel,
    AudioPrompt,
    GenerationFinished,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
    TranscriptDelta,
)
from antiphon.vocabulary.tokens import INPUT_TOKENS_A_SECOND, OUTPUT_TOKENS_A_SECOND
from antiphon.vocabulary.usage import Usage

_log = logging.getLogger(__name__)


class NativeResponder:
    """A `Responder`. The model hears the recordings themselves; `hearing` only tells what was said, and nothing waits
    for it.

    No reply exceeds `max_reply_tokens`, if given, even if its request allows more.
    """

    def __init__(self, *, hearing: Hearing, model: AudioModel, max_reply_tokens: int | None = None) -> None:
        self._hearing = hearing
        self._model = model
        self._max_reply_tokens = max_reply_tokens

    @property
    def sample_rate(self) -> int:
        return self._model.sample_rate

    @property
    def voices(self) -> frozenset[str]:
        return self._model.voices

    async def prefill(self, request: ReplyRequest) -> None:
        """The model hears a turn when it is over."""

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        """Yield the reply as it is made, then `ReplyFinished`."""
        hearing = asyncio.create_task(self._hear(request.last_speech))
        is_heard = False
        try:
            async with aclosing(self._converse(request)) as events:
                async for event in events:
                    if hearing.done() and not is_heard:
                        is_heard = True
                        yield StageReached(stage=Stage.HEARD)
                        if (heard := hearing.result()) is not None:
                            yield heard
                    yield event
        finally:
            hearing.cancel()

    async def _hear(self, spoken: Sequence[Speech]) -> LastHeard | None:
        """The words of what was just spoken; None if nothing was, or the recognizer fails."""
        utterances: list[Utterance] = []
        live = [speech for speech in spoken if speech.is_live]
        for speech in live:
            try:
                utterances.append(await self._hearing.hear(speech))
            except NoSpeech:
                continue
            except Exception as error:
                _log.warning("What was said is not known: the recognizer failed", exc_info=error)
                return None
        return last_heard(utterances) if live else None

    async def _converse(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        has_begun = has_words = False
        seconds = 0.0
        async with aclosing(self._model.converse(self._prompt(request))) as pieces:
            async for piece in pieces:
                if not has_begun:
                    has_begun = True
                    yield StageReached(stage=Stage.FIRST_TOKEN)
                match piece:
                    case TextDelta():
                        yield TextWritten(text=piece.text, logprobs=piece.logprobs)
                    case TranscriptDelta():
                        has_words = True
                        yield TranscriptSpoken(text=piece.text)
                    case AudioDelta():
                        if not has_words:  # Audio belongs to a transcript, even if there is none yet.
                            has_words = True
                            yield TranscriptSpoken(text="")
                        seconds += piece.audio.seconds
                        yield AudioSpoken(audio=piece.audio)
                    case GenerationFinished():
                        usage = _usage(piece, heard_seconds=_seconds(request), spoken_seconds=seconds)
                        yield ReplyFinished(finish_reason=piece.finish_reason, usage=usage)
                    case ToolCallDelta() | ToolCallEnded():
                        yield piece

    def _prompt(self, request: ReplyRequest) -> AudioPrompt:
        return AudioPrompt(
            messages=[_message(turn) for turn in request.conversation],
            voice=request.voice.name if request.voice else None,
            speed=request.voice.speed if request.voice else 1.0,
            sampling=limited(request.sampling, self._max_reply_tokens),
            tools=request.tools,
            tool_choice=request.tool_choice,
            parallel_tool_calls=request.parallel_tool_calls,
            response_format=request.response_format,
        )


def _message(turn: Turn) -> AudioMessage:
    return AudioMessage(
        role=turn.role,
        parts=[part if isinstance(part, str) else part.audio for part in turn.parts],
        tool_calls=turn.tool_calls,
        tool_call_id=turn.tool_call_id,
    )


def _seconds(request: ReplyRequest) -> float:
    return sum(part.audio.seconds for turn in request.conversation for part in turn.parts if isinstance(part, Speech))


def _usage(finished: GenerationFinished, *, heard_seconds: float, spoken_seconds: float) -> Usage:
    """The model's own count. Where it does not tell audio from text, audio counts by its length."""
    heard, spoken = finished.prompt_audio_tokens, finished.completion_audio_tokens
    if heard is None:
        heard = audio_tokens(heard_seconds, INPUT_TOKENS_A_SECOND)
    if spoken is None:
        spoken = audio_tokens(spoken_seconds, OUTPUT_TOKENS_A_SECOND)
    return Usage(
        input_text_tokens=max(0, finished.prompt_tokens - heard),
        input_audio_tokens=heard,
        cached_tokens=finished.cached_tokens,
        output_text_tokens=max(0, finished.completion_tokens - spoken),
        output_audio_tokens=spoken,
    )
