"""What an engine raises when it cannot do what it was asked to do."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class EngineFailed(AntiphonError):
    """An engine broke while it worked. The exception's cause says why, where it is known."""

    def __init__(self) -> None:
        super().__init__("An engine failed while it worked. Please retry.")


class ContextLengthExceeded(AntiphonError):
    """The conversation does not fit the language model's context."""

    def __init__(self, *, context_tokens: int, tokens: str) -> None:
        """`tokens` is how many the conversation has, or "at least" so many."""
        super().__init__(
            f"This model's maximum context length is {context_tokens} tokens. However, your messages resulted in "
            f"{tokens} tokens. Please reduce the length of the messages."
        )
        self.context_tokens = context_tokens
        self.tokens = tokens


class UnusableResponseFormat(AntiphonError):
    """The reply cannot be held to the JSON schema that is wanted."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid schema for response_format: {reason}.")
        self.reason = reason


class UnusableToolParameters(AntiphonError):
    """A tool's calls cannot be held to the JSON schema of its parameters."""

    def __init__(self, tool: str, index: int, reason: str) -> None:
        super().__init__(f"Invalid schema for function '{tool}': {reason}.")
        self.tool = tool
        self.index = index
        """Of the tool, among those of the prompt."""
        self.reason = reason


class ToolNotFound(AntiphonError):
    """A call of one tool is wanted, and the prompt has no such tool."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no tool named '{name}'.")
        self.name = name
