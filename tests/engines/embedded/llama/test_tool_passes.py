"""What a model is asked where there are tools. It is a double."""

from __future__ import annotations

from typing import Any, cast

import pytest

from antiphon.engines.embedded.llama.server import LlamaServer
from antiphon.engines.embedded.llama.tools import ToolCalling
from antiphon.engines.embedded.llama.writing import Ended, KnownGrammars, Writing
from antiphon.engines.interfaces import Message, Prompt, Sampling, ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.tools import NamedTool, Tool, ToolCall, ToolChoice

from .doubles import ScriptedServer

SEARCH = Tool(name="search", parameters={"type": "object", "properties": {"query": {"type": "string"}}})
CLOCK = Tool(name="clock")
ASKED = [Message(role="system", text="Be brief."), Message(role="user", text="Look up flights.")]
FLIGHTS = '{"query": "flights"}'
HOTELS = '{"query": "hotels"}'


class Passes:
    """A conversation with two tools, and what a model that gives these answers makes of it."""

    def __init__(self, *answers: str, **prompt: Any) -> None:
        self.server = ScriptedServer([*answers])
        self.emitted: list[ToolCallDelta | ToolCallEnded] = []
        fields: dict[str, Any] = {"messages": ASKED, "tools": [SEARCH, CLOCK], **prompt}
        given = Prompt(**fields)
        writing = Writing(cast(LlamaServer, self.server), KnownGrammars(), given.sampling, lambda: False)
        self.calling = ToolCalling(given, writing, self.emitted.append, instructions="")

    def run(self) -> Ended | None:
        ended = self.calling.run()
        assert not self.server.answers
        return ended

    @property
    def calls(self) -> list[str]:
        """Each call and its arguments, with a full stop where it was told to be complete."""
        calls: list[str] = []
        for event in self.emitted:
            if isinstance(event, ToolCallEnded):
                assert event.index == len(calls) - 1
                calls[-1] += "."
                continue
            if event.id is not None:
                calls.append(event.name or "")
            assert event.index == len(calls) - 1
            calls[-1] += event.arguments
        return calls


def test_every_pass_begins_with_the_conversation() -> None:
    passes = Passes("search", FLIGHTS, "clock", "{}", "none")
    passes.run()

    *before, asked = passes.calling.chat
    for body in passes.server.bodies:
        assert body["messages"][: len(before)] == before
        assert body["messages"][len(before)]["content"].startswith(asked["content"])


def test_a_call_is_announced_before_its_arguments_are_written() -> None:
    passes = Passes("search", FLIGHTS, "none")
    announced: list[list[str]] = []
    passes.server.asked = lambda: announced.append(passes.calls)
    passes.run()

    assert ["search"] in announced


COPIES = [
    "Why is the sky blue?",
    "why is the sky",
    "flights. Because air scatters",
    "Hello, how are you?",
    "Ann:\\n\\nHow are you",
    "fine_thank_you",
    "HELLO HOW ARE",
    "sky blue",
    "What makes the sky look as it does",
]


@pytest.mark.parametrize("copied", COPIES)
def test_arguments_that_copy_an_example_are_written_anew_without_the_examples(copied: str) -> None:
    passes = Passes("search", f'{{"query": "{copied}"}}', FLIGHTS, "none")

    assert passes.run() == "stop"
    assert passes.calls == [f"search{FLIGHTS}."]
    anew = passes.server.bodies[-2]["messages"]
    assert [turn["role"] for turn in anew] == ["system", "user", "assistant", "user"]
    assert anew[1]["content"].startswith("Look up flights.")
    assert "grammar" in passes.server.bodies[-2]


@pytest.mark.parametrize("said", ["Look up why is the sky blue", "Message Ann: why, is the sky BLUE?"])
@pytest.mark.parametrize("role", ["user", "assistant", "tool"])
def test_what_stands_in_the_conversation_may_be_an_argument(said: str, role: str) -> None:
    query = '{"query": "why is the sky blue"}'
    messages = [ASKED[0], Message(role="user", text="Hi"), Message(role=cast(Any, role), text=said)]
    passes = Passes("search", query, "none", messages=[*messages, Message(role="user", text="Search for it.")])

    passes.run()
    assert passes.calls == [f"search{query}."]


@pytest.mark.parametrize("query", ["why it is", "how are things", "the most airy", "Hello Ann, fine"])
def test_common_words_of_the_examples_are_anybodys(query: str) -> None:
    passes = Passes("search", f'{{"query": "{query}"}}', "none")

    passes.run()
    assert passes.calls == [f'search{{"query": "{query}"}}.']


def test_tools_are_called_until_none_is_needed() -> None:
    passes = Passes("search", FLIGHTS, "clock", "{}", "none")

    assert passes.run() == "stop"
    assert passes.calls == [f"search{FLIGHTS}.", "clock{}."]


def test_a_call_is_complete_before_it_is_asked_whether_another_follows() -> None:
    passes = Passes("search", FLIGHTS, "none")
    told_when_asked: list[list[str]] = []
    passes.server.asked = lambda: told_when_asked.append(passes.calls)
    passes.run()

    assert told_when_asked[0] == []
    assert told_when_asked[-1] == [f"search{FLIGHTS}."]


def test_the_same_tool_is_called_twice_with_other_arguments() -> None:
    passes = Passes("search", FLIGHTS, "search", HOTELS, "none")
    passes.run()

    assert passes.calls == [f"search{FLIGHTS}.", f"search{HOTELS}."]


def test_a_call_that_repeats_another_is_the_last_and_left_out() -> None:
    passes = Passes("search", FLIGHTS, "search", FLIGHTS)

    assert passes.run() == "stop"
    assert passes.calls == [f"search{FLIGHTS}."]


def test_a_call_that_was_answered_is_not_made_again() -> None:
    messages = [
        *ASKED,
        Message(role="assistant", text="", tool_calls=[ToolCall(id="a", name="search", arguments=FLIGHTS)]),
        Message(role="tool", text="None.", tool_call_id="a"),
    ]
    passes = Passes("search", FLIGHTS, messages=messages)

    assert passes.run() is None
    assert passes.calls == []


def test_no_tool_is_no_call() -> None:
    assert Passes("none").run() is None


@pytest.mark.parametrize("choice", ["auto", "required", NamedTool(name="search")])
def test_where_calls_may_not_be_parallel_it_is_not_asked_whether_another_follows(choice: ToolChoice) -> None:
    chosen = [] if isinstance(choice, NamedTool) else ["search"]
    passes = Passes(*chosen, FLIGHTS, tool_choice=choice, parallel_tool_calls=False)
    passes.run()

    assert passes.server.bodies[-1]["messages"][-1]["content"] == "Write the arguments of search as JSON."


def test_a_named_tool_is_not_asked_about() -> None:
    passes = Passes("{}", tool_choice=NamedTool(name="clock"))
    passes.run()

    assert passes.calls == ["clock{}."]


def test_a_required_call_leaves_no_choice_of_none() -> None:
    passes = Passes("clock", "{}", "none", tool_choice="required")
    passes.run()

    assert "none" not in passes.server.bodies[0]["grammar"]


def test_a_call_that_is_cut_short_is_not_complete() -> None:
    passes = Passes("search", FLIGHTS, sampling=Sampling(max_tokens=8))

    assert passes.run() == "length"
    assert passes.calls[0].startswith('search{"que')
    assert not passes.calls[0].endswith(".")
