"""A session's items as the turns of a conversation, and what the responder is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from antiphon.api.realtime.wire_audio import to_pcm
from antiphon.audio.pcm import Pcm
from antiphon.dialogue import hearing
from antiphon.dialogue.reply import ReplyRequest, Speech, Turn, Voice
from antiphon.engines.interfaces import Sampling
from antiphon.realtime.configuration import AudioFormat, Configuration, InputTranscription, RemoteTool
from antiphon.realtime.items import (
    Audio,
    FunctionCallItem,
    FunctionCallOutputItem,
    Item,
    MessageItem,
    Part,
    Text,
)
from antiphon.vocabulary.tools import ToolCall


@dataclass(frozen=True, slots=True)
class _Decoded:
    data: bytes
    speech: Speech


class Recordings:
    """What the user said, each recording decoded once for all the replies that use it."""

    def __init__(self) -> None:
        self._decoded: dict[tuple[str, int], _Decoded] = {}
        """Keyed by item and content index. An utterance that continues after a pause is longer the next time."""
        self._language: str | None = None
        self._expected_languages: dict[str, str | None] = {}
        """For each item, the language that was spoken before it."""
        self._released: set[str] = set()

    async def speech(
        self,
        item_id: str,
        index: int,
        audio: Audio,
        transcription: InputTranscription | None,
        *,
        logprobs: bool = False,
    ) -> Speech:
        """The recording, to be heard with the hints that were set when it was first asked for."""
        known = self._decoded.get((item_id, index))
        if known is None or known.data != audio.data:
            hints = transcription or InputTranscription()
            pcm = await asyncio.to_thread(_decode, audio.data, audio.format)
            speech = Speech(
                audio=pcm,
                language=hints.language,
                expected_language=self._expected_languages.setdefault(item_id, self._language),
                languages=hints.languages,
                prompt=" ".join(filter(None, (hints.prompt, ", ".join(hints.keywords)))),
                logprobs=logprobs,
                is_live=True,
            )
            known = _Decoded(audio.data, speech)
            if item_id not in self._released:
                self._decoded[item_id, index] = known
        return known.speech

    def note_language(self, language: str) -> None:
        """Note which language was spoken last: what is said next is probably in it, too."""
        self._language = language

    def release(self, item_ids: Iterable[str]) -> None:
        """Release these for good, even if something is still listening to one."""
        released = frozenset(item_ids)
        self._released |= released
        self._decoded = {key: decoded for key, decoded in self._decoded.items() if key[0] not in released}

    def keep_only(self, item_ids: Iterable[str]) -> None:
        """Release all others."""
        kept = frozenset(item_ids)
        self._decoded = {key: decoded for key, decoded in self._decoded.items() if key[0] in kept}


async def reply_request(
    configuration: Configuration, conversation: Sequence[Item], recordings: Recordings
) -> ReplyRequest:
    """Everything that the reply to `conversation` depends on."""
    return ReplyRequest(
        conversation=await _turns(configuration, conversation, recordings),
        voice=Voice(name=configuration.voice, speed=configuration.speed) if configuration.speaks else None,
        sampling=Sampling(temperature=configuration.temperature, max_tokens=configuration.max_output_tokens),
        tools=configuration.functions,
        tool_choice="auto" if isinstance(configuration.tool_choice, RemoteTool) else configuration.tool_choice,
        parallel_tool_calls=configuration.parallel_tool_calls,
    )


async def _turns(configuration: Configuration, conversation: Sequence[Item], recordings: Recordings) -> list[Turn]:
    turns: list[Turn] = []
    if configuration.instructions.strip():
        turns.append(Turn(role="system", parts=(configuration.instructions,)))
    for item in conversation:
        match item:
            case MessageItem():
                parts = [
                    part
                    for index, given in enumerate(item.parts)
                    if (part := await _part(item, index, given, configuration, recordings))
                ]
                if parts:
                    turns.append(Turn(role=item.role, parts=parts))
            case FunctionCallItem():
                _add_call(turns, ToolCall(id=item.call_id, name=item.name, arguments=item.arguments))
            case FunctionCallOutputItem():
                turns.append(Turn(role="tool", parts=(item.output,), tool_call_id=item.call_id))
    return turns


async def _part(
    item: MessageItem, index: int, part: Part, configuration: Configuration, recordings: Recordings
) -> str | Speech:
    """A part as text, if it is text or only its transcript is left; otherwise as a recording."""
    if isinstance(part, Text):
        return part.text
    if item.role == "user" and part.data:
        return await recordings.speech(
            item.id, index, part, configuration.transcription, logprobs=configuration.tells_logprobs
        )
    return part.transcript or ""


def _add_call(turns: list[Turn], call: ToolCall) -> None:
    """Successive calls, and anything said before them, form one turn of the assistant's."""
    if turns and turns[-1].role == "assistant":
        turns[-1] = replace(turns[-1], tool_calls=(*turns[-1].tool_calls, call))
    else:
        turns.append(Turn(role="assistant", tool_calls=(call,)))


def _decode(data: bytes, audio_format: AudioFormat) -> Pcm:
    return to_pcm(data, audio_format).resample(hearing.SAMPLE_RATE)
