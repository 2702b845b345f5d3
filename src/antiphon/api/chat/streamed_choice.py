"""A choice of a completion that is streamed: each event of its reply becomes deltas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pybase64

from antiphon.api.chat.choice_message import ChoiceMessage, SpokenAudio
from antiphon.api.chat.completion import JsonObject, logprobs_json
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, TextWritten, TranscriptSpoken
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.resources.audio_outputs import new_audio_id

_SECONDS_A_DELTA = 0.25
"""A delta of audio as long as this has 16 KB, which no client's buffer minds."""


@dataclass(slots=True, kw_only=True)
class StreamedChoice(ChoiceMessage):
    """Turns the events of one reply into the choices of chunks, and remembers what was said."""

    audio_id: str = field(default_factory=new_audio_id)
    audio: bytearray = field(default_factory=bytearray)
    """pcm16, as it was sent."""
    expires_at: int | None = None
    is_identified: bool = False
    """Whether the client has been told the audio's id."""

    def begin(self) -> JsonObject:
        return self._choice({"role": "assistant", "content": None, "refusal": None})

    def deltas(self, event: ReplyEvent) -> Iterator[JsonObject]:
        """The choices that tell of an event, but for the last one: `finish` does that."""
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
        """The choice that tells until when the audio, complete by now, can be referred to; in Unix seconds."""
        self.expires_at = expires_at
        return self._choice({"audio": {"expires_at": expires_at}})

    def finish(self) -> JsonObject:
        return self._choice({}, finish_reason=self.finish_reason)

    def spoken(self) -> SpokenAudio | None:
        """What was said so far; None for a reply that is text, or calls of tools."""
        if not self.transcript:
            return None
        return SpokenAudio(
            audio_id=self.audio_id, data=bytes(self.audio), transcript=self.spoken_words, expires_at=self.expires_at
        )

    def _identified(self, audio: JsonObject) -> JsonObject:
        """With the id in the first delta alone, as OpenAI sends it: some clients join what all deltas have."""
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
