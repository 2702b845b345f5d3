"""Histories of tool calls that OpenAI refuses are refused in its words."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Server, spoken

pytestmark = pytest.mark.anyio

USER = {"role": "user", "content": "Hello."}
ORPHAN = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."


def call(*ids: str) -> dict[str, Any]:
    calls = [{"id": each, "type": "function", "function": {"name": "f", "arguments": "{}"}} for each in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def answer(call_id: str, content: str = "1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def unanswered(*ids: str) -> str:
    return (
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        f"The following tool_call_ids did not have response messages: {', '.join(ids)}"
    )


def unknown(call_id: str) -> str:
    return f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous message."


@pytest.mark.parametrize(
    "messages",
    [
        [USER, call("a"), answer("a")],
        [USER, call("a"), answer("a"), USER],
        [USER, call("a", "b"), answer("b"), answer("a")],
        [USER, call("a"), answer("a"), call("b"), answer("b")],
        [USER, call("a"), answer("a"), USER, call("a"), answer("a")],
        [call("a"), answer("a", "")],
    ],
)
async def test_a_history_in_which_each_call_is_answered_is_taken(server: Server, messages: list[Any]):
    assert (await server.chat(spoken(messages=messages))).status_code == 200


@pytest.mark.parametrize(
    ("messages", "message", "param"),
    [
        ([answer("a")], ORPHAN, "messages.[0].role"),
        ([USER, answer("a")], ORPHAN, "messages.[1].role"),
        ([USER, {"role": "assistant", "content": "Hi."}, answer("a")], ORPHAN, "messages.[2].role"),
        ([USER, call("a"), answer("a"), USER, answer("a")], ORPHAN, "messages.[4].role"),
        ([USER, call("a"), answer("b")], unknown("b"), "messages.[2].tool_call_id"),
        ([USER, call("a"), answer("A")], unknown("A"), "messages.[2].tool_call_id"),
        ([USER, call("a"), answer("a"), call("b"), answer("a")], unknown("a"), "messages.[4].tool_call_id"),
        ([USER, call("a"), USER], unanswered("a"), "messages.[2].role"),
        ([USER, call("a"), USER, answer("a")], unanswered("a"), "messages.[2].role"),
        ([USER, call("a", "b"), answer("a"), USER], unanswered("b"), "messages.[3].role"),
        ([USER, call("a", "b", "c"), answer("b"), call("d")], unanswered("a", "c"), "messages.[3].role"),
        ([USER, call("a")], unanswered("a"), "messages"),
        ([USER, call("a", "b"), answer("b")], unanswered("a"), "messages"),
        (
            [USER, call("a"), answer("a"), answer("a")],
            "Invalid parameter: Duplicate value for 'tool_call_id' of 'a', in messages[2] and messages[3].",
            "messages.[3].tool_call_id",
        ),
        (
            [USER, call("a", "a"), answer("a")],
            "Invalid parameter: Duplicate value for 'id' of 'a' in the 'tool_calls' of messages[1].",
            "messages.[1].tool_calls",
        ),
    ],
)
async def test_a_broken_history_is_refused(server: Server, messages: list[Any], message: str, param: str):
    status, error = await server.error(spoken(messages=messages))
    assert status == 400
    assert error == {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    assert not server.responder.requests


@pytest.mark.parametrize(
    ("messages", "param", "code"),
    [
        ([USER, {"role": "assistant", "tool_calls": []}], "messages[1].tool_calls", "empty_array"),
        ([USER, call("a" * 41), answer("a" * 41)], "messages[1].tool_calls[0].id", "string_above_max_length"),
        ([USER, call("a"), answer("a" * 41)], "messages[2].tool_call_id", "string_above_max_length"),
    ],
)
async def test_what_no_call_can_be_is_refused(server: Server, messages: list[Any], param: str, code: str):
    _, error = await server.error(spoken(messages=messages))
    assert (error["param"], error["code"]) == (param, code)
