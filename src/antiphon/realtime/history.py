"""A conversation and what clients may do to it: create, retrieve, truncate and delete items; commit utterances."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from antiphon.realtime import refusals
from antiphon.realtime.budget import MAX_ID_LENGTH, Budget, weight_of
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.conversation import ROOT, Conversation
from antiphon.realtime.events import (
    AudioCommitted,
    ItemAdded,
    ItemDeleted,
    ItemDone,
    ItemRetrieved,
    ItemTruncated,
    ServerEvent,
)
from antiphon.realtime.inputs import CreateItem, DeleteItem, RetrieveItem, TruncateItem
from antiphon.realtime.items import (
    Audio,
    FunctionCallItem,
    FunctionCallOutputItem,
    Item,
    ItemReference,
    MessageItem,
)
from antiphon.realtime.refusals import Refused
from antiphon.realtime.spoken import Spoken


class History:
    """Checks each change to the conversation before making it: `Refused` means that nothing has changed."""

    def __init__(self, new_id: Callable[[str], str], budget: Budget) -> None:
        self.conversation = Conversation()
        self._budget = budget
        self._new_id = new_id
        self._spoken: dict[str, Spoken] = {}
        self._understood: dict[str, str] = {}
        """The words that replies have recognized in the user's items."""

    def remember(self, item_id: str, spoken: Spoken) -> None:
        """Keep the alignment of an item's words with its audio; more may still be spoken."""
        self._spoken[item_id] = spoken

    def keep_words(self, item_id: str, words: str) -> None:
        """Keep the words that a reply has recognized in an item: they remain when the item's audio is released."""
        self._understood[item_id] = words

    # --- checks, which change nothing ---------------------------------------------------------------------------------

    def find(self, item_id: str) -> Item:
        item = self.conversation.get(item_id)
        if item is None:
            raise refusals.item_not_found(item_id)
        return item

    def check_new(self, item: Item) -> None:
        """Raise `Refused` unless the item could be added."""
        if len(item.id) > MAX_ID_LENGTH:
            raise Refused(
                f"Invalid 'item.id': string too long. Expected a string with maximum length {MAX_ID_LENGTH}, but got a "
                f"string with length {len(item.id)} instead.",
                code="string_above_max_length",
                param="item.id",
            )
        if item.id == ROOT or self.conversation.is_used(item.id):
            raise Refused(f"The item with id '{item.id}' already exists.", code="invalid_value", param="item.id")
        if isinstance(item, FunctionCallOutputItem) and not self._is_call(item.call_id):
            raise Refused(
                f"Tool call ID '{item.call_id}' not found in conversation.",
                code="invalid_tool_call_id",
                param="item.call_id",
            )

    def check_room(self, count: int, *, text_length: int = 0) -> None:
        """Raise `Refused` unless the conversation has room for that many more items and that much more text."""
        if self.conversation.ever + count > self._budget.items:
            raise refusals.too_many_items(self._budget.items)
        if text_length and self.conversation.weight.text_length + text_length > self._budget.text_length:
            raise refusals.too_much_text(self._budget.text_length)

    def resolve(self, items: Sequence[Item | ItemReference], configuration: Configuration) -> tuple[Item, ...]:
        """The items of a response's own input, as they would appear in a conversation."""
        return tuple(
            self.find(item.id) if isinstance(item, ItemReference) else self._complete(item, configuration)
            for item in items
        )

    def _is_call(self, call_id: str) -> bool:
        return any(isinstance(item, FunctionCallItem) and item.call_id == call_id for item in self.conversation)

    # --- client requests ---------------------------------------------------------------------------------------------

    def create(self, command: CreateItem, configuration: Configuration) -> list[ServerEvent]:
        self.check_new(command.item)
        self.check_room(1, text_length=weight_of(command.item).text_length)
        previous = command.previous_item_id
        if previous is not None and previous != ROOT and previous not in self.conversation:
            raise refusals.item_not_found(previous, param="previous_item_id")
        return self.add(command.item, configuration, after=previous)

    def retrieve(self, command: RetrieveItem) -> list[ServerEvent]:
        return [ItemRetrieved(item=self.find(command.item_id))]

    def delete(self, command: DeleteItem) -> list[ServerEvent]:
        item = self.find(command.item_id)
        self.conversation.remove(item.id)
        self._spoken.pop(item.id, None)
        self._understood.pop(item.id, None)
        return [ItemDeleted(item_id=item.id)]

    def truncate(
        self, command: TruncateItem, said_so_far: MessageItem | None = None
    ) -> tuple[ItemTruncated, MessageItem]:
        """Truncate an assistant message; if it is still being spoken, `said_so_far` is the part that exists."""
        item = self.find(command.item_id)
        item = item if said_so_far is None else said_so_far
        part = item.parts[0] if isinstance(item, MessageItem) and item.role == "assistant" and item.parts else None
        if not isinstance(item, MessageItem) or not isinstance(part, Audio):
            raise refusals.not_spoken()
        if command.content_index != 0:
            raise Refused(
                f"The item '{item.id}' has no audio at content index {command.content_index}.",
                code="invalid_value",
                param="content_index",
            )
        if command.audio_end_ms < 0:
            raise Refused("'audio_end_ms' must not be negative.", code="invalid_value", param="audio_end_ms")
        if command.audio_end_ms > math.ceil(part.duration_ms):  # Clients round up.
            raise Refused(
                f"Audio content of {part.duration_ms:.0f}ms is already shorter than {command.audio_end_ms}ms",
                code="invalid_value",
                param="audio_end_ms",
            )
        item = replace(item, parts=(self._cut(item.id, part, command.audio_end_ms),))
        self.conversation.replace(item)
        return ItemTruncated(item_id=item.id, content_index=0, audio_end_ms=command.audio_end_ms), item

    def _cut(self, item_id: str, part: Audio, end_ms: int) -> Audio:
        """The part up to `end_ms`: its audio and the words heard by then."""
        spoken = self._spoken.setdefault(item_id, Spoken.evenly(part.transcript or "", part.duration_ms))
        spoken.cut(end_ms)
        return replace(part, data=part.data[: end_ms * part.format.bytes_a_ms], transcript=spoken.transcript)

    # --- what enters -------------------------------------------------------------------------------------------------

    def commit(self, item: MessageItem, configuration: Configuration) -> list[ServerEvent]:
        """Add an utterance to the conversation."""
        committed = AudioCommitted(previous_item_id=self.conversation.last_id, item_id=item.id)
        return [committed, *self.add(item, configuration)]

    def add(self, item: Item, configuration: Configuration, *, after: str | None = None) -> list[ServerEvent]:
        item = self._complete(item, configuration)
        previous = self.conversation.add(item, after=after)
        return [ItemAdded(item=item, previous_item_id=previous), ItemDone(item=item, previous_item_id=previous)]

    def transcribe(self, item_id: str, transcript: str) -> None:
        """Fill in what was said, unless the item is gone."""
        item = self.conversation.get(item_id)
        if isinstance(item, MessageItem) and item.parts and isinstance(audio := item.parts[0], Audio):
            self.conversation.replace(replace(item, parts=(replace(audio, transcript=transcript),)))

    # --- what it holds -----------------------------------------------------------------------------------------------

    @property
    def is_overfull(self) -> bool:
        """Whether there have been more items than allowed, owing to turns and replies, which cannot be refused."""
        return self.conversation.ever > self._budget.items

    def release_audio(self) -> list[str]:
        """If there is too much audio, release some until half the budget is free; return the ids of the items affected.

        The assistant's goes first, since only its words are read again, then the user's, each oldest first. The latest
        is kept: it may still be answered or truncated.
        """
        if self.conversation.weight.audio_bytes <= self._budget.audio_bytes:
            return []
        messages = [item for item in self.conversation if isinstance(item, MessageItem) and weight_of(item).audio_bytes]
        spoken = [item for item in messages if item.role == "assistant"][:-1]
        said = [item for item in messages if item.role != "assistant" and item.id != self.conversation.last_id]
        released: list[str] = []
        for item in [*spoken, *said]:
            if self.conversation.weight.audio_bytes <= self._budget.audio_bytes // 2:
                break
            self.conversation.replace(self._silent(item))
            released.append(item.id)
        return released

    def _silent(self, item: MessageItem) -> MessageItem:
        """The item with only its words."""
        words = self._understood.get(item.id)
        parts = [
            replace(part, data=b"", transcript=words if part.transcript is None else part.transcript)
            if isinstance(part, Audio)
            else part
            for part in item.parts
        ]
        return replace(item, parts=tuple(parts))

    def _complete(self, item: Item, configuration: Configuration) -> Item:
        """A client's item, completed with everything that clients may omit."""
        item = replace(item, id=item.id or self._new_id("item"), status="completed")
        if not isinstance(item, MessageItem):
            return item
        audio_format = configuration.input_format if item.role == "user" else configuration.output_format
        parts = [replace(part, format=audio_format) if isinstance(part, Audio) else part for part in item.parts]
        return replace(item, parts=tuple(parts))
