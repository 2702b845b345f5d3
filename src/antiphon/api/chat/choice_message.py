"""A choice of a completion as it grows: what one reply has said so far, as a message."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.api.chat.completion import JsonObject, logprobs_json
from antiphon.dialogue.reply import ReplyEvent, ReplyFinished, TextWritten, TranscriptSpoken
from antiphon.engines.interfaces import TokenLogprob, ToolCallDelta


@dataclass(slots=True, kw_only=True)
class ChoiceMessage:
    """Gathers the words of one reply. Its audio is for others to gather: they know its format."""

    index: int
    calls_functions: bool = False
    """Whether a call is told as `function_call`, to clients that know no tools."""
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

    def note(self, event: ReplyEvent) -> None:
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
        """The choice; `audio` is the message's field of that name."""
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
    """What a choice said: the file, and its words."""

    audio_id: str
    data: bytes
    transcript: str
    expires_at: int | None
    """In Unix seconds; None for what was cut short, and is not kept to be referred to."""

    def as_json(self, data: str) -> JsonObject:
        """A message's `audio`; `data` is its base64, or "" where only its words are wanted."""
        return {"id": self.audio_id, "data": data, "expires_at": self.expires_at, "transcript": self.transcript}
