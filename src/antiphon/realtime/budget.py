"""What one session may hold: what its conversation weighs, and how much of that is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem, Text

_HEARD_BYTES_A_MS = 64
"""What the user said is held once more as it is heard: 16,000 samples a second, of four bytes."""
MAX_ID_LENGTH = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    audio_bytes: int = 64 * 1024 * 1024
    """Of audio in the conversation: ten minutes of the user's, or twenty of the assistant's. Beyond, the oldest is let
    go of, and its words stay."""
    text_length: int = 4 * 1024 * 1024
    """Characters in the conversation, far more than any model reads; what would add to them is refused beyond."""
    items: int = 4096
    """That the conversation may ever have, deleted ones included."""
    responses_out_of_band: int = 4
    """That may be made at the same time, beside the one in the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What items take of the server's memory."""

    audio_bytes: int = 0
    text_length: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            audio_bytes=self.audio_bytes + other.audio_bytes, text_length=self.text_length + other.text_length
        )

    def __sub__(self, other: Weight) -> Weight:
        return Weight(
            audio_bytes=self.audio_bytes - other.audio_bytes, text_length=self.text_length - other.text_length
        )


def weight_of(item: Item) -> Weight:
    match item:
        case MessageItem():
            return Weight(audio_bytes=_audio_bytes(item), text_length=len(item.id) + sum(map(_length, item.parts)))
        case FunctionCallItem():
            return Weight(text_length=len(item.id) + len(item.call_id) + len(item.name) + len(item.arguments))
        case FunctionCallOutputItem():
            return Weight(text_length=len(item.id) + len(item.call_id) + len(item.output))


def text_length(items: Iterable[Item]) -> int:
    return sum(weight_of(item).text_length for item in items)


def _audio_bytes(item: MessageItem) -> int:
    parts = [part for part in item.parts if isinstance(part, Audio)]
    heard = sum(part.duration_ms for part in parts) * _HEARD_BYTES_A_MS if item.role == "user" else 0
    return sum(len(part.data) for part in parts) + round(heard)


def _length(part: Text | Audio) -> int:
    return len(part.text) if isinstance(part, Text) else len(part.transcript or "")
