"""`Answer`: a chat completion as it streams in, and what has to be true of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.engines.interfaces import Generated, GenerationFinished, TextDelta, ToolCallDelta, ToolCallEnded
from antiphon.engines.remote import chat_wire
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.vocabulary.tools import new_call_id
from antiphon.vocabulary.usage import FinishReason


@dataclass(frozen=True, slots=True)
class _Call:
    """A tool call, as the upstream tells it from others."""

    index: int
    id: str | None


@dataclass(slots=True)
class Answer:
    """What has arrived of one answer so far."""

    finish_reason: FinishReason | None = None
    usage: chat_wire.UsageOnWire | None = None
    pieces: int = 0
    calls: list[_Call] = field(default_factory=list["_Call"])
    """In the order in which they began."""

    def take(self, chunk: chat_wire.Chunk) -> list[Generated]:
        self.usage = chunk.usage or self.usage
        taken: list[Generated] = []
        for choice in chunk.choices[:1]:
            if text := choice.delta.text:
                self.pieces += 1
                logprobs = chat_wire.token_logprobs(choice.logprobs)
                taken.append(TextDelta(text=text, logprobs=logprobs))
            for called in choice.delta.tool_calls or ():
                taken += self._call(called)
            if choice.finish_reason is not None and self.finish_reason is None:
                self.finish_reason = self._finish_reason(choice.finish_reason)
                if self.finish_reason != "length":
                    taken += self._end_of_call()
        return taken

    def finished(self) -> GenerationFinished:
        """Raises `UpstreamFault` if the answer is incomplete."""
        if self.finish_reason is None:
            raise UpstreamFault("it stopped in the middle of an answer")
        usage = self.usage or chat_wire.UsageOnWire(completion_tokens=self.pieces)
        details, written = usage.prompt_tokens_details, usage.completion_tokens_details
        return GenerationFinished(
            finish_reason=self.finish_reason,
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=(details.cached_tokens or 0) if details else 0,
            completion_tokens=usage.completion_tokens,
            prompt_audio_tokens=details.audio_tokens if details else None,
            completion_audio_tokens=written.audio_tokens if written else None,
        )

    def _call(self, called: chat_wire.CalledTool) -> list[Generated]:
        self.pieces += 1
        function = called.function
        if not self._begins(called):
            return [ToolCallDelta(index=len(self.calls) - 1, arguments=function.arguments or "")]
        if not function.name:
            raise UpstreamFault("it sent a tool call without a name")
        end = self._end_of_call()
        self.calls.append(_Call(called.index, called.id))
        first = ToolCallDelta(
            index=len(self.calls) - 1,
            arguments=function.arguments or "",
            id=called.id or new_call_id(),
            name=function.name,
        )
        return [*end, first]

    def _begins(self, called: chat_wire.CalledTool) -> bool:
        """Whether a tool call begins here. Raises `UpstreamFault` if one that has ended goes on."""
        if not self.calls:
            return True
        latest = self.calls[-1]
        if called.index == latest.index:  # Some servers give all calls the same index.
            return bool(called.function.name) and called.id not in {None, "", latest.id}
        if any(called.index == call.index for call in self.calls):
            raise UpstreamFault("it went on with a tool call that had ended")
        return True

    def _end_of_call(self) -> list[Generated]:
        return [ToolCallEnded(index=len(self.calls) - 1)] if self.calls else []

    def _finish_reason(self, reason: str) -> FinishReason:
        match reason:
            case "length":
                return "length"
            case "tool_calls" | "function_call":
                return "tool_calls"
            case "stop":
                return "tool_calls" if self.calls else "stop"  # Some servers say this for calls.
            case _:
                raise UpstreamFault(f"it ended its answer for a reason that is not known here: {reason}")
