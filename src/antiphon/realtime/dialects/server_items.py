"""Items and their parts as clients receive them."""

from __future__ import annotations

from typing import Any, NamedTuple

import pybase64

from antiphon.realtime.items import Audio, FunctionCallItem, Item, MessageItem, Part, Text


class AssistantContent(NamedTuple):
    """A dialect's names for the content of an assistant's message."""

    text: str
    audio: str


_INPUT = AssistantContent("input_text", "input_audio")
_PART = AssistantContent("text", "audio")


def write_item(item: Item, assistant: AssistantContent, *, with_audio: bool = False) -> dict[str, Any]:
    """The item; it includes audio bytes only if a client asks for them."""
    written: dict[str, Any] = {"id": item.id, "object": "realtime.item"}
    if isinstance(item, MessageItem):
        words = assistant if item.role == "assistant" else _INPUT
        content = [_write_content(part, words, with_audio=with_audio) for part in item.parts]
        return written | {"type": "message", "status": item.status, "role": item.role, "content": content}
    if isinstance(item, FunctionCallItem):
        return written | {
            "type": "function_call",
            "status": item.status,
            "name": item.name,
            "call_id": item.call_id,
            "arguments": item.arguments,
        }
    return written | {
        "type": "function_call_output",
        "status": item.status,
        "call_id": item.call_id,
        "output": item.output,
    }


def write_part(part: Part) -> dict[str, Any]:
    """A part of a response as its own events describe it: "text" and "audio" in both dialects."""
    if isinstance(part, Text):
        return {"type": _PART.text, "text": part.text}
    return {"type": _PART.audio, "transcript": part.transcript or ""}


def _write_content(part: Part, words: AssistantContent, *, with_audio: bool) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"type": words.text, "text": part.text}
    written = {"type": words.audio, "transcript": part.transcript}
    return written | {"audio": _base64(part)} if with_audio else written


def _base64(part: Audio) -> str:
    return pybase64.b64encode_as_string(part.data)
