"""The building blocks of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from antiphon.realtime.configuration import AudioFormat

Status: TypeAlias = Literal["in_progress", "completed", "incomplete"]
Role: TypeAlias = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Written content."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """Spoken content. `data` is raw audio in `format`; a transcript of None is not known (yet)."""

    data: bytes = b""
    format: AudioFormat = AudioFormat.PCM16
    transcript: str | None = None

    @property
    def duration_ms(self) -> float:
        return len(self.data) / self.format.bytes_a_ms


Part: TypeAlias = Text | Audio


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageItem:
    id: str
    role: Role
    parts: Sequence[Part] = ()
    status: Status = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCallItem:
    """A function that the assistant wants called; `arguments` is JSON text."""

    id: str
    call_id: str
    name: str
    arguments: str = ""
    status: Status = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCallOutputItem:
    """What the client's function returned."""

    id: str
    call_id: str
    output: str
    status: Status = "completed"


Item: TypeAlias = MessageItem | FunctionCallItem | FunctionCallOutputItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReference:
    """Refers to an item of the conversation in a response's own input."""

    id: str
