"""Tool calls by a model that cannot make them by itself."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from antiphon.engines.embedded.llama.engine import Llama
from antiphon.engines.errors import ToolNotFound, UnusableToolParameters
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    Message,
    Prompt,
    Sampling,
    TextDelta,
    ToolCallDelta,
)
from antiphon.vocabulary.tools import NamedTool, Tool, ToolCall

pytestmark = [pytest.mark.anyio, pytest.mark.models]


def parameters(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


WEATHER = Tool(
    name="get_weather",
    description="Get the current weather in a city.",
    parameters=parameters("city", city={"type": "string"}, unit={"enum": ["celsius", "fahrenheit"]}),
)
TIMER = Tool(
    name="set_timer",
    description="Start a countdown timer.",
    parameters=parameters("minutes", minutes={"type": "integer"}, label={"type": "string"}),
)
EMAIL = Tool(
    name="send_email",
    description="Send an e-mail to someone.",
    parameters=parameters("to", "body", to={"type": "string"}, body={"type": "string"}),
)
SYSTEM = Message(role="system", text="You are a helpful voice assistant. Answer in one short sentence.")


def asking(text: str) -> Prompt:
    return Prompt(
        messages=[SYSTEM, Message(role="user", text=text)],
        tools=[WEATHER, TIMER, EMAIL],
        sampling=Sampling(temperature=0, max_tokens=60),
    )


@pytest.fixture(scope="module")
def llama(model_path: Callable[[str], Path]) -> Llama:
    model = model_path("qwen2.5-coder-1.5b") / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    return Llama(model, threads=2, slots=1, context_tokens=1024, max_waiting=8)


async def generate(llama: Llama, prompt: Prompt) -> list[Generated]:
    async with contextlib.aclosing(llama.generate(prompt)) as generation:
        return [event async for event in generation]


def calls_in(events: Sequence[Generated]) -> list[ToolCall]:
    calls: list[ToolCall] = []
    for event in events:
        if not isinstance(event, ToolCallDelta):
            continue
        if event.id is not None and event.name is not None:
            assert event.index == len(calls)
            calls.append(ToolCall(id=event.id, name=event.name, arguments=""))
        assert event.index == len(calls) - 1
        calls[-1] = replace(calls[-1], arguments=calls[-1].arguments + event.arguments)
    return calls


def text_in(events: Sequence[Generated]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def finish_of(events: Sequence[Generated]) -> str:
    assert isinstance(events[-1], GenerationFinished)
    return events[-1].finish_reason


async def test_a_tool_is_called_with_arguments_that_fit(llama: Llama) -> None:
    events = await generate(llama, asking("What's the weather in Paris?"))

    (call,) = calls_in(events)
    assert call.name == "get_weather"
    assert json.loads(call.arguments)["city"] == "Paris"
    assert re.fullmatch(r"call_[0-9A-Za-z]{24}", call.id)
    assert finish_of(events) == "tool_calls"
    assert text_in(events) == ""


async def test_arguments_are_streamed(llama: Llama) -> None:
    events = await generate(llama, asking("Send an email to Anna saying that I'll be late for the meeting."))

    assert sum(isinstance(event, ToolCallDelta) for event in events) > 5


async def test_an_answer_that_needs_no_tool_is_text(llama: Llama) -> None:
    events = await generate(llama, asking("What is the capital of France?"))

    assert calls_in(events) == []
    assert "Paris" in text_in(events)
    assert finish_of(events) == "stop"


async def test_no_tool_is_called_where_none_is_allowed(llama: Llama) -> None:
    events = await generate(llama, replace(asking("What's the weather in Paris?"), tool_choice="none"))

    assert calls_in(events) == []
    assert text_in(events)


async def test_a_required_call_is_made_even_to_a_greeting(llama: Llama) -> None:
    assert calls_in(await generate(llama, replace(asking("Hello!"), tool_choice="required")))


async def test_a_named_tool_is_called(llama: Llama) -> None:
    events = await generate(llama, replace(asking("Hello, I am in Rome."), tool_choice=NamedTool(name="get_weather")))

    assert [call.name for call in calls_in(events)] == ["get_weather"]


async def test_two_tools_are_called_in_one_reply(llama: Llama) -> None:
    events = await generate(llama, asking("Check the weather in Oslo and start a timer for 20 minutes."))

    calls = calls_in(events)
    assert [call.name for call in calls] == ["get_weather", "set_timer"]
    assert json.loads(calls[1].arguments)["minutes"] == 20
    assert len({call.id for call in calls}) == 2


async def test_only_one_tool_is_called_where_calls_may_not_be_parallel(llama: Llama) -> None:
    prompt = asking("Check the weather in Oslo and start a timer for 20 minutes.")

    assert len(calls_in(await generate(llama, replace(prompt, parallel_tool_calls=False)))) == 1


async def test_a_tools_result_is_told_and_the_call_not_repeated(llama: Llama) -> None:
    call = ToolCall(id="call_1", name="get_weather", arguments='{"city": "Paris"}')
    prompt = asking("What's the weather in Paris?")
    messages = [
        *prompt.messages,
        Message(role="assistant", text="", tool_calls=[call]),
        Message(role="tool", text='{"temperature": 18, "sky": "sunny"}', tool_call_id="call_1"),
    ]

    events = await generate(llama, replace(prompt, messages=messages))

    assert calls_in(events) == []
    assert "18" in text_in(events) or "sunny" in text_in(events)


async def test_a_tool_without_parameters_is_called_with_none(llama: Llama) -> None:
    prompt = replace(asking("Stop the music."), tools=[Tool(name="stop_music", description="Stop the music.")])

    (call,) = calls_in(await generate(llama, prompt))

    assert json.loads(call.arguments) == {}


async def test_arguments_cut_short_finish_for_length(llama: Llama) -> None:
    prompt = asking("Send an email to Anna saying that I'll be late for the meeting.")

    events = await generate(llama, replace(prompt, sampling=Sampling(max_tokens=8)))

    assert finish_of(events) == "length"


@pytest.mark.parametrize("schema", [{"type": "boolen"}, {"type": "string"}, {"$ref": "https://example.com/a.json"}])
async def test_a_tool_whose_schema_is_wrong_is_refused(llama: Llama, schema: dict[str, Any]) -> None:
    prompt = replace(asking("Hello!"), tools=[WEATHER, Tool(name="broken", parameters=schema)])

    with pytest.raises(UnusableToolParameters, match="broken") as refusal:
        await generate(llama, prompt)

    assert refusal.value.index == 1


async def test_a_named_tool_must_be_there(llama: Llama) -> None:
    with pytest.raises(ToolNotFound, match="no_such_tool"):
        await generate(llama, replace(asking("Hello!"), tool_choice=NamedTool(name="no_such_tool")))


NEEDS_A_TOOL = [
    ("Is it raining in London right now?", "get_weather"),
    ("Quel temps fait-il à Lyon ?", "get_weather"),
    ("Set a timer for ten minutes.", "set_timer"),
    ("Remind me in five minutes to take the pasta off the stove.", "set_timer"),
    ("Write to bob@example.com that the invoice is paid.", "send_email"),
]
NEEDS_NONE = [
    "Hello! How are you today?",
    "Tell me a joke about cats.",
    "Thank you, that was helpful.",
    "What causes thunderstorms?",
    "Who wrote Romeo and Juliet?",
]


async def test_no_tool_is_called_for_small_talk_or_general_knowledge(llama: Llama) -> None:
    asked = [replace(asking(text), sampling=Sampling(max_tokens=1)) for text in NEEDS_NONE]

    assert [calls_in(await generate(llama, prompt)) for prompt in asked] == [[]] * len(NEEDS_NONE)


async def test_most_requests_for_a_tool_call_the_right_one(llama: Llama) -> None:
    right = 0
    for text, name in NEEDS_A_TOOL:
        calls = calls_in(await generate(llama, replace(asking(text), parallel_tool_calls=False)))
        right += [call.name for call in calls] == [name]

    assert right >= len(NEEDS_A_TOOL) - 1


SEARCH = Tool(
    name="web_search", description="Search the web.", parameters=parameters("query", query={"type": "string"})
)


@pytest.mark.parametrize("text", ["Look something up for me.", "Can you search?", "Cherche quelque chose."])
async def test_an_argument_that_nobody_gave_is_not_taken_from_the_prompt(llama: Llama, text: str) -> None:
    prompt = replace(asking(text), tools=[SEARCH, TIMER], tool_choice=NamedTool(name="web_search"))

    (call,) = calls_in(await generate(llama, prompt))

    assert not re.search(r"sky|which tool|write the|greetings|needs? none", call.arguments, re.IGNORECASE)


@pytest.mark.parametrize("choice", ["auto", "none"])
@pytest.mark.parametrize("follow_up", [None, "Thanks!", "Is that warm for April?"])
async def test_what_follows_a_call_is_said_in_words(
    llama: Llama, follow_up: str | None, choice: Literal["auto", "none"]
) -> None:
    call = ToolCall(id="call_1", name="get_weather", arguments='{"city": "Paris"}')
    prompt = asking("What's the weather in Paris?")
    messages = [
        *prompt.messages,
        Message(role="assistant", text="", tool_calls=[call]),
        Message(role="tool", text='{"temperature": 18, "sky": "sunny"}', tool_call_id="call_1"),
    ]
    if follow_up is not None:
        said = "It is 18 degrees and sunny in Paris."
        messages += [Message(role="assistant", text=said), Message(role="user", text=follow_up)]
    sampling = Sampling(temperature=0.8, max_tokens=30)

    events = await generate(llama, replace(prompt, messages=messages, sampling=sampling, tool_choice=choice))

    text = text_in(events)
    assert not re.search(r'get_weather"?\s*[(,]|<tool|```|^\s*[{\[]', text)
    assert text or calls_in(events)
