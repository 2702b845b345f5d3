"""Items as clients send them: the same shape in both dialects, accepting either's names for an assistant's content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias, TypeVar

import msgspec

from antiphon.parameters.complaints import invalid_value, missing, unknown, unsupported_value
from antiphon.realtime.dialects.client_audio import decode_audio
from antiphon.realtime.items import (
    Audio,
    FunctionCallItem,
    FunctionCallOutputItem,
    Item,
    ItemReference,
    MessageItem,
    Part,
    Role,
    Text,
)

NewId: TypeAlias = Callable[[str], str]
Sent = TypeVar("Sent")


class ClientPart(msgspec.Struct, forbid_unknown_fields=True):
    """One part of a message. Clients may send null for other types' fields."""

    type: Literal["input_text", "input_audio", "input_image", "text", "audio", "output_text", "output_audio"]
    id: str | None = None
    text: str | None = None
    audio: str | None = None
    transcript: str | None = None
    image_url: str | None = None
    detail: str | None = None


class ClientItem(msgspec.Struct, forbid_unknown_fields=True):
    """An item. Clients may send null for other types' fields; `status` has no effect, as OpenAI documents."""

    type: Literal["message", "function_call", "function_call_output", "item_reference"]
    id: str | None = None
    object: Literal["realtime.item"] | None = None
    status: Literal["completed", "incomplete", "in_progress"] | None = None
    role: Role | None = None
    content: list[ClientPart] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | None = None


_TEXTS = ("text",)
_SOUNDS = ("audio", "transcript")
_PARTS: Mapping[Role, Mapping[str, Sequence[str]]] = {
    "system": {"input_text": _TEXTS},
    "user": {"input_text": _TEXTS, "input_audio": _SOUNDS},
    "assistant": {"text": _TEXTS, "output_text": _TEXTS, "audio": _SOUNDS, "output_audio": _SOUNDS},
}
"""The content types that each role may have, and their fields."""

_ITEMS: Mapping[str, Sequence[str]] = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
    "item_reference": (),
}
"""The fields of each type of item, besides those common to all."""


def read_item(sent: ClientItem, param: str, new_id: NewId) -> Item:
    """The item, with an id of "" if the client chose none.

    Audio is assumed to be PCM16; only the session knows the actual format, and corrects it.
    """
    if sent.type == "item_reference":
        raise unsupported_value(f"{param}.type", sent.type, [name for name in _ITEMS if name != sent.type])
    _check_fields(sent, _ITEMS, param)
    item_id = sent.id or ""
    if sent.type == "message":
        role: Role = _required(sent.role, f"{param}.role")
        content = _required(sent.content, f"{param}.content")
        parts = tuple(_read_part(part, role, f"{param}.content[{index}]") for index, part in enumerate(content))
        return MessageItem(id=item_id, role=role, parts=parts)
    if sent.type == "function_call":
        return FunctionCallItem(
            id=item_id,
            call_id=sent.call_id or new_id("call"),
            name=_required(sent.name, f"{param}.name"),
            arguments=_required(sent.arguments, f"{param}.arguments"),
        )
    return FunctionCallOutputItem(
        id=item_id,
        call_id=_required(sent.call_id, f"{param}.call_id"),
        output=_required(sent.output, f"{param}.output"),
    )


def read_items(sent: Sequence[ClientItem], param: str, new_id: NewId) -> tuple[Item, ...]:
    return tuple(read_item(item, f"{param}[{index}]", new_id) for index, item in enumerate(sent))


def read_input(sent: Sequence[ClientItem], param: str, new_id: NewId) -> tuple[Item | ItemReference, ...]:
    """The input of one response, which may refer to items in the conversation."""
    return tuple(_read_input_item(item, f"{param}[{index}]", new_id) for index, item in enumerate(sent))


def _read_input_item(sent: ClientItem, param: str, new_id: NewId) -> Item | ItemReference:
    if sent.type != "item_reference":
        return read_item(sent, param, new_id)
    _check_fields(sent, _ITEMS, param)
    return ItemReference(id=_required(sent.id, f"{param}.id"))


def _read_part(sent: ClientPart, role: Role, param: str) -> Part:
    if sent.type == "input_image":
        raise invalid_value(f"{param}.type", "Images are not supported by this server. Send text or audio.")
    if sent.type not in _PARTS[role]:
        raise unsupported_value(f"{param}.type", sent.type, _PARTS[role])
    _check_fields(sent, _PARTS[role], param, among=("id", "text", "audio", "transcript", "image_url", "detail"))
    if _PARTS[role][sent.type] is _TEXTS:
        return Text(text=_required(sent.text, f"{param}.text"))
    if sent.audio is None and sent.transcript is None:
        raise missing(f"{param}.audio" if role == "user" else f"{param}.transcript")
    return Audio(data=decode_audio(sent.audio or "", f"{param}.audio"), transcript=sent.transcript)


def _required(value: Sent | None, param: str) -> Sent:
    if value is None:
        raise missing(param)
    return value


def _check_fields(
    sent: ClientItem | ClientPart,
    known: Mapping[str, Sequence[str]],
    param: str,
    *,
    among: Sequence[str] = ("role", "content", "call_id", "name", "arguments", "output"),
) -> None:
    """Refuse fields that belong to another type."""
    for name in among:
        if name not in known[sent.type] and getattr(sent, name) is not None:
            raise unknown(f"{param}.{name}")
