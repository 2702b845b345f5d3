"""What is recorded of a chat completion, and when. The prompt is recorded as soon as it is understood, so that no audio
is held while the reply is made; the rest once the reply is complete, or as much of it as the client stayed for.

A completion that the client wants stored is written before the client learns that it is finished. All others are
written afterwards, if there is room, at no cost to the client.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from antiphon.api.chat.choices import ChoiceMessage, SpokenAudio
from antiphon.api.chat.completion import Completion
from antiphon.api.chat.request import WITHOUT_EFFECT, ChatRequest, InputAudioPart
from antiphon.api.data_plane import AccountCaller
from antiphon.resources.record_writer import Draft, RecordWriter
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records
from antiphon.store.errors import StorageFull
from antiphon.vocabulary.usage import Usage

_LONGEST_IGNORED = 512
"""In characters. Short values are kept: clients name their users in them, for instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A choice, and its audio."""

    choice: ChoiceMessage
    audio: SpokenAudio | None
    audio_format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRecording:
    """A completion that is being recorded."""

    records: Records
    writer: RecordWriter
    draft: Draft
    record: NewRecord
    """What is known so far."""
    completion: Completion

    async def finish(self, said: Sequence[Said], usage: Usage) -> None:
        """Record the complete reply. If it is to be stored, it has been by the time this returns."""
        pieces, record = self._complete(said, usage)
        if self.record.is_stored:
            await self.records.write_pieces(record.id, pieces)
            await self.records.add(record)
        else:
            self.writer.put(self.draft, pieces, record)

    def cut_short(self, said: Sequence[Said]) -> None:
        """Record what there is of a reply that broke off; clients will not find it."""
        if self.records.keep and any(each.choice.has_begun for each in said):
            pieces, record = self._complete(said, None)
            self.writer.put(self.draft, pieces, replace(record, is_stored=False))

    def _complete(self, said: Sequence[Said], usage: Usage | None) -> tuple[list[Piece], NewRecord]:
        choices = [each.choice.as_json(each.audio and each.audio.as_json("")) for each in said]
        spoken = [
            Piece(name=f"choice-{each.choice.index}.{each.audio_format}", data=each.audio.data)
            for each in said
            if each.audio
        ]
        counted = usage or Usage()
        record = replace(
            self.record,
            prompt_tokens=counted.input_tokens,
            completion_tokens=counted.output_tokens,
            audio=(*self.record.audio, *(piece.name for piece in spoken)),
        )
        completion = Piece(name=COMPLETION, data=msgspec.json.encode(self.completion.whole(choices, usage)))
        return [completion, *spoken], record


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRecorder:
    records: Records
    writer: RecordWriter
    has_room: Callable[[], bool] = lambda: True
    """Whether the disk has room for data that is not essential."""

    async def begin(
        self,
        chat: ChatRequest,
        files: Sequence[bytes],
        *,
        completion: Completion,
        caller: AccountCaller,
        deployment: str,
    ) -> ChatRecording | None:
        """Record the prompt; return None if nothing is to be recorded. Releases what `chat` holds of the body.

        Raises `StorageFull` if there is no room for what is to be stored, and `StorageUnavailable`.
        """
        is_stored = chat.store is True
        if not (is_stored or self.records.keep):
            return None
        if is_stored and not self.has_room():
            raise StorageFull
        names = _name_recordings(chat)
        _drop_what_is_ignored(chat)
        recordings = [Piece(name=name, data=file) for name, file in zip(names, files, strict=True)]
        pieces = [Piece(name=PROMPT, data=msgspec.json.encode(chat, enc_hook=int)), *recordings]
        draft = Draft(completion.id)
        if is_stored:
            await self.records.write_pieces(draft.record_id, pieces)
        else:
            self.writer.put(draft, pieces)
        record = NewRecord(
            id=draft.record_id,
            account_id=caller.account.id,
            deployment=deployment,
            model=completion.model,
            principal=caller.principal,
            operation="chatCompletion",
            prompt_tokens=0,
            completion_tokens=0,
            audio=names,
            labels=chat.metadata or {},
            is_stored=is_stored,
        )
        return ChatRecording(
            records=self.records, writer=self.writer, draft=draft, record=record, completion=completion
        )


def _drop_what_is_ignored(chat: ChatRequest) -> None:
    """Drop parameters without effect: they say nothing about the reply, and their size is unbounded."""
    for name in WITHOUT_EFFECT:
        value = getattr(chat, name)
        is_short = isinstance(value, str) and len(value) <= _LONGEST_IGNORED
        if not is_short:
            setattr(chat, name, None)


def _name_recordings(chat: ChatRequest) -> list[str]:
    """The names of the recordings, each of which replaces the recording's data."""
    names: list[str] = []
    for message in chat.messages:
        for part in message.content if isinstance(message.content, list) else ():
            if isinstance(part, InputAudioPart):
                names.append(f"input-{len(names)}.{part.input_audio.format}")
                part.input_audio.data = msgspec.Raw(msgspec.json.encode(names[-1]))
    return names
