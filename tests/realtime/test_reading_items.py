"""Items as both dialects read them."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.inputs import (
    CreateItem,
)
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, MessageItem, Text

from .dialects import both, message, read, refusal


@both
@pytest.mark.parametrize(
    ("sent", "item"),
    [
        (
            message("user", {"type": "input_text", "text": "Hi"}),
            MessageItem(id="", role="user", parts=(Text(text="Hi"),)),
        ),
        (
            message("system", {"type": "input_text", "text": "Be brief."}, id="s", object="realtime.item"),
            MessageItem(id="s", role="system", parts=(Text(text="Be brief."),)),
        ),
        (
            message("user", {"type": "input_audio", "audio": "AAEC", "transcript": None}, status="completed"),
            MessageItem(id="", role="user", parts=(Audio(data=b"\0\1\2"),)),
        ),
        (
            message("user", {"type": "input_audio", "transcript": "Hi"}),
            MessageItem(id="", role="user", parts=(Audio(transcript="Hi"),)),
        ),
        (
            message("assistant", {"type": "text", "text": "a"}, {"type": "output_text", "text": "b"}),
            MessageItem(
                id="",
                role="assistant",
                parts=(
                    Text(text="a"),
                    Text(text="b"),
                ),
            ),
        ),
        (
            message("assistant", {"type": "audio", "transcript": "a"}, {"type": "output_audio", "transcript": "b"}),
            MessageItem(
                id="",
                role="assistant",
                parts=(
                    Audio(transcript="a"),
                    Audio(transcript="b"),
                ),
            ),
        ),
        (
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            FunctionCallItem(id="", call_id="c", name="f", arguments="{}"),
        ),
        (
            {"type": "function_call", "name": "f", "arguments": "{}"},
            FunctionCallItem(id="", call_id="call_1", name="f", arguments="{}"),
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": "", "role": None, "content": None},
            FunctionCallOutputItem(id="", call_id="c", output=""),
        ),
    ],
)
def test_items_are_read(dialect: Dialect, sent: dict[str, Any], item: MessageItem) -> None:
    command = read(dialect, type="conversation.item.create", previous_item_id="root", item=sent)
    assert command == CreateItem(item=item, previous_item_id="root")


@both
@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        (message("system", {"type": "input_audio", "audio": ""}), "invalid_value", "item.content[0].type"),
        (message("user", {"type": "text", "text": "Hi"}), "invalid_value", "item.content[0].type"),
        (message("assistant", {"type": "input_text", "text": "Hi"}), "invalid_value", "item.content[0].type"),
        (message("user", {"type": "input_image", "image_url": "data:"}), "invalid_value", "item.content[0].type"),
        (message("tool"), "invalid_value", "item.role"),
        (message("user", {"type": "input_text"}), "missing_required_parameter", "item.content[0].text"),
        (message("user", {"type": "input_audio"}), "missing_required_parameter", "item.content[0].audio"),
        (message("user", {"type": "input_audio", "audio": "x"}), "invalid_value", "item.content[0].audio"),
        (
            message("user", {"type": "input_text", "text": "", "audio": ""}),
            "unknown_parameter",
            "item.content[0].audio",
        ),
        (message("user", output=""), "unknown_parameter", "item.output"),
        ({"type": "message", "content": []}, "missing_required_parameter", "item.role"),
        ({"type": "function_call", "arguments": ""}, "missing_required_parameter", "item.name"),
        ({"type": "function_call", "name": "f"}, "missing_required_parameter", "item.arguments"),
        ({"type": "function_call_output", "output": ""}, "missing_required_parameter", "item.call_id"),
        ({"type": "item_reference", "id": "i"}, "invalid_value", "item.type"),
        ({"role": "user"}, "missing_required_parameter", "item.type"),
    ],
)
def test_items_that_make_no_sense_are_refused(dialect: Dialect, sent: dict[str, Any], code: str, param: str) -> None:
    error = refusal(dialect, type="conversation.item.create", item=sent)
    assert (error.code, error.param) == (code, param)
