"""`Chain`: a responder made of three engines. It listens, has a language model write, and speaks."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from antiphon.dialogue.clauses import ClauseSplitter
from antiphon.dialogue.description import asks_about_sound
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.hearing import Hearing, Utterance, last_heard
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.prompt import Heard, write_prompt
from antiphon.dialogue.reply import (
    AudioSpoken,
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
    audio_tokens,
    limited,
)
from antiphon.dialogue.speaking import ClauseSpeaker
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.dialogue.spoken.transcript import TranscriptCleaner
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    LanguageModel,
    Prompt,
    Synthesizer,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
)
from antiphon.vocabulary.tokens import INPUT_TOKENS_A_SECOND, OUTPUT_TOKENS_A_SECOND
from antiphon.vocabulary.usage import Usage

_MARKS = " .,!?…-–—。，！？"


class Chain:
    """A `Responder`: recognizer, language model and synthesizer in sequence, working concurrently.

    No reply exceeds `max_reply_tokens`, if given, even if its request allows more.
    """

    def __init__(
        self,
        *,
        hearing: Hearing,
        language_model: LanguageModel,
        synthesizer: Synthesizer,
        languages: LanguageIdentifier,
        pronouncer: Pronouncer,
        max_reply_tokens: int | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        self._hearing = hearing
        self._language_model = language_model
        self._synthesizer = synthesizer
        self._languages = languages
        self._pronouncer = pronouncer
        self._max_reply_tokens = max_reply_tokens
        self._today = today
        self._replies = 0
        """The number of replies in progress."""
        self._nobody_replies = asyncio.Event()
        self._nobody_replies.set()
        self._guesses = False
        """Whether an unfinished turn is being recognized and prefilled."""

    @property
    def sample_rate(self) -> int:
        return self._synthesizer.sample_rate

    @property
    def voices(self) -> frozenset[str]:
        return self._synthesizer.voices

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        """Yield the reply as it is made, then `ReplyFinished`."""
        with self._replying():
            async with aclosing(self._respond(request)) as events:
                async for event in events:
                    yield event

    @contextmanager
    def _replying(self) -> Generator[None]:
        self._replies += 1
        self._nobody_replies.clear()
        try:
            yield
        finally:
            self._replies -= 1
            if not self._replies:
                self._nobody_replies.set()

    async def _respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        heard = await self._hear(request)
        yield StageReached(stage=Stage.HEARD)
        if request.last_speech:
            yield last_heard(_spoken(request.conversation[-1:], heard.utterances))
        prompt = self._prompt(request, heard)
        prompt = replace(prompt, sampling=limited(prompt.sampling, self._max_reply_tokens))
        input_seconds = sum(utterance.acoustics.seconds for utterance in heard.utterances.values())
        pieces = self._pieces(prompt)
        reply = _write(pieces) if request.voice is None else self._speak(pieces, request.voice, heard.language)
        output_seconds = 0.0
        async with aclosing(reply):
            async for event in reply:
                if isinstance(event, GenerationFinished):
                    usage = Usage(
                        input_text_tokens=event.prompt_tokens,
                        input_audio_tokens=audio_tokens(input_seconds, INPUT_TOKENS_A_SECOND),
                        cached_tokens=event.cached_tokens,
                        output_text_tokens=event.completion_tokens,
                        output_audio_tokens=audio_tokens(output_seconds, OUTPUT_TOKENS_A_SECOND),
                    )
                    yield ReplyFinished(finish_reason=event.finish_reason, usage=usage)
                else:
                    if isinstance(event, AudioSpoken):
                        output_seconds += event.audio.seconds
                    yield event

    async def prefill(self, request: ReplyRequest) -> None:
        """Have the language model read the conversation so far.

        Its last turn may still be being spoken. Such a turn is recognized only if the engines have nothing else to do:
        it is a bet, and has to be repeated once everything is said. If it seems to be in a different language from
        before, it is not read until that is certain: the instructions would change with it, and everything would have
        to be read again.
        """
        if not request.last_speech:
            prompt = self._prompt(request, await self._hear(request))
            await self._language_model.prefill(prompt)
        elif not self._replies and not self._guesses:
            self._guesses = True
            try:
                await self._prefill_unfinished_turn(request)
            finally:
                self._guesses = False

    async def _prefill_unfinished_turn(self, request: ReplyRequest) -> None:
        """Let a reply that has begun meanwhile go first; it may yet be discarded because the user goes on."""
        heard = await self._hear(request)
        if heard.language == heard.language_before or _is_certain(request, heard):
            await self._nobody_replies.wait()
            await self._language_model.prefill(_going_on(self._prompt(request, heard)))

    def _prompt(self, request: ReplyRequest, heard: Heard) -> Prompt:
        return write_prompt(request, heard, today=self._today())

    async def _hear(self, request: ReplyRequest) -> Heard:
        """Recognize all speech in the conversation, and determine the language expected of the reply."""
        utterances: dict[Speech, Utterance] = {}
        language = before = "en"
        expected: str | None = None
        for turn in request.conversation:
            for part in turn.parts:
                if isinstance(part, Speech) and (utterance := await self._hear_part(part, expected)):
                    utterances[part] = utterance
            if turn.role == "user":
                before, language = language, self._language_of(turn, utterances, prior=language)
                expected = language
            elif expected is None:
                expected = self._language_to_expect(turn)
        if request.voice is not None:
            before, language = self._speakable(before), self._speakable(language)
        users = [turn for turn in request.conversation if turn.role == "user"]
        written = [part for turn in users for part in turn.parts if isinstance(part, str)]
        return Heard(
            utterances=utterances,
            language=language,
            language_before=before,
            asked_about_sound=any(asks_about_sound(text) for text in written),
        )

    def _language_to_expect(self, turn: Turn) -> str | None:
        """The language to expect of a user who has said nothing yet: the one in which they are addressed or the
        instructions are written. English instructions reveal nothing: they are written for everybody."""
        written = _written(turn)
        if turn.role == "tool" or not written:
            return None
        language = self._languages.identify(written)
        return None if turn.role == "system" and language == "en" else language

    async def _hear_part(self, speech: Speech, expected: str | None) -> Utterance | None:
        """The utterance; None if nobody speaks and that is allowed. Live speech keeps the expected language that its
        sender gave, since the sender uses the same one elsewhere."""
        if not speech.is_live and speech.expected_language is None:
            speech = replace(speech, expected_language=expected)
        try:
            return await self._hearing.hear(speech)
        except NoSpeech:
            if speech.is_live:
                return None
            raise

    def _language_of(self, turn: Turn, utterances: Mapping[Speech, Utterance], *, prior: str) -> str:
        """Text beside a recording takes precedence: it says what to do with the recording."""
        if written := _written(turn):
            return self._languages.identify(written, prior=prior)
        spoken = _spoken([turn], utterances)
        return spoken[-1].language if spoken else prior

    def _speakable(self, language: str) -> str:
        """The language itself, or English if there is no voice for it."""
        return language if language in self._synthesizer.languages else "en"

    async def _pieces(self, prompt: Prompt) -> AsyncGenerator[Generated | StageReached]:
        """Yield what the language model writes, and before it that it has begun to."""
        is_first = True
        async with aclosing(self._language_model.generate(prompt)) as pieces:
            async for piece in pieces:
                if is_first:
                    yield StageReached(stage=Stage.FIRST_TOKEN)
                    is_first = False
                yield piece

    async def _speak(
        self, pieces: AsyncGenerator[Generated | StageReached], voice: Voice, language: str
    ) -> AsyncGenerator[ReplyEvent | GenerationFinished]:
        """Speak each clause while the language model writes the next ones."""
        queue: asyncio.Queue[_Queued] = asyncio.Queue()
        writer = asyncio.create_task(_enqueue(pieces, queue))
        speaker = _Speaker(ClauseSpeaker(self._synthesizer, self._languages, self._pronouncer, voice, language))
        try:
            while not isinstance(item := await queue.get(), _WriterEnded):
                if isinstance(item, str):
                    async with aclosing(speaker.say(item)) as events:
                        async for event in events:
                            yield event
                else:
                    yield item
            await writer
        finally:
            writer.cancel()
            await asyncio.wait([writer])


async def _write(
    written: AsyncGenerator[Generated | StageReached],
) -> AsyncGenerator[ReplyEvent | GenerationFinished]:
    async with aclosing(written) as pieces:
        async for piece in pieces:
            yield TextWritten(text=piece.text, logprobs=piece.logprobs) if isinstance(piece, TextDelta) else piece


async def _enqueue(written: AsyncGenerator[Generated | StageReached], queue: asyncio.Queue[_Queued]) -> None:
    """Put the reply into `queue`: its text in clauses, the rest as it comes, and the end in any event."""
    splitter = ClauseSplitter()
    try:
        async with aclosing(written) as pieces:
            async for piece in pieces:
                if isinstance(piece, TextDelta):
                    _put(queue, splitter.feed(piece.text))
                elif isinstance(piece, StageReached):
                    queue.put_nowait(piece)
                else:
                    _put(queue, splitter.finish())
                    queue.put_nowait(piece)
    finally:
        queue.put_nowait(_WriterEnded())


def _spoken(turns: Sequence[Turn], utterances: Mapping[Speech, Utterance]) -> list[Utterance]:
    parts = [part for turn in turns for part in turn.parts]
    return [utterances[part] for part in parts if isinstance(part, Speech) and part in utterances]


def _written(turn: Turn) -> str:
    return " ".join(part for part in turn.parts if isinstance(part, str)).strip()


def _is_certain(request: ReplyRequest, heard: Heard) -> bool:
    """Whether the last turn's language will stay the same if the turn goes on."""
    return all(utterance.language_is_certain for utterance in _spoken(request.conversation[-1:], heard.utterances))


def _going_on(prompt: Prompt) -> Prompt:
    """The prompt without the punctuation mark at its end, which recognizers put wherever a recording ends."""
    *before, last = prompt.messages
    return replace(prompt, messages=[*before, replace(last, text=last.text.rstrip(_MARKS))])


@dataclass(frozen=True, slots=True)
class _WriterEnded:
    """Nothing more will be written: the language model has finished, or failed."""


_Queued: TypeAlias = str | StageReached | ToolCallDelta | ToolCallEnded | GenerationFinished | _WriterEnded


def _put(queue: asyncio.Queue[_Queued], clauses: list[str]) -> None:
    for clause in clauses:
        queue.put_nowait(clause)


class _Speaker:
    """Speaks the clauses of one reply, in order, without what nobody says aloud."""

    def __init__(self, speaker: ClauseSpeaker) -> None:
        self._speaker = speaker
        self._cleaner = TranscriptCleaner(speaker.language)

    async def say(self, clause: str) -> AsyncGenerator[TranscriptSpoken | AudioSpoken]:
        """Yield the spoken part of the clause as text, then its audio."""
        said = self._cleaner.feed(clause)
        if not said:
            return
        yield TranscriptSpoken(text=said)
        async with aclosing(self._speaker.speak(said)) as stretches:
            async for audio in stretches:
                yield AudioSpoken(audio=audio)
