"""Tool calls as servers behind a URL send them, rightly and wrongly."""

from __future__ import annotations

import pytest

from antiphon.engines.interfaces import GenerationFinished, Message, Prompt, ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.tools import ToolCall

from .chat_double import HELLO, PROMPT, USAGE, WEATHER, called, end, generated, model
from .upstream_double import event_stream

pytestmark = pytest.mark.anyio


async def test_calls_of_tools_come_with_their_ends():
    stream = event_stream(
        called(0, "", id="call_a", name="get_weather"),
        called(0, '{"city":'),
        called(0, '"Rome"}'),
        called(1, "{}", id="call_b", name="get_weather"),
        end("tool_calls"),
    )
    async with model(stream) as (engine, _):
        pieces = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert pieces[:-1] == [
        ToolCallDelta(index=0, id="call_a", name="get_weather"),
        ToolCallDelta(index=0, arguments='{"city":'),
        ToolCallDelta(index=0, arguments='"Rome"}'),
        ToolCallEnded(index=0),
        ToolCallDelta(index=1, arguments="{}", id="call_b", name="get_weather"),
        ToolCallEnded(index=1),
    ]
    assert isinstance(pieces[-1], GenerationFinished)
    assert pieces[-1].finish_reason == "tool_calls"


async def test_the_history_of_calls_is_told_in_the_wires_words():
    call = ToolCall(id="call_a", name="get_weather", arguments="{}")
    messages = [
        Message(role="user", text="Weather?"),
        Message(role="assistant", text="", tool_calls=[call]),
        Message(role="tool", text="sunny", tool_call_id="call_a"),
    ]
    async with model(HELLO) as (engine, double):
        await generated(engine, Prompt(messages=messages))
    assistant, tool = double.requests[0].json["messages"][1:]
    assert assistant["content"] is None
    assert assistant["tool_calls"][0]["id"] == tool["tool_call_id"] == "call_a"


async def test_calls_that_share_an_index_are_told_apart_by_their_ids():
    stream = event_stream(
        called(0, '{"city":"Rome"}', id="call_a", name="get_weather"),
        called(0, '{"city":"Oslo"}', id="call_b", name="get_weather"),
        end("tool_calls"),
    )
    async with model(stream) as (engine, _):
        pieces = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert pieces[:-1] == [
        ToolCallDelta(index=0, id="call_a", name="get_weather", arguments='{"city":"Rome"}'),
        ToolCallEnded(index=0),
        ToolCallDelta(index=1, id="call_b", name="get_weather", arguments='{"city":"Oslo"}'),
        ToolCallEnded(index=1),
    ]


async def test_a_call_without_an_id_gets_one_and_a_repeated_name_begins_none():
    stream = event_stream(
        called(0, '{"city":', name="get_weather"), called(0, '"Rome"}', name="get_weather"), end("stop")
    )
    async with model(stream) as (engine, _):
        first, second, ended, finished = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert isinstance(first, ToolCallDelta)
    assert (first.id or "").startswith("call_")
    assert second == ToolCallDelta(index=0, arguments='"Rome"}')
    assert ended == ToolCallEnded(index=0)
    assert isinstance(finished, GenerationFinished)
    assert finished.finish_reason == "tool_calls"


async def test_a_call_that_was_cut_short_has_no_end():
    stream = event_stream(called(0, '{"city":', id="call_a", name="get_weather"), end("length"))
    async with model(stream) as (engine, _):
        pieces = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert ToolCallEnded(index=0) not in pieces


async def test_a_second_end_changes_nothing():
    stream = event_stream(called(0, "{}", id="call_a", name="get_weather"), end("tool_calls"), end("stop"), USAGE)
    async with model(stream) as (engine, _):
        pieces = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert pieces.count(ToolCallEnded(index=0)) == 1
    assert pieces[-1] == GenerationFinished(
        finish_reason="tool_calls", prompt_tokens=12, cached_tokens=8, completion_tokens=3
    )
