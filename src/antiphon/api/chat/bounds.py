"""Bounds on the parameters of a chat request, one field at a time."""

from __future__ import annotations

from antiphon.api.chat.request import AssistantMessage, ChatMessage, ChatRequest, ToolMessage
from antiphon.parameters.complaints import check_count, check_length, check_range, empty_array
from antiphon.parameters.errors import InvalidRequest

MAX_MESSAGES = 2_048
MAX_TOOLS = 128
MAX_STOP_SEQUENCES = 4
MAX_CHOICES = 8
MAX_METADATA = 16
"""Key-value pairs."""
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512
MAX_TOOL_CALL_ID = 40
"""In characters."""


def check_bounds(request: ChatRequest) -> None:
    """Raise `InvalidRequest` for anything too large, too small or too long."""
    if not request.messages:
        raise empty_array("messages")
    check_count("messages", len(request.messages), MAX_MESSAGES)
    check_count("tools", len(request.tools or ()), MAX_TOOLS)
    if isinstance(request.stop, list):
        check_count("stop", len(request.stop), MAX_STOP_SEQUENCES)
    check_range("temperature", request.temperature, 0, 2)
    check_range("top_p", request.top_p, 0, 1)
    check_range("frequency_penalty", request.frequency_penalty, -2, 2)
    check_range("presence_penalty", request.presence_penalty, -2, 2)
    check_range("n", request.n, 1, MAX_CHOICES)
    check_range("top_logprobs", request.top_logprobs, 0, 20)
    check_range("max_tokens", request.max_tokens, 1, 1_000_000)
    check_range("max_completion_tokens", request.max_completion_tokens, 1, 1_000_000)
    check_range("seed", request.seed, -(2**63), 2**63 - 1)
    check_metadata(request.metadata)
    for index, message in enumerate(request.messages):
        _check_message(f"messages[{index}]", message)


def _check_message(param: str, message: ChatMessage) -> None:
    if message.content == []:
        raise empty_array(f"{param}.content")
    if isinstance(message, ToolMessage):
        check_length(f"{param}.tool_call_id", message.tool_call_id, MAX_TOOL_CALL_ID)
    if isinstance(message, AssistantMessage) and message.tool_calls is not None:
        if not message.tool_calls:
            raise empty_array(f"{param}.tool_calls")
        for index, call in enumerate(message.tool_calls):
            check_length(f"{param}.tool_calls[{index}].id", call.id, MAX_TOOL_CALL_ID)


def check_metadata(metadata: dict[str, str] | None) -> None:
    """Raise `InvalidRequest` for more, or longer, keys and values than OpenAI accepts."""
    if metadata is None:
        return
    if len(metadata) > MAX_METADATA:
        raise InvalidRequest(
            f"Invalid 'metadata': too many properties. Expected an object with at most {MAX_METADATA} properties, but "
            f"got an object with {len(metadata)} properties instead.",
            param="metadata",
            code="object_above_max_properties",
        )
    for key, value in metadata.items():
        check_length(f"metadata.{key[:MAX_METADATA_KEY]}", key, MAX_METADATA_KEY)
        check_length(f"metadata.{key}", value, MAX_METADATA_VALUE)
