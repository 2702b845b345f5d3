"""What becomes of a call that a model writes into its reply. The model is a double; grammars are not applied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from antiphon.engines.embedded.llama.server import LlamaServer
from antiphon.engines.embedded.llama.tools import ToolCalling
from antiphon.engines.embedded.llama.words import write_words
from antiphon.engines.embedded.llama.writing import KnownGrammars, Writing
from antiphon.engines.interfaces import Message, Prompt, Sampling, ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.tools import Tool, ToolCall
from antiphon.vocabulary.usage import FinishReason

from .doubles import ScriptedServer

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Tool(name="get_weather", parameters=CITY)
WRITTEN = '{"name": "get_weather", "arguments": {"city": "Paris"}}'
ARGUMENTS = '{"city": "Paris"}'
ASKED = (Message(role="user", text="The weather in Paris?"),)
ANSWERED = (
    *ASKED,
    Message(role="assistant", text="", tool_calls=[ToolCall(id="call_1", name="get_weather", arguments=ARGUMENTS)]),
    Message(role="tool", text="sunny", tool_call_id="call_1"),
)


@dataclass(slots=True)
class Reply:
    text: str
    calls: list[str]
    ended: FinishReason
    bodies: list[Mapping[str, Any]]


def reply(*answers: str, **prompt: Any) -> Reply:
    server = ScriptedServer([*answers])
    fields: dict[str, Any] = {"messages": ASKED, "tools": [WEATHER], "sampling": Sampling(), **prompt}
    given = Prompt(**fields)
    writing = Writing(cast(LlamaServer, server), KnownGrammars(), given.sampling, lambda: False)
    text: list[str] = []
    calls: list[str] = []

    def emit(delta: ToolCallDelta | ToolCallEnded) -> None:
        if isinstance(delta, ToolCallDelta):
            if delta.id is not None:
                calls.append("")
            calls[-1] += (delta.name or "") + delta.arguments

    calling = ToolCalling(given, writing, emit, instructions="") if given.tools else None
    chat = calling.chat if calling else [{"role": "user", "content": "Hi"}]
    ended = write_words(given, chat, writing, calling, lambda piece: text.append(piece.text))
    assert not server.answers
    return Reply("".join(text), calls, ended, server.bodies)


def test_a_written_call_becomes_a_call() -> None:
    made = reply(WRITTEN, ARGUMENTS)

    assert made.text == ""
    assert made.calls == [f"get_weather{ARGUMENTS}"]
    assert made.ended == "tool_calls"


def test_what_was_said_before_a_written_call_is_kept() -> None:
    made = reply(f"Let me see. <get_weather>{WRITTEN}", ARGUMENTS)

    assert made.text == "Let me see. "
    assert made.calls == [f"get_weather{ARGUMENTS}"]


def test_a_call_that_was_made_already_is_answered_in_words() -> None:
    made = reply(WRITTEN, ARGUMENTS, "It is sunny.", messages=ANSWERED)

    assert made.text == "It is sunny."
    assert made.calls == []
    assert made.ended == "stop"
    assert "WORDS" in made.bodies[-1]["grammar"]


@pytest.mark.parametrize("written", [WRITTEN, "<tool_call>{", "get_weather('Rome')", f"```json\n{WRITTEN}\n```"])
@pytest.mark.parametrize("tools", [[WEATHER], []])
def test_where_no_tool_may_be_called_the_answer_is_words(written: str, tools: list[Tool]) -> None:
    made = reply(written, "It is sunny.", messages=ANSWERED, tools=tools, tool_choice="none")

    assert made.text == "It is sunny."
    assert made.calls == []


@pytest.mark.parametrize("copied", ["(The tool has answered. If", "(Which tool does this message need: a, or none?)"])
def test_what_we_wrote_into_the_prompt_is_not_said(copied: str) -> None:
    assert reply(copied, "It is sunny.").text == "It is sunny."


@pytest.mark.parametrize("copied", ["Because air scatters blue light the most.", "Fine, thank you!", "Why is the sky"])
def test_an_examples_words_are_not_said_but_written_anew_without_the_examples(copied: str) -> None:
    made = reply(copied, "It is sunny.")

    assert made.text == "It is sunny."
    assert "sky" in str(made.bodies[0]["messages"])
    assert "sky" not in str(made.bodies[-1]["messages"])


def test_a_reply_ends_before_what_it_copies() -> None:
    assert reply("It is sunny. Fine, thank you! Bye.").text == "It is sunny. "


def test_an_example_that_is_asked_may_be_answered() -> None:
    answer = "Because air scatters blue light the most."

    assert reply(answer, messages=[Message(role="user", text="Tell me: why is the sky blue?")]).text == answer


@pytest.mark.parametrize("text", ["Why is", "Why, is it fine? Thank Ann", "Somehow are you", "Why is there", "air"])
def test_what_only_begins_like_an_example_is_said(text: str) -> None:
    assert reply(text).text == text


def test_a_call_that_cannot_be_made_cuts_what_was_said() -> None:
    assert reply(f"It is sunny. {WRITTEN}", messages=ANSWERED, tool_choice="none").text == "It is sunny. "


def test_a_model_that_insists_says_nothing() -> None:
    assert reply(WRITTEN, f" {WRITTEN}", messages=ANSWERED, tool_choice="none").text == " "


def test_without_tools_json_is_an_answer() -> None:
    assert reply(WRITTEN, tools=[]).text == WRITTEN


def test_with_tools_json_that_is_no_call_is_an_answer() -> None:
    document = json.dumps({"name": "Anna", "city": "Paris"})

    assert reply(document).text == document


def test_a_stop_sequence_ends_the_reply_as_ever() -> None:
    assert reply("It is sunny. And warm.", sampling=Sampling(stop=[" And"])).text == "It is sunny."
