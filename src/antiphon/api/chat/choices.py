"""The choices of a completion: one reply each, made concurrently, gathered into a message or streamed as deltas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pybase64

from antiphon.api.chat.completion import JsonObject, logprobs_json
from antiphon.audio.encode import Encoder
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import (
    AudioSpoken,
    Progress,
    ReplyFinished,
    ReplyPiece,
    ReplyRequest,
    Responder,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.resources.audio_outputs import new_audio_id
from antiphon.vocabulary.logprobs import TokenLogprob


async def reply_events(
    responder: Responder, request: ReplyRequest, *, choices: int
) -> AsyncGenerator[tuple[int, ReplyPiece]]:
    """Yield what `choices` replies say as they come, each event with the index of its choice.

    The first reply gets a head start, so that what it hears and reads is cached by the time the others begin. If there
    is a seed, each choice gets its own; otherwise they would all be the same.
    """
    events: asyncio.Queue[tuple[int, ReplyPiece] | None] = asyncio.Queue()
    first_has_begun = asyncio.Event()

    async def reply(index: int) -> None:
        if index > 0:
            await first_has_begun.wait()
        async with aclosing(responder.respond(_with_own_seed(request, index))) as reply:
            async for event in reply:
                if not isinstance(event, Progress):
                    events.put_nowait((index, event))
                    first_has_begun.set()

    async def reply_to_all() -> Exception | None:
        """Return what went wrong, if anything."""
        failure = None
        try:
            async with asyncio.TaskGroup() as replies:
                for index in range(choices):
                    replies.create_task(reply(index))
        except* Exception as failures:
            failure = failures.exceptions[0]
            failures.__traceback__ = None  # A task group's frames refer to what it raised: a reference cycle.
        finally:
            events.put_nowait(None)
        return failure

    failure = None
    working = asyncio.create_task(reply_to_all())
    try:
        while (event := await events.get()) is not None:
            yield event
        if failure := await working:
            raise failure
    finally:
        working.cancel()
        await asyncio.wait([working])
        del working, failure  # The error would refer to this frame, and this frame to the error.


def _with_own_seed(request: ReplyRequest, index: int) -> ReplyRequest:
    seed = request.sampling.seed
    if seed is None or index == 0:
        return request
    return replace(request, sampling=replace(request.sampling, seed=seed + index))


@dataclass(slots=True, kw_only=True)
class ChoiceMessage:
    """Gathers the words of one reply. Subclasses gather its audio, since they know the format."""

    index: int
    calls_functions: bool = False
    """Whether to report a call as `function_call`, for clients that predate tools."""
    finished: ReplyFinished | None = None
    text: list[str] = field(default_factory=list[str])
    logprobs: list[TokenLogprob] = field(default_factory=list[TokenLogprob])
    transcript: list[str] = field(default_factory=list[str])
    tool_calls: list[JsonObject] = field(default_factory=list[JsonObject])

    @property
    def spoken_words(self) -> str:
        return "".join(self.transcript).strip()

    @property
    def has_begun(self) -> bool:
        """Whether anything has been said."""
        return bool(self.text or self.transcript or self.tool_calls)

    @property
    def finish_reason(self) -> str | None:
        if self.finished is None:
            return None
        reason = self.finished.finish_reason
        return "function_call" if self.calls_functions and reason == "tool_calls" else reason

    def note(self, event: ReplyPiece) -> None:
        match event:
            case TextWritten():
                self.text.append(event.text)
                self.logprobs.extend(event.logprobs)
            case TranscriptSpoken():
                self.transcript.append(event.text)
            case ToolCallDelta():
                self._add_tool_call(event)
            case ReplyFinished():
                self.finished = event
            case _:
                return

    def as_json(self, audio: JsonObject | None) -> JsonObject:
        """The choice as JSON; `audio` is the message's field of that name."""
        is_text = audio is None and not (self.tool_calls and not self.text)
        message: JsonObject = {
            "role": "assistant",
            "content": "".join(self.text) if is_text else None,
            "refusal": None,
            "audio": audio,
        }
        if self.tool_calls and self.calls_functions:
            message["function_call"] = self.tool_calls[0]["function"]
        elif self.tool_calls:
            message["tool_calls"] = self.tool_calls
        return {
            "index": self.index,
            "finish_reason": self.finish_reason,
            "logprobs": logprobs_json(self.logprobs) if self.logprobs else None,
            "message": message,
        }

    def _add_tool_call(self, delta: ToolCallDelta) -> None:
        if delta.index == len(self.tool_calls):
            call = {"id": delta.id, "type": "function", "function": {"name": delta.name, "arguments": ""}}
            self.tool_calls.append(call)
        self.tool_calls[delta.index]["function"]["arguments"] += delta.arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenAudio:
    """The audio of a choice: the file and its transcript."""

    audio_id: str
    data: bytes
    transcript: str
    expires_at: int | None
    """In Unix seconds; None for audio that was cut short, which is not kept for later reference."""

    def as_json(self, data: str) -> JsonObject:
        """A message's `audio`; `data` is its base64, or "" if only the transcript is wanted."""
        return {"id": self.audio_id, "data": data, "expires_at": self.expires_at, "transcript": self.transcript}


@dataclass(slots=True, kw_only=True)
class WholeChoice(ChoiceMessage):
    """Gathers one reply, and encodes its audio while it is still being spoken."""

    encoder: Encoder | None
    """None for a text-only reply."""

    async def add(self, event: ReplyPiece) -> None:
        self.note(event)
        if isinstance(event, AudioSpoken) and self.encoder is not None:
            await asyncio.to_thread(self.encoder.feed, event.audio)

    async def audio_file(self) -> bytes | None:
        """The encoded audio; None for a reply of text or tool calls."""
        if self.encoder is None or not self.transcript:
            return None
        return await asyncio.to_thread(self.encoder.finish)


_SECONDS_A_DELTA = 0.25
"""An audio delta this long is 16 KB, which no client's buffer minds."""


@dataclass(slots=True, kw_only=True)
class StreamedChoice(ChoiceMessage):
    """Turns the events of one reply into choices for chunks, and remembers what was said."""

    audio_id: str = field(default_factory=new_audio_id)
    audio: bytearray = field(default_factory=bytearray)
    """pcm16, as sent."""
    expires_at: int | None = None
    is_identified: bool = False
    """Whether the client has been told the audio's id."""

    def begin(self) -> JsonObject:
        return self._choice({"role": "assistant", "content": None, "refusal": None})

    def deltas(self, event: ReplyPiece) -> Iterator[JsonObject]:
        """The choices that report an event, except for the last one, which `finish` returns."""
        self.note(event)
        match event:
            case TextWritten():
                logprobs = logprobs_json(event.logprobs) if event.logprobs else None
                yield self._choice({"content": event.text}, logprobs=logprobs)
            case TranscriptSpoken():
                yield self._choice({"audio": self._identified({"transcript": event.text})})
            case AudioSpoken():
                for piece in _pieces(event.audio):
                    self.audio += piece
                    data = pybase64.b64encode(piece).decode("ascii")
                    yield self._choice({"audio": self._identified({"data": data})})
            case ToolCallDelta():
                yield self._choice(_function_call(event) if self.calls_functions else _tool_call(event))
            case ToolCallEnded() | ReplyFinished():
                return

    def expire(self, expires_at: int) -> JsonObject:
        """The choice that says until when (in Unix seconds) the audio, now complete, can be referred to."""
        self.expires_at = expires_at
        return self._choice({"audio": {"expires_at": expires_at}})

    def finish(self) -> JsonObject:
        return self._choice({}, finish_reason=self.finish_reason)

    def spoken(self) -> SpokenAudio | None:
        """The audio so far; None for a reply of text or tool calls."""
        if not self.transcript:
            return None
        return SpokenAudio(
            audio_id=self.audio_id, data=bytes(self.audio), transcript=self.spoken_words, expires_at=self.expires_at
        )

    def _identified(self, audio: JsonObject) -> JsonObject:
        """Put the id in the first delta only, as OpenAI does: some clients concatenate what every delta has."""
        if self.is_identified:
            return audio
        self.is_identified = True
        return {"id": self.audio_id} | audio

    def _choice(
        self, delta: JsonObject, *, finish_reason: str | None = None, logprobs: JsonObject | None = None
    ) -> JsonObject:
        return {"index": self.index, "delta": delta, "finish_reason": finish_reason, "logprobs": logprobs}


def _pieces(audio: Pcm) -> Iterator[bytes]:
    samples = audio.to_int16()
    size = round(_SECONDS_A_DELTA * audio.sample_rate) * 2
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


def _tool_call(delta: ToolCallDelta) -> JsonObject:
    call: JsonObject = {"index": delta.index, "function": {"arguments": delta.arguments}}
    if delta.id is not None:
        call |= {"id": delta.id, "type": "function", "function": {"name": delta.name, "arguments": delta.arguments}}
    return {"tool_calls": [call]}


def _function_call(delta: ToolCallDelta) -> JsonObject:
    name = {} if delta.name is None else {"name": delta.name}
    return {"function_call": name | {"arguments": delta.arguments}}
