"""The chain of engines: what it hears, what it has written, what it says."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
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
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Sampling, ToolCallDelta, ToolCallEnded

from ..waiting import eventually, settled
from .doubles import LoudnessDetector, RecordingSynthesizer, ScriptedLanguageModel, ScriptedRecognizer, noise

pytestmark = pytest.mark.anyio

ALOUD = Voice(name="alloy")


SAYING = Turn(role="user", parts=(Speech(audio=noise(1.0), is_live=True),))


@pytest.fixture(scope="module")
def languages() -> LanguageIdentifier:
    return LanguageIdentifier()


@dataclass(slots=True)
class Dialogue:
    """A chain of doubles; only what `dialogue` itself does is real."""

    languages: LanguageIdentifier
    max_reply_tokens: int | None = None
    recognizer: ScriptedRecognizer = field(default_factory=ScriptedRecognizer)
    language_model: ScriptedLanguageModel = field(default_factory=ScriptedLanguageModel)
    synthesizer: RecordingSynthesizer = field(default_factory=RecordingSynthesizer)
    chain: Chain = field(init=False)

    def __post_init__(self) -> None:
        self.chain = Chain(
            hearing=Hearing(self.recognizer, LoudnessDetector()),
            language_model=self.language_model,
            synthesizer=self.synthesizer,
            languages=self.languages,
            pronouncer=Pronouncer(),
            max_reply_tokens=self.max_reply_tokens,
            today=lambda: datetime.date(2026, 12, 1),
        )

    async def events(self, *turns: Turn, **options: Any) -> list[ReplyEvent]:
        async with aclosing(self.chain.respond(ReplyRequest(conversation=turns, **options))) as events:
            return [event async for event in events]

    async def reply(self, *turns: Turn, **options: Any) -> list[ReplyEvent]:
        """What is said, without how it is getting on."""
        return [event for event in await self.events(*turns, **options) if not isinstance(event, Progress)]

    @property
    def system_text(self) -> str:
        return self.language_model.prompts[-1].messages[0].text


@pytest.fixture
def dialogue(languages: LanguageIdentifier) -> Dialogue:
    return Dialogue(languages)


def user(*parts: str | Speech) -> Turn:
    return Turn(role="user", parts=parts)


async def until_it_says_something(events: AsyncGenerator[ReplyEvent]) -> None:
    while isinstance(await anext(events), Progress):
        pass


async def test_text_alone_is_passed_on_as_it_is_written(dialogue: Dialogue):
    dialogue.language_model.pieces = ["**It** is ", "ten."]
    events = await dialogue.reply(user("What is the time?"))
    assert [event.text for event in events if isinstance(event, TextWritten)] == ["**It** is ", "ten."]
    assert isinstance(events[-1], ReplyFinished)
    assert not dialogue.synthesizer.clauses


@pytest.mark.parametrize(
    ("most", "asked", "granted"), [(None, None, None), (None, 50, 50), (40, None, 40), (40, 50, 40), (40, 30, 30)]
)
async def test_a_reply_is_as_long_as_the_profile_and_its_request_allow(
    languages: LanguageIdentifier, most: int | None, asked: int | None, granted: int | None
):
    dialogue = Dialogue(languages, max_reply_tokens=most)
    await dialogue.reply(user("What is the time?"), sampling=Sampling(max_tokens=asked, temperature=0.5))
    assert dialogue.language_model.prompts[-1].sampling == Sampling(max_tokens=granted, temperature=0.5)


async def test_each_clause_is_told_before_it_is_spoken(dialogue: Dialogue):
    dialogue.language_model.pieces = ["Of course, it ", "is ten o'clock", ". You should ", "go now."]
    events = await dialogue.reply(user("What is the time?"), voice=ALOUD)
    kinds = [type(event) for event in events]
    assert kinds[:2] == [TranscriptSpoken, AudioSpoken]
    assert kinds[-1] is ReplyFinished
    transcript = "".join(event.text for event in events if isinstance(event, TranscriptSpoken))
    assert transcript == "Of course, it is ten o'clock. You should go now."
    assert len(dialogue.synthesizer.clauses) == kinds.count(TranscriptSpoken) >= 2


async def test_only_the_first_clause_opens_the_reply(dialogue: Dialogue):
    dialogue.language_model.pieces = ["Of course, it is ten. You should go now. It is late."]
    await dialogue.reply(user("What is the time?"), voice=ALOUD)
    opens = [clause.opens_reply for clause in dialogue.synthesizer.clauses]
    assert opens == [True] + [False] * (len(opens) - 1)


async def test_the_transcript_is_what_is_heard_and_the_voice_gets_words(dialogue: Dialogue):
    dialogue.language_model.pieces = ["It costs **$1.5M** 🎉."]
    events = await dialogue.reply(user("What does it cost?"), voice=ALOUD)
    assert "".join(event.text for event in events if isinstance(event, TranscriptSpoken)) == "It costs $1.5M."
    assert dialogue.synthesizer.clauses[-1].text.endswith("one point five million dollars.")


async def test_a_clause_is_spoken_while_the_next_is_written(dialogue: Dialogue):
    spoken_while_writing: list[int] = []
    dialogue.language_model.pieces = ["Well, yes indeed. ", "I would say so. ", "Perhaps. ", "Or perhaps not. "] * 3
    dialogue.language_model.between = lambda: spoken_while_writing.append(len(dialogue.synthesizer.clauses))
    await dialogue.reply(user("Is it?"), voice=ALOUD)
    assert spoken_while_writing[-1] > 0


async def test_the_answer_is_spoken_in_its_own_language(dialogue: Dialogue):
    dialogue.recognizer.text, dialogue.recognizer.language = "Comment allez-vous aujourd'hui ?", "fr"
    dialogue.language_model.pieces = ["Très bien, merci beaucoup. Et vous, comment allez-vous ?"]
    await dialogue.reply(user(Speech(audio=noise(2))), voice=ALOUD)
    assert {clause.language for clause in dialogue.synthesizer.clauses} == {"fr"}
    assert "answer in French" in dialogue.system_text


async def test_a_recording_is_expected_in_the_language_that_was_spoken_before_it(dialogue: Dialogue):
    dialogue.recognizer.text, dialogue.recognizer.language = "Comment allez-vous ?", "fr"
    assistant = Turn(role="assistant", parts=("Très bien, merci.",))
    await dialogue.reply(user(Speech(audio=noise(1.0))), assistant, user(Speech(audio=noise(2.0))))
    assert dialogue.recognizer.expected_languages == [None, "fr"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (Turn(role="system", parts=("Du bist ein freundlicher Berater und antwortest kurz.",)), "de"),
        (Turn(role="system", parts=("You are a friendly assistant. Answer briefly.",)), None),
        (Turn(role="assistant", parts=("Bonjour, comment puis-je vous aider ?",)), "fr"),
        (Turn(role="user", parts=("¿Qué hora es? Te mando también una grabación.",)), "es"),
        (Turn(role="user", parts=("Hello, what is the time?",)), "en"),
    ],
)
async def test_what_was_written_tells_in_which_language_to_expect_a_recording(
    dialogue: Dialogue, before: Turn, expected: str | None
):
    await dialogue.reply(before, user(Speech(audio=noise(1.0))))
    assert dialogue.recognizer.expected_languages == [expected]


async def test_what_to_expect_of_live_speech_has_been_said(dialogue: Dialogue):
    live = Speech(audio=noise(1.0), is_live=True)
    await dialogue.reply(Turn(role="assistant", parts=("Bonjour, ça va ?",)), user(live))
    assert dialogue.recognizer.expected_languages == [None]


async def test_a_language_without_a_voice_is_answered_in_english(dialogue: Dialogue):
    dialogue.recognizer.text, dialogue.recognizer.language = "元気ですか", "ja"
    await dialogue.reply(user(Speech(audio=noise(2))), voice=ALOUD)
    assert {clause.language for clause in dialogue.synthesizer.clauses} == {"en"}


async def test_what_is_written_beside_a_recording_tells_the_language(dialogue: Dialogue):
    dialogue.recognizer.text, dialogue.recognizer.language = "Il cane è un animale fedele.", "it"
    await dialogue.reply(user("Describe in detail the spoken audio input.", Speech(audio=noise(2))), voice=ALOUD)
    assert "answer in" not in dialogue.system_text


async def test_the_model_reads_the_words_and_what_was_measured(dialogue: Dialogue):
    await dialogue.reply(user("Describe the recording.", Speech(audio=noise(2))))
    message = dialogue.language_model.prompts[0].messages[1]
    recording = "<recording>\nWhat is the time?\n</recording>\n<sound>English; 2.0 seconds"
    assert message.text.startswith(f"Describe the recording.\n{recording}")


async def test_a_recording_is_not_described_to_a_model_that_nobody_asks_about_sound(dialogue: Dialogue):
    await dialogue.reply(user("Answer briefly.", Speech(audio=noise(2))))
    message = dialogue.language_model.prompts[0].messages[1]
    assert message.text == "Answer briefly.\n<recording>\nWhat is the time?\n</recording>"
    assert "<recording>" not in dialogue.system_text


async def test_the_users_own_instructions_come_last(dialogue: Dialogue):
    await dialogue.reply(Turn(role="system", parts=["Be a pirate."]), user("Hello."), voice=ALOUD)
    assert dialogue.system_text.endswith("Be a pirate.")
    assert "read aloud" in dialogue.system_text


async def test_whoever_is_spoken_with_knows_the_day(dialogue: Dialogue):
    await dialogue.reply(user("Which day is it?"), voice=ALOUD)
    assert "Today is Tuesday, December 1, 2026." in dialogue.system_text
    await dialogue.reply(Turn(role="system", parts=["Be a pirate."]), user("Hello."))
    assert dialogue.system_text == "Be a pirate."


async def test_earlier_turns_are_written_alike_so_that_the_models_cache_holds(dialogue: Dialogue):
    first = user(Speech(audio=noise(2)))
    await dialogue.reply(first, voice=ALOUD)
    await dialogue.reply(first, Turn(role="assistant", parts=["It is ten."]), user("Thanks."), voice=ALOUD)
    before, after = (prompt.messages for prompt in dialogue.language_model.prompts)
    assert list(after[: len(before)]) == list(before)


async def test_a_recording_is_recognized_once_however_often_it_is_sent(dialogue: Dialogue):
    for _ in range(3):
        await dialogue.reply(user(Speech(audio=noise(2))))
    assert len(dialogue.recognizer.utterances) == 1


async def test_silence_is_refused_where_it_stands(dialogue: Dialogue):
    with pytest.raises(NoSpeech, match="No speech was found") as caught:
        await dialogue.reply(user(Speech(audio=Pcm.silence(2, 16_000), source="messages[0].content[0]")))
    assert caught.value.source == "messages[0].content[0]"
    assert not dialogue.recognizer.utterances


async def test_silence_where_it_may_be_is_told_to_the_model(dialogue: Dialogue):
    silence = Speech(audio=Pcm.silence(1.0, 16_000), is_live=True)
    await dialogue.reply(user(silence), voice=ALOUD)
    assert "no words could be made out" in dialogue.language_model.prompts[-1].messages[-1].text


async def test_usage_counts_seconds_of_audio_in_and_out(dialogue: Dialogue):
    events = await dialogue.reply(user(Speech(audio=noise(2))), voice=ALOUD)
    finished = events[-1]
    assert isinstance(finished, ReplyFinished)
    assert finished.usage.input_audio_tokens == 20
    assert finished.usage.output_audio_tokens == 6  # Three words of a tenth of a second, 20 tokens a second.
    assert (finished.usage.input_text_tokens, finished.usage.cached_tokens) == (20, 4)


async def test_tool_calls_pass_through_behind_what_was_said(dialogue: Dialogue):
    call = ToolCallDelta(index=0, id="call_1", name="clock")
    ended = ToolCallEnded(index=0)
    dialogue.language_model.pieces = ["Let me see", call, ended]
    events = await dialogue.reply(user("What is the time?"), voice=ALOUD)
    assert isinstance(events[0], TranscriptSpoken)
    assert 0 < events.index(call) < events.index(ended)


async def test_closing_the_reply_stops_the_writing(dialogue: Dialogue):
    dialogue.language_model.pieces = ["Word after word. "] * 1000
    async with aclosing(dialogue.chain.respond(ReplyRequest(conversation=[user("Hello.")], voice=ALOUD))) as events:
        await until_it_says_something(events)
    await asyncio.wait_for(dialogue.language_model.closed.wait(), 5)


async def test_a_failure_of_the_model_reaches_the_caller_after_what_was_said(dialogue: Dialogue):
    dialogue.language_model.pieces = ["Well, that is so. Yes.", RuntimeError("out of memory")]
    events: list[ReplyEvent] = []
    with pytest.raises(RuntimeError, match="out of memory"):
        async for event in dialogue.chain.respond(ReplyRequest(conversation=[user("Hello.")], voice=ALOUD)):
            events.append(event)
    assert any(isinstance(event, TranscriptSpoken) for event in events)


@pytest.mark.parametrize("heard", ["What time is it", "What time is it?", "What time is it...", "what time is it -"])
async def test_what_is_being_said_is_prefilled_as_far_as_it_will_hold(
    languages: LanguageIdentifier, heard: str
) -> None:
    dialogue = Dialogue(languages)
    dialogue.recognizer.text = heard
    await dialogue.chain.prefill(ReplyRequest(conversation=[SAYING], voice=ALOUD))
    assert dialogue.language_model.prompts[-1].messages[-1].text == "What time is it"


@pytest.mark.parametrize(
    ("language", "is_certain", "is_read"), [("fr", False, False), ("fr", True, True), ("en", False, True)]
)
async def test_what_may_be_another_language_is_not_prefilled(
    languages: LanguageIdentifier, language: str, is_certain: bool, is_read: bool
) -> None:
    dialogue = Dialogue(languages)
    dialogue.recognizer.language, dialogue.recognizer.language_is_certain = language, is_certain
    await dialogue.chain.prefill(ReplyRequest(conversation=[SAYING], voice=ALOUD))
    assert bool(dialogue.language_model.prompts) is is_read


async def test_what_was_said_ends_with_its_mark(languages: LanguageIdentifier) -> None:
    dialogue = Dialogue(languages)
    dialogue.recognizer.text = "what time is it?"
    await dialogue.reply(SAYING, voice=ALOUD)
    assert dialogue.language_model.prompts[-1].messages[-1].text == "What time is it?"


async def test_what_is_being_said_waits_for_replies_that_are_being_made(languages: LanguageIdentifier) -> None:
    dialogue = Dialogue(languages)
    async with aclosing(
        dialogue.chain.respond(ReplyRequest(conversation=[Turn(role="user", parts=("Hi.",))]))
    ) as events:
        await anext(events)
        await dialogue.chain.prefill(ReplyRequest(conversation=[SAYING], voice=ALOUD))
        assert dialogue.recognizer.utterances == []
    await dialogue.chain.prefill(ReplyRequest(conversation=[SAYING], voice=ALOUD))
    assert len(dialogue.recognizer.utterances) == 1


async def test_whoever_measures_is_told_of_each_stage_once(languages: LanguageIdentifier) -> None:
    dialogue = Dialogue(languages)
    dialogue.language_model.pieces = ("It is ten. ", "Or eleven.")
    events = await dialogue.events(SAYING, voice=ALOUD)
    stages = [event.stage for event in events if isinstance(event, StageReached)]
    assert stages == [Stage.HEARD, Stage.FIRST_TOKEN]


async def test_what_was_said_last_and_in_which_language_is_told(languages: LanguageIdentifier) -> None:
    dialogue = Dialogue(languages)
    dialogue.recognizer.language = "it"
    events = await dialogue.events(SAYING, voice=ALOUD)
    events += await dialogue.events(SAYING, user("Ciao."))
    heard = [event for event in events if isinstance(event, LastHeard)]
    assert heard == [LastHeard(text="What is the time?", language="it")]


async def test_what_is_being_said_is_read_when_a_reply_that_began_meanwhile_is_thrown_away(
    languages: LanguageIdentifier,
) -> None:
    dialogue = Dialogue(languages)
    reading = asyncio.create_task(dialogue.chain.prefill(ReplyRequest(conversation=[SAYING], voice=ALOUD)))
    await asyncio.sleep(0)
    reply = dialogue.chain.respond(ReplyRequest(conversation=[Turn(role="user", parts=("Hi.",))]))
    async with aclosing(reply) as events:
        await until_it_says_something(events)
        await eventually(lambda: dialogue.recognizer.utterances)
        await settled()
        assert len(dialogue.recognizer.utterances) == len(dialogue.language_model.prompts) == 1
    await reading
    assert [prompt.messages[-1].text for prompt in dialogue.language_model.prompts] == ["Hi.", "What is the time"]
