"""Tool calls with models too small to make them unaided.

A grammar restricts the model first to the name of one tool or "none", then to that tool's JSON schema. The tools go at
the end of the system message and each question after the conversation, so that all passes share one prefix.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from antiphon.engines.embedded.llama.chat import ChatMessage, answered, asked, chat_messages
from antiphon.engines.embedded.llama.examples import EXAMPLES, CopyScanner, copies_in
from antiphon.engines.embedded.llama.grammar import json_grammar
from antiphon.engines.embedded.llama.schema import UnusableSchema, bounded_schema
from antiphon.engines.embedded.llama.server import Piece
from antiphon.engines.embedded.llama.writing import Ended, Writing
from antiphon.engines.errors import ToolNotFound, UnusableToolParameters
from antiphon.engines.interfaces import Json, Message, Prompt, ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.tools import NamedTool, Tool, ToolCall, new_call_id

MOST_CALLS = 5
"""The limit in one reply."""


class ToolCalling:
    """Decides on tool calls and writes them. `instructions` precede the tools in the system message.

    Raises `UnusableToolParameters` if a tool's schema cannot be used, and `ToolNotFound`.
    """

    def __init__(
        self,
        prompt: Prompt,
        writing: Writing,
        emit: Callable[[ToolCallDelta | ToolCallEnded], None],
        *,
        instructions: str,
    ) -> None:
        self._prompt = prompt
        self._writing = writing
        self._emit = emit
        self._tools = {tool.name: tool for tool in prompt.tools}
        self._schemas = {tool.name: _schema(tool, index) for index, tool in enumerate(prompt.tools)}
        self._none = "none" if "none" not in self._tools else "no tool"
        if isinstance(prompt.tool_choice, NamedTool) and prompt.tool_choice.name not in self._tools:
            raise ToolNotFound(prompt.tool_choice.name)
        self._words = f"{', '.join(self._tools)}, or {self._none}"
        self.bare_chat = chat_messages(
            prompt.messages, instructions=f"{instructions}\n\n{self._instructions()}".lstrip()
        )
        """The conversation without the examples, for passes that must not copy from them."""
        self.chat = [self.bare_chat[0], *self._examples(), *self.bare_chat[1:]]
        """The conversation for passes that continue from what the previous one read."""
        self.copies = copies_in(self.bare_chat)
        self._has_result = prompt.messages[-1].role == "tool"

    def run(self) -> Ended | None:
        """Call tools, or return None if the conversation needs none."""
        choice = self._prompt.tool_choice
        # A required call is made even if it is a repetition.
        made = _calls_since_last_user(self._prompt.messages) if choice == "auto" else []
        chat = asked(self.chat, self._question(has_result=self._has_result))
        calls: list[ToolCall] = []
        for index in range(MOST_CALLS):
            name = self._choose(chat, must=choice != "auto" and not calls)
            if name == self._none:
                break
            chat = _asked_for_arguments(chat, name)
            call, ended = self._write_call(chat, index, name, made)
            if call is None:
                break
            if ended == "length":
                return ended
            self._emit(ToolCallEnded(index=index))
            made.append(call)
            calls.append(call)
            if isinstance(choice, NamedTool) or not self._prompt.parallel_tool_calls:
                break
            chat = asked(answered(chat, call.arguments), self._another_question(made))
        return "stop" if calls else None

    def call(self, name: str) -> Ended | None:
        """Call the tool `name`, or return None if that is not allowed or was already done."""
        if self._prompt.tool_choice != "auto" or name not in self._tools:
            return None
        made = _calls_since_last_user(self._prompt.messages)
        call, ended = self._write_call(
            _asked_for_arguments(asked(self.chat, self._question(has_result=self._has_result)), name), 0, name, made
        )
        if call is None:
            return None
        if ended != "length":
            self._emit(ToolCallEnded(index=0))
        return ended

    def _choose(self, chat: Sequence[ChatMessage], *, must: bool) -> str:
        choice = self._prompt.tool_choice
        if isinstance(choice, NamedTool):
            return choice.name
        return self._writing.choose(chat, [*self._tools] if must else [*self._tools, self._none])

    def _write_call(
        self, chat: Sequence[ChatMessage], index: int, name: str, made: Sequence[ToolCall]
    ) -> tuple[ToolCall | None, Ended]:
        """Write a tool call, announced at once unless it may repeat one already `made`; None if it does repeat one."""
        schema = self._schemas[name]
        try:
            self._writing.check(chat, schema)
        except UnusableSchema as error:
            raise UnusableToolParameters(name, [*self._tools].index(name), str(error)) from error
        call_id = new_call_id()
        is_held = any(other.name == name for other in made)
        if not is_held:
            self._emit(ToolCallDelta(index=index, arguments="", id=call_id, name=name))
        pieces, ended = self._write_arguments(chat, json_grammar(schema))
        call = ToolCall(id=call_id, name=name, arguments="".join(pieces))
        if any(_same(call, other) for other in made):
            return None, ended
        if is_held:
            self._emit(ToolCallDelta(index=index, arguments="", id=call_id, name=name))
        for piece in pieces:
            self._emit(ToolCallDelta(index=index, arguments=piece))
        return call, ended

    def _write_arguments(self, chat: Sequence[ChatMessage], grammar: str) -> tuple[list[str], Ended]:
        """Write arguments, and rewrite them if they copy an example. The rest may change too, so none is sent yet."""
        pieces: list[str] = []

        def take(piece: Piece) -> None:
            pieces.append(piece.text)

        copies = CopyScanner(self.copies.in_arguments)
        ended = self._writing.write(chat, take, grammar=grammar, greedy=True, scanners=[copies])
        if copies.found:
            pieces.clear()
            after = chat[len(self.chat) - 1 :]
            bare_chat = [*self.bare_chat[:-1], *after]
            ended = self._writing.write(bare_chat, take, grammar=grammar, greedy=True)
        return pieces, ended

    def _instructions(self) -> str:
        tools = "\n".join(f"- {_described(tool)}" for tool in self._prompt.tools)
        return (
            f"# Tools\n{tools}\n\nMost messages need no tool. When asked which tool a message needs, answer "
            f"{self._none} unless the message plainly asks for what one of the tools does."
        )

    def _examples(self) -> list[ChatMessage]:
        """The examples, each with its question and answer."""
        turns: list[ChatMessage] = []
        for message, answer in EXAMPLES:
            turns += [
                {"role": "user", "content": f"{message}\n\n{self._question(has_result=False)}"},
                {"role": "assistant", "content": self._none},
                {"role": "user", "content": message},
                {"role": "assistant", "content": answer},
            ]
        return turns

    def _question(self, *, has_result: bool) -> str:
        if has_result:
            return (
                f"(The tool has answered. If that is enough to answer the message, say {self._none}. "
                f"Which tool does it need now: {self._words}?)"
            )
        return f"(Which tool does this message need: {self._words}?)"

    def _another_question(self, calls: Sequence[ToolCall]) -> str:
        called = ", ".join(f"{call.name} {call.arguments}" for call in calls)
        # Few messages ask for three things, and small models find a third even in those that do not.
        enough = f" If that is all the message asks for, say {self._none}." if len(calls) > 1 else ""
        return f"(Called so far: {called}.{enough} Which tool does the rest of the message need: {self._words}?)"


def _asked_for_arguments(chat: Sequence[ChatMessage], name: str) -> list[ChatMessage]:
    return asked(answered(chat, name), f"Write the arguments of {name} as JSON.")


def _schema(tool: Tool, index: int) -> Mapping[str, Json]:
    parameters = tool.parameters or {"type": "object", "properties": {}, "additionalProperties": False}
    try:
        schema = bounded_schema(parameters, strict=False)
    except UnusableSchema as error:
        raise UnusableToolParameters(tool.name, index, str(error)) from error
    if "type" in schema and "object" not in schema["type"]:
        raise UnusableToolParameters(tool.name, index, "it must be of type 'object'")
    return {**schema, "type": ["object"]} if "properties" in schema or not schema else schema


def _described(tool: Tool) -> str:
    schema = tool.parameters or {}
    required = schema.get("required", [])
    parameters = [
        _parameter(name, value, required=name in required) for name, value in schema.get("properties", {}).items()
    ]
    return f"{tool.name}({', '.join(parameters)}){': ' if tool.description else ''}{tool.description}"


def _parameter(name: str, schema: Json, *, required: bool) -> str:
    """A parameter in few tokens: `unit?: celsius|fahrenheit`, or JSON if it is not a simple value."""
    text = name if required else f"{name}?"
    if not isinstance(schema, Mapping):
        return text
    if isinstance(values := schema.get("enum"), list):
        kind = "|".join(value if isinstance(value, str) else json.dumps(value) for value in values)
    elif isinstance(schema.get("type"), str) and schema["type"] not in ("object", "array"):
        kind = schema["type"]
    else:
        kind = json.dumps({key: value for key, value in schema.items() if key != "description"}, ensure_ascii=False)
    description = schema.get("description")
    return f"{text}: {kind}" + (f" ({description})" if description else "")


def _calls_since_last_user(messages: Sequence[Message]) -> list[ToolCall]:
    calls: list[ToolCall] = []
    for message in messages:
        if message.role == "user":
            calls.clear()
        calls += message.tool_calls
    return calls


def _same(call: ToolCall, other: ToolCall) -> bool:
    try:
        return call.name == other.name and json.loads(call.arguments) == json.loads(other.arguments)
    except ValueError:
        return False
