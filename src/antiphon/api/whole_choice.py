"""A choice of a completion that is answered whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pybase64

from antiphon.api.chat_completion import JsonObject, logprobs_json
from antiphon.audio.encode import Encoder
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, TextWritten, TranscriptSpoken
from antiphon.engines.interfaces import TokenLogprob, ToolCallDelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenAudio:
    """What a choice said: the file, and its words."""

    data: bytes
    transcript: str


@dataclass(slots=True, kw_only=True)
class WholeChoice:
    """Gathers one reply; its audio is encoded while it is still being spoken."""

    encoder: Encoder | None
    """None for a reply that is text alone."""
    finished: ReplyFinished | None = None
    text: list[str] = field(default_factory=list)
    logprobs: list[TokenLogprob] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    tool_calls: list[JsonObject] = field(default_factory=list)

    async def add(self, event: ReplyEvent) -> None:
        match event:
            case TextWritten():
                self.text.append(event.text)
                self.logprobs.extend(event.logprobs)
            case TranscriptSpoken():
                self.transcript.append(event.text)
            case AudioSpoken():
                if self.encoder is not None:
                    await asyncio.to_thread(self.encoder.feed, event.audio)
            case ToolCallDelta():
                self._add_tool_call(event)
            case ReplyFinished():
                self.finished = event

    def _add_tool_call(self, delta: ToolCallDelta) -> None:
        if delta.index == len(self.tool_calls):
            call = {"id": delta.id, "type": "function", "function": {"name": delta.name, "arguments": ""}}
            self.tool_calls.append(call)
        self.tool_calls[delta.index]["function"]["arguments"] += delta.arguments

    async def spoken(self) -> SpokenAudio | None:
        """What was said; None for a reply that is text, or calls of tools."""
        if self.encoder is None or not self.transcript:
            return None
        data = await asyncio.to_thread(self.encoder.finish)
        return SpokenAudio(data=data, transcript="".join(self.transcript).strip())

    def as_json(self, index: int, audio: JsonObject | None) -> JsonObject:
        """The choice; `audio` is the message's field of that name."""
        is_text = audio is None and not (self.tool_calls and not self.text)
        message: JsonObject = {
            "role": "assistant",
            "content": "".join(self.text) if is_text else None,
            "refusal": None,
            "audio": audio,
        }
        if self.tool_calls:
            message["tool_calls"] = self.tool_calls
        return {
            "index": index,
            "finish_reason": self.finished.finish_reason if self.finished else "stop",
            "logprobs": logprobs_json(self.logprobs) if self.logprobs else None,
            "message": message,
        }


def audio_json(audio_id: str, spoken: SpokenAudio, expires_at: int) -> JsonObject:
    return {
        "id": audio_id,
        "data": pybase64.b64encode(spoken.data).decode("ascii"),
        "expires_at": expires_at,
        "transcript": spoken.transcript,
    }
