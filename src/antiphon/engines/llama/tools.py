"""Tool calls with models too small to make them by themselves.

The model is first held by a grammar to the name of one tool or "none", then to that tool's JSON schema. The tools stand
at the end of the system message and each question after the conversation, so that every pass shares one prefix.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable, Mapping, Sequence

from antiphon.engines.interfaces import Json, Message, NamedTool, Prompt, Tool, ToolCall, ToolCallDelta
from antiphon.engines.llama.chat import ChatMessage, answered, asked, chat_messages
from antiphon.engines.llama.grammar import json_grammar
from antiphon.engines.llama.schema import UnusableSchema, bounded_schema
from antiphon.engines.llama.server import Piece
from antiphon.engines.llama.writing import Ended, Writing
from antiphon.errors import InvalidRequest

MOST_CALLS = 5
"""In one reply."""

_EXAMPLES = (
    ("Why is the sky blue?", "Because air scatters blue light the most."),
    ("Hello, how are you?", "Fine, thank you!"),
)
_ID_CHARACTERS = string.ascii_letters + string.digits


def new_call_id() -> str:
    return "call_" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(24))


class ToolCalling:
    """Decides on tool calls and writes them. `instructions` stand before the tools in the system message.

    Raises `InvalidRequest` (param "tools[i].function.parameters") when a tool's schema cannot be used.
    """

    def __init__(
        self, prompt: Prompt, writing: Writing, emit: Callable[[ToolCallDelta], None], *, instructions: str
    ) -> None:
        self._prompt = prompt
        self._writing = writing
        self._emit = emit
        self._tools = {tool.name: tool for tool in prompt.tools}
        self._schemas = {tool.name: _schema(tool, index) for index, tool in enumerate(prompt.tools)}
        self._none = "none" if "none" not in self._tools else "no tool"
        if isinstance(prompt.tool_choice, NamedTool) and prompt.tool_choice.name not in self._tools:
            raise InvalidRequest(f"There is no tool named '{prompt.tool_choice.name}'.", param="tool_choice")
        self._words = f"{', '.join(self._tools)}, or {self._none}"
        chat = chat_messages(prompt.messages, instructions=f"{instructions}\n\n{self._instructions()}".lstrip())
        self.chat = [chat[0], *self._examples(), *chat[1:]]
        """The conversation as every pass reads it."""

    def run(self) -> Ended | None:
        """Call tools, or return None when the conversation needs none."""
        choice = self._prompt.tool_choice
        made = _calls_since_last_user(self._prompt.messages)
        chat = asked(self.chat, self._question(has_result=self._prompt.messages[-1].role == "tool"))
        ended: Ended | None = None
        for index in range(MOST_CALLS):
            must = choice != "auto" and index == 0
            name = self._choose(chat, must=must)
            if name == self._none:
                break
            chat = asked(answered(chat, name), f"Write the arguments of {name} as JSON.")
            call, call_ended = self._write_call(chat, index, name, () if must else made)
            if call is None:
                break
            ended = call_ended
            if ended == "length" or isinstance(choice, NamedTool) or not self._prompt.parallel_tool_calls:
                break
            made.append(call)
            chat = asked(answered(chat, call.arguments), self._another_question(made))
        return ended

    def _choose(self, chat: Sequence[ChatMessage], *, must: bool) -> str:
        choice = self._prompt.tool_choice
        if isinstance(choice, NamedTool):
            return choice.name
        return self._writing.choose(chat, [*self._tools] if must else [*self._tools, self._none])

    def _write_call(
        self, chat: Sequence[ChatMessage], index: int, name: str, made: Sequence[ToolCall]
    ) -> tuple[ToolCall | None, Ended]:
        """Write a call, piece by piece unless it may repeat one that was made; None when it does."""
        schema = self._schemas[name]
        try:
            self._writing.check(chat, schema)
        except UnusableSchema as error:
            raise _invalid_parameters(name, [*self._tools].index(name), str(error)) from error
        call_id = new_call_id()
        pieces: list[str] = []
        held = bool(made)

        def deliver(piece: Piece) -> None:
            if not held:
                first = not pieces
                self._emit(
                    ToolCallDelta(
                        index=index,
                        arguments=piece.text,
                        id=call_id if first else None,
                        name=name if first else None,
                    )
                )
            pieces.append(piece.text)

        ended = self._writing.write(chat, deliver, grammar=json_grammar(schema), greedy=True)
        call = ToolCall(id=call_id, name=name, arguments="".join(pieces))
        if any(_same(call, other) for other in made):
            return None, ended
        if held or not pieces:
            self._emit(ToolCallDelta(index=index, arguments=call.arguments, id=call_id, name=name))
        return call, ended

    def _instructions(self) -> str:
        tools = "\n".join(f"- {_described(tool)}" for tool in self._prompt.tools)
        return (
            f"# Tools\n{tools}\n\nMost messages need no tool. When asked which tool a message needs, answer "
            f"{self._none} unless the message plainly asks for what one of the tools does."
        )

    def _examples(self) -> list[ChatMessage]:
        """Two messages, each asked about and answered.

        Without the first kind, small models call a tool for anything; without the second, they answer "none".
        """
        examples: list[ChatMessage] = []
        for message, answer in _EXAMPLES:
            examples += [
                {"role": "user", "content": f"{message}\n\n{self._question(has_result=False)}"},
                {"role": "assistant", "content": self._none},
                {"role": "user", "content": message},
                {"role": "assistant", "content": answer},
            ]
        return examples

    def _question(self, *, has_result: bool) -> str:
        if has_result:
            return (
                f"(The tool has answered. If that is enough to answer the message, say {self._none}. "
                f"Which tool does it need now: {self._words}?)"
            )
        return f"(Which tool does this message need: {self._words}?)"

    def _another_question(self, calls: Sequence[ToolCall]) -> str:
        called = ", ".join(f"{call.name} {call.arguments}" for call in calls)
        # Few messages ask for three things, and small models find a third in those that do not.
        enough = f" If that is all the message asks for, say {self._none}." if len(calls) > 1 else ""
        return f"(Called so far: {called}.{enough} Which tool does the rest of the message need: {self._words}?)"


def _schema(tool: Tool, index: int) -> Mapping[str, Json]:
    parameters = tool.parameters or {"type": "object", "properties": {}, "additionalProperties": False}
    try:
        schema = bounded_schema(parameters, strict=False)
    except UnusableSchema as error:
        raise _invalid_parameters(tool.name, index, str(error)) from error
    if "type" in schema and "object" not in schema["type"]:
        raise _invalid_parameters(tool.name, index, "it must be of type 'object'")
    return {**schema, "type": ["object"]} if "properties" in schema or not schema else schema


def _invalid_parameters(name: str, index: int, reason: str) -> InvalidRequest:
    return InvalidRequest(
        f"Invalid schema for function '{name}': {reason}.",
        param=f"tools[{index}].function.parameters",
        code="invalid_function_parameters",
    )


def _described(tool: Tool) -> str:
    schema = tool.parameters or {}
    required = schema.get("required", [])
    parameters = [
        _parameter(name, value, required=name in required) for name, value in schema.get("properties", {}).items()
    ]
    return f"{tool.name}({', '.join(parameters)}){': ' if tool.description else ''}{tool.description}"


def _parameter(name: str, schema: Json, *, required: bool) -> str:
    """A parameter in few tokens: `unit?: celsius|fahrenheit`, with JSON where it is no simple value."""
    text = name if required else f"{name}?"
    if not isinstance(schema, Mapping):
        return text
    if "enum" in schema:
        kind = "|".join(value if isinstance(value, str) else json.dumps(value) for value in schema["enum"])
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
