"""Records a session's responses, each with the turn that it answers, including the audio of both.

It watches what comes out of the session, and keeps bytes that exist anyway: nothing is copied or encoded while a
response is being made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from antiphon.realtime.commands import Output, ReleaseAudio, StartReply
from antiphon.realtime.events import (
    ItemAdded,
    ItemDeleted,
    Response,
    ResponseCreated,
    ResponseDone,
    TranscriptionCompleted,
)
from antiphon.realtime.items import Audio, FunctionCallItem, Item, MessageItem, Part, Text
from antiphon.resources.record_writer import Draft, RecordWriter
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece
from antiphon.vocabulary.usage import Usage


class Recorder:
    """`record` has what all records of the session have in common."""

    def __init__(self, writer: RecordWriter, record: NewRecord) -> None:
        self._writer = writer
        self._record = record
        self._new: list[Item] = []
        """What has entered the conversation since a response began, apart from what responses put there."""
        self._known: set[str] = set()
        self._prompts: dict[str, list[Item]] = {}
        """Keyed by response."""
        self._last_response = ""
        self._transcripts: dict[str, str] = {}

    def watch(self, output: Output) -> None:
        match output:
            case ItemAdded():
                self._known.add(output.item.id)
                if output.item.status != "in_progress":
                    self._new.append(output.item)
            case TranscriptionCompleted():
                self._transcripts[output.item_id] = output.transcript
            case ResponseCreated():
                self._last_response = output.response.id
                self._prompts[output.response.id], self._new = self._new, []
            case StartReply(is_speculative=False):
                # A response with input of its own has seen items that are in no conversation.
                own = [item for item in output.conversation if item.id not in self._known]
                self._prompts.setdefault(self._last_response, []).extend(own)
            case ResponseDone():
                self._write(output.response, self._prompts.pop(output.response.id, []))
            case ItemDeleted():
                self._new = [item for item in self._new if item.id != output.item_id]
                self._transcripts.pop(output.item_id, None)
            case ReleaseAudio():
                self._new = [_silent(item) if item.id in output.item_ids else item for item in self._new]
            case _:
                return

    def _write(self, response: Response, prompt: Sequence[Item]) -> None:
        audio: list[Piece] = []
        asked = {
            "instructions": response.configuration.instructions,
            "input": [self._item(item, "input", audio) for item in prompt],
        }
        usage = response.usage or Usage()
        answered = {
            "id": response.id,
            "object": "realtime.response",
            "status": response.status,
            "status_details": response.details,
            "output": [self._item(item, "output", audio) for item in response.output],
            "usage": usage,
        }
        record = replace(
            self._record,
            id=response.id,
            prompt_tokens=usage.input_tokens,
            completion_tokens=usage.output_tokens,
            audio=[piece.name for piece in audio],
            labels=response.configuration.metadata or {},
        )
        pieces = [
            Piece(name=PROMPT, data=msgspec.json.encode(asked)),
            Piece(name=COMPLETION, data=msgspec.json.encode(answered)),
            *audio,
        ]
        self._writer.put(Draft(response.id), pieces, record)

    def _item(self, item: Item, side: str, audio: list[Piece]) -> dict[str, Any]:
        """An item's JSON; any audio in it is added to `audio`."""
        if isinstance(item, MessageItem):
            content = [self._part(item, part, side, audio) for part in item.parts]
            return {"id": item.id, "type": "message", "role": item.role, "status": item.status, "content": content}
        kind = "function_call" if isinstance(item, FunctionCallItem) else "function_call_output"
        return {"type": kind, **msgspec.to_builtins(item)}

    def _part(self, item: MessageItem, part: Part, side: str, audio: list[Piece]) -> dict[str, Any]:
        if isinstance(part, Text):
            return {"type": "text", "text": part.text}
        return {
            "type": "audio",
            "audio": _add(part, side, audio),
            "transcript": self._transcripts.pop(item.id, part.transcript),
        }


def _silent(item: Item) -> Item:
    """The item without its audio, which the conversation has released."""
    if not isinstance(item, MessageItem):
        return item
    parts = [replace(part, data=b"") if isinstance(part, Audio) else part for part in item.parts]
    return replace(item, parts=parts)


def _add(part: Audio, side: str, audio: list[Piece]) -> str | None:
    """The name of the piece in which the audio is kept."""
    if not part.data:
        return None
    name = f"{side}-{len(audio)}.{part.format.value}"
    audio.append(Piece(name=name, data=part.data))
    return name
