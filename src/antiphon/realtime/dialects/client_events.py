"""The client events that the dialects share. An empty id counts as absent where an id is optional."""

from __future__ import annotations

from antiphon.parameters.complaints import check_range
from antiphon.realtime.dialects.client_audio import decode_audio
from antiphon.realtime.dialects.client_items import ClientItem, read_item
from antiphon.realtime.dialects.reading import ClientEvent, EventContext
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientCommand,
    CommitAudio,
    CreateItem,
    DeleteItem,
    RetrieveItem,
    TruncateItem,
)

MAX_MS = 24 * 60 * 60 * 1000
"""No session's audio is longer than a day."""


class Append(ClientEvent, tag="input_audio_buffer.append"):
    audio: str

    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return AppendAudio(event_id=self.event_id, audio=decode_audio(self.audio, "audio"))


class Commit(ClientEvent, tag="input_audio_buffer.commit"):
    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return CommitAudio(event_id=self.event_id)


class Clear(ClientEvent, tag="input_audio_buffer.clear"):
    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return ClearAudio(event_id=self.event_id)


class ClearOutput(ClientEvent, tag="output_audio_buffer.clear"):
    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return ClearOutputAudio(event_id=self.event_id)


class Create(ClientEvent, tag="conversation.item.create"):
    item: ClientItem
    previous_item_id: str | None = None

    def command(self, context: EventContext) -> ClientCommand:
        item = read_item(self.item, "item", context.new_id)
        return CreateItem(event_id=self.event_id, item=item, previous_item_id=self.previous_item_id or None)


class Retrieve(ClientEvent, tag="conversation.item.retrieve"):
    item_id: str

    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return RetrieveItem(event_id=self.event_id, item_id=self.item_id)


class Truncate(ClientEvent, tag="conversation.item.truncate"):
    item_id: str
    content_index: int
    audio_end_ms: int

    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        check_range("content_index", self.content_index, 0, MAX_MS)
        check_range("audio_end_ms", self.audio_end_ms, 0, MAX_MS)
        return TruncateItem(
            event_id=self.event_id,
            item_id=self.item_id,
            content_index=self.content_index,
            audio_end_ms=self.audio_end_ms,
        )


class Delete(ClientEvent, tag="conversation.item.delete"):
    item_id: str

    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return DeleteItem(event_id=self.event_id, item_id=self.item_id)


class Cancel(ClientEvent, tag="response.cancel"):
    response_id: str | None = None

    def command(self, context: EventContext) -> ClientCommand:  # noqa: ARG002
        return CancelResponse(event_id=self.event_id, response_id=self.response_id or None)


SHARED_EVENTS: tuple[type[ClientEvent], ...] = (
    Append,
    Commit,
    Clear,
    ClearOutput,
    Create,
    Retrieve,
    Truncate,
    Delete,
    Cancel,
)
