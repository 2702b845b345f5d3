"""Refusals of client requests: the protocol's errors, with the service's own codes and wording."""

from __future__ import annotations

from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import Error
from antiphon.vocabulary.tools import NamedTool


class Refused(Exception):
    """Raised before anything has changed; becomes an `error` event."""

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.error = Error(code=code, message=message, param=param)

    @classmethod
    def because(cls, error: Error) -> Refused:
        """For what the dialect has already refused."""
        refused = cls(error.message)
        refused.error = error
        return refused


def item_not_found(item_id: str, *, param: str = "item_id") -> Refused:
    return Refused(f"The item with id '{item_id}' does not exist.", code="item_not_found", param=param)


def active_response(response_id: str) -> Refused:
    return Refused(
        f"Conversation already has an active response in progress: {response_id}. Wait until the response is finished "
        "before creating a new one.",
        code="conversation_already_has_active_response",
    )


def too_many_responses(most: int) -> Refused:
    return Refused(
        f"There are {most} responses out of the conversation in progress, which is the most a session can have. Wait "
        "until one is finished before creating a new one.",
        code="too_many_active_responses",
    )


def too_many_items(most: int) -> Refused:
    return Refused(
        f"The conversation has had {most} items, deleted ones included, which is the most a session can. Open a new "
        "session.",
        code="conversation_full",
    )


def too_much_text(most: int) -> Refused:
    return Refused(
        f"The conversation would have more than {most} characters of text, which is the most a session can. Delete "
        "items that are no longer needed.",
        code="conversation_full",
    )


def no_active_response() -> Refused:
    return Refused("Cancellation failed: no active response found", code="response_cancel_not_active")


def voice_is_locked() -> Refused:
    return Refused(
        "Cannot update a conversation's voice if assistant audio is present.",
        code="cannot_update_voice",
        param="session.voice",
    )


def not_spoken() -> Refused:
    return Refused(
        "Only model output audio messages can be truncated", code="unsupported_content_type", param="item_id"
    )


def check_tool_choice(configuration: Configuration) -> None:
    """Raise `Refused` for a function that is to be called and does not exist."""
    choice = configuration.tool_choice
    if isinstance(choice, NamedTool) and all(tool.name != choice.name for tool in configuration.functions):
        raise Refused(f"Tool choice '{choice.name}' not found in 'tools'.", code="invalid_value", param="tool_choice")
