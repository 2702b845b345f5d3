"""A responder that is one model: what the model is asked, and what comes of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import pytest

from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.native import NativeResponder
from antiphon.dialogue.reply import (
    AudioSpoken,
    LastHeard,
    Progress,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Speech,
    Stage,
    StageReached,
    TextWritten,
    TranscriptSpoken,
    Turn,
    Voice,
)
from antiphon.engines.interfaces import (
    AudioDelta,
    AudioPrompt,
    Conversed,
    GenerationFinished,
    RecognizedSpeech,
    Sampling,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
    TranscriptDelta,
)
from antiphon.vocabulary.tools import Tool, ToolCall
from antiphon.vocabulary.usage import Usage

from ..waiting import settled
from .doubles import FINISHED, LoudnessDetector, ScriptedRecognizer, noise

pytestmark = pytest.mark.anyio

ALOUD = Voice(name="alloy", speed=1.25)
SAID = Speech(audio=noise(2.0), is_live=True)
SAYING = Turn(role="user", parts=(SAID,))
SOUND = AudioDelta(audio=noise(0.5))


@dataclass(slots=True)
class ScriptedAudioModel:
    """Answers every prompt with the same pieces, once it may."""

    pieces: Sequence[Conversed] = (TranscriptDelta(text="It is ten."), SOUND, FINISHED)
    prompts: list[AudioPrompt] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    sample_rate: int = 24_000
    voices: frozenset[str] = frozenset({"alloy"})

    async def converse(self, prompt: AudioPrompt) -> AsyncGenerator[Conversed]:
        self.prompts.append(prompt)
        try:
            await self.may_answer.wait()
            for piece in self.pieces:
                yield piece
        finally:
            self.closed.set()


class BrokenRecognizer:
    async def recognize(self, *_: object, **__: object) -> AsyncGenerator[RecognizedSpeech]:
        raise RuntimeError("out of memory")
        yield


async def replied(
    model: ScriptedAudioModel, request: ReplyRequest, recognizer: object | None = None, **options: int
) -> list[ReplyEvent]:
    """The model answers once the last turn has been recognized, if it was just spoken."""
    hearing = Hearing(recognizer or ScriptedRecognizer(), LoudnessDetector())  # type: ignore[arg-type]
    responder = NativeResponder(hearing=hearing, model=model, **options)

    async def gather() -> list[ReplyEvent]:
        async with aclosing(responder.respond(request)) as events:
            return [event async for event in events]

    gathering = asyncio.create_task(gather())
    if SAYING in request.conversation:
        with suppress(RuntimeError):
            await hearing.hear(SAID)
    await settled()
    model.may_answer.set()
    return await gathering


async def test_the_model_hears_the_conversation_itself():
    call = ToolCall(id="call_1", name="look", arguments="{}")
    turns = [
        Turn(role="system", parts=("Be kind.",)),
        Turn(role="user", parts=("Listen.", SAID)),
        Turn(role="assistant", parts=("One moment.",), tool_calls=(call,)),
        Turn(role="tool", parts=("sunny",), tool_call_id="call_1"),
    ]
    look = Tool(name="look")
    request = ReplyRequest(
        conversation=turns, voice=ALOUD, tools=[look], tool_choice="required", sampling=Sampling(max_tokens=50)
    )
    model = ScriptedAudioModel()
    await replied(model, request, max_reply_tokens=40)
    (prompt,) = model.prompts
    assert (prompt.voice, prompt.speed) == ("alloy", 1.25)
    assert (prompt.tools, prompt.tool_choice, prompt.sampling.max_tokens) == ([look], "required", 40)
    assert [message.role for message in prompt.messages] == ["system", "user", "assistant", "tool"]
    assert prompt.messages[1].parts == ["Listen.", SAID.audio]
    assert (prompt.messages[2].tool_calls, prompt.messages[3].tool_call_id) == ((call,), "call_1")


async def test_a_spoken_answer_is_a_transcript_with_its_audio():
    events = await replied(ScriptedAudioModel(), ReplyRequest(conversation=[SAYING], voice=ALOUD))
    said = [event for event in events if not isinstance(event, Progress)]
    assert said[:2] == [TranscriptSpoken(text="It is ten."), AudioSpoken(audio=SOUND.audio)]
    assert isinstance(said[2], ReplyFinished)


async def test_audio_without_words_has_an_empty_transcript():
    model = ScriptedAudioModel(pieces=[SOUND, SOUND, FINISHED])
    events = await replied(model, ReplyRequest(conversation=[SAYING], voice=ALOUD))
    said = [event for event in events if not isinstance(event, Progress)]
    assert [type(event) for event in said] == [TranscriptSpoken, AudioSpoken, AudioSpoken, ReplyFinished]


async def test_an_answer_in_text_and_calls_of_tools_pass_through():
    call, ended = ToolCallDelta(index=0, id="call_1", name="look"), ToolCallEnded(index=0)
    model = ScriptedAudioModel(pieces=[TextDelta(text="Let me look."), call, ended, FINISHED])
    events = await replied(model, ReplyRequest(conversation=[SAYING]))
    said = [event for event in events if not isinstance(event, Progress)]
    assert said[:-1] == [TextWritten(text="Let me look."), call, ended]
    assert model.prompts[0].voice is None


async def test_what_was_said_is_told_in_the_recognizers_words():
    events = await replied(ScriptedAudioModel(), ReplyRequest(conversation=[SAYING], voice=ALOUD))
    assert events[:3] == [
        StageReached(stage=Stage.HEARD),
        LastHeard(text="What is the time?", language="en"),
        StageReached(stage=Stage.FIRST_TOKEN),
    ]


async def test_a_recording_that_was_uploaded_is_left_to_the_model():
    recognizer = ScriptedRecognizer()
    uploaded = Turn(role="user", parts=(Speech(audio=noise(1.0)),))
    events = await replied(ScriptedAudioModel(), ReplyRequest(conversation=[uploaded]), recognizer)
    assert not any(isinstance(event, LastHeard) for event in events)
    assert not recognizer.utterances


async def test_a_recognizer_that_fails_does_not_stop_the_answer(caplog: pytest.LogCaptureFixture):
    request = ReplyRequest(conversation=[SAYING], voice=ALOUD)
    events = await replied(ScriptedAudioModel(), request, BrokenRecognizer())
    assert isinstance(events[-1], ReplyFinished)
    assert "the recognizer failed" in caplog.text


async def test_closing_the_reply_closes_the_models_answer():
    model = ScriptedAudioModel()
    model.may_answer.set()
    responder = NativeResponder(hearing=Hearing(ScriptedRecognizer(), LoudnessDetector()), model=model)
    async with aclosing(responder.respond(ReplyRequest(conversation=[SAYING], voice=ALOUD))) as events:
        await anext(events)
    assert model.closed.is_set()


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        (
            {"prompt_audio_tokens": 25, "completion_audio_tokens": 5},
            Usage(
                input_text_tokens=15,
                input_audio_tokens=25,
                cached_tokens=8,
                output_text_tokens=25,
                output_audio_tokens=5,
            ),
        ),
        (
            {},
            Usage(
                input_text_tokens=20,
                input_audio_tokens=20,
                cached_tokens=8,
                output_text_tokens=20,
                output_audio_tokens=10,
            ),
        ),
    ],
    ids=["told apart", "by its length"],
)
async def test_audio_counts_as_the_model_counts_it_or_by_its_length(told: dict[str, int], usage: Usage):
    finished = GenerationFinished(finish_reason="stop", prompt_tokens=40, cached_tokens=8, completion_tokens=30, **told)
    model = ScriptedAudioModel(pieces=[TranscriptDelta(text="Hm."), SOUND, finished])
    events = await replied(model, ReplyRequest(conversation=[SAYING], voice=ALOUD))
    assert events[-1] == ReplyFinished(finish_reason="stop", usage=usage)
