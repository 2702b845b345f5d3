"""Messages from before there were tools: an assistant's `function_call`, and the function's result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from antiphon.api.chat.request import AssistantMessage, ChatMessage, FunctionMessage, ToolCallPart, ToolMessage
from antiphon.parameters.errors import InvalidRequest


def with_functions_as_tools(messages: Sequence[ChatMessage]) -> Iterator[ChatMessage]:
    """The messages, with function calls and their results converted to tool calls and theirs.

    A result belongs to the last call before it. OpenAI requires no stricter order, and neither does this. Raises
    `InvalidRequest` for a result that does not name its function.
    """
    call_id = "function"
    for index, message in enumerate(messages):
        if isinstance(message, AssistantMessage) and message.function_call is not None:
            call_id = f"function_{index}"
            call = ToolCallPart(id=call_id, function=message.function_call)
            yield AssistantMessage(
                content=message.content,
                name=message.name,
                audio=message.audio,
                tool_calls=[*(message.tool_calls or ()), call],
                refusal=message.refusal,
            )
        elif isinstance(message, FunctionMessage):
            if not message.name:
                raise InvalidRequest(
                    "Missing parameter 'name': messages with role 'function' must have a 'name'.",
                    param=f"messages.[{index}].name",
                )
            yield ToolMessage(tool_call_id=call_id, content=message.content or "")
        else:
            yield message
