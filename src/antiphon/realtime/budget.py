"""The memory budget of one session: what its conversation weighs, and the limits on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem, Text

_HEARD_BYTES_A_MS = 64
"""The user's speech is kept a second time in the form it is heard in: 16,000 four-byte samples a second."""
MAX_ID_LENGTH = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    audio_bytes: int = 64 * 1024 * 1024
    """Audio in the conversation: ten minutes of the user's, or twenty of the assistant's. Beyond that, the oldest audio
    is dropped and its words are kept."""
    text_length: int = 4 * 1024 * 1024
    """Characters in the conversation, far more than any model reads. Anything that would exceed this is refused."""
    items: int = 4096
    """The most that the conversation may ever have, deleted ones included."""
    responses_out_of_band: int = 4
    """How many may be in progress at once, in addition to the one in the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much of the server's memory items take."""

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
