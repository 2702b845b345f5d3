"""Tool calls and their answers among the messages of a request: each call is answered once, right after it.

Violations are refused as OpenAI refuses them, in its words (including its spelling of "preceeding"), so that a program
with such a fault is caught here as it would be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.api.chat.request import AssistantMessage, ChatMessage, ToolMessage
from antiphon.parameters.errors import InvalidRequest


@dataclass(slots=True)
class _Calls:
    """The calls of one assistant message, and where each was answered."""

    ids: Sequence[str] = ()
    answered: dict[str, int] = field(default_factory=dict[str, int])
    """The index of the answer, keyed by the call's id."""

    @property
    def open_ids(self) -> list[str]:
        return [each for each in self.ids if each not in self.answered]


def check_tool_history(messages: Sequence[ChatMessage]) -> None:
    """Raise `InvalidRequest` if an answer lacks its call, a call lacks its answer, or either is duplicated."""
    calls = _Calls()
    for index, message in enumerate(messages):
        if isinstance(message, ToolMessage):
            _check_answer(message.tool_call_id, index, calls)
            calls.answered[message.tool_call_id] = index
            continue
        _check_complete(calls, f"messages.[{index}].role")
        calls = _calls_of(message, index)
    _check_complete(calls, "messages")


def _calls_of(message: ChatMessage, index: int) -> _Calls:
    if not isinstance(message, AssistantMessage):
        return _Calls()
    ids = [call.id for call in message.tool_calls or ()]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise InvalidRequest(
            f"Invalid parameter: Duplicate value for 'id' of '{twice}' in the 'tool_calls' of messages[{index}].",
            param=f"messages.[{index}].tool_calls",
        )
    return _Calls(ids)


def _check_answer(call_id: str, index: int, calls: _Calls) -> None:
    if not calls.ids:
        raise InvalidRequest(
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
            "'tool_calls'.",
            param=f"messages.[{index}].role",
        )
    if call_id not in calls.ids:
        raise InvalidRequest(
            f"Invalid parameter: 'tool_call_id' of '{call_id}' not found in 'tool_calls' of previous message.",
            param=f"messages.[{index}].tool_call_id",
        )
    if call_id in calls.answered:
        raise InvalidRequest(
            f"Invalid parameter: Duplicate value for 'tool_call_id' of '{call_id}', in messages"
            f"[{calls.answered[call_id]}] and messages[{index}].",
            param=f"messages.[{index}].tool_call_id",
        )


def _check_complete(calls: _Calls, param: str) -> None:
    if calls.open_ids:
        raise InvalidRequest(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(calls.open_ids)}",
            param=param,
        )
