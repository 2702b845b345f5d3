"""What is recorded of speech, transcriptions and translations: as in a conversation, a request and an answer, each with
its audio. A record is written after the answer, if there is room, at no cost to the client."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from antiphon.api.chat.completion import JsonObject
from antiphon.api.data_plane import AccountCaller
from antiphon.resources.deployments import Deployment
from antiphon.resources.record_writer import Draft, RecordWriter
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Operation, Piece

MOST_RECORDED_BYTES = 16 * 1024 * 1024
"""Of the audio that an answer consists of; a longer one is recorded without it."""
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class AudioRecording:
    """A request that is being recorded."""

    writer: RecordWriter
    draft: Draft
    record: NewRecord

    def finish(
        self, message: JsonObject, *, usage: JsonObject | None, files: Sequence[Piece] = (), tokens: tuple[int, int]
    ) -> None:
        """Record the answer: a message of the assistant, its files, and its tokens in and out. `usage` is None for one
        that broke off."""
        completion: JsonObject = {
            "id": self.record.id,
            "model": self.record.model,
            "choices": [{"index": 0, "finish_reason": usage and "stop", "message": {"role": "assistant", **message}}],
            "usage": usage,
        }
        record = replace(
            self.record,
            prompt_tokens=tokens[0],
            completion_tokens=tokens[1],
            audio=(*self.record.audio, *(file.name for file in files)),
        )
        pieces = [Piece(name=COMPLETION, data=msgspec.json.encode(completion)), *files]
        self.writer.put(self.draft, pieces, record)


@dataclass(frozen=True, slots=True)
class AudioRecorder:
    writer: RecordWriter
    is_on: bool
    """Whether anything is to be recorded."""

    def begin(
        self,
        operation: Operation,
        content: str | Sequence[JsonObject],
        parameters: JsonObject,
        *,
        caller: AccountCaller,
        deployment: Deployment,
        files: Sequence[Piece] = (),
    ) -> AudioRecording | None:
        """Record the request: what the user said, as a message's content, and its other parameters."""
        if not self.is_on:
            return None
        draft = Draft(f"audio-{secrets.token_hex(_ID_BYTES)}")
        prompt = {"messages": [{"role": "user", "content": content}], **parameters}
        self.writer.put(draft, [Piece(name=PROMPT, data=msgspec.json.encode(prompt)), *files])
        record = NewRecord(
            id=draft.record_id,
            account_id=caller.account.id,
            deployment=deployment.name,
            model=deployment.model.id,
            principal=caller.principal,
            operation=operation,
            prompt_tokens=0,
            completion_tokens=0,
            audio=[file.name for file in files],
        )
        return AudioRecording(self.writer, draft, record)
