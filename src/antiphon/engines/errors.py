"""What an engine raises when it cannot do what it was asked to do."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class EngineFailed(AntiphonError):
    """An engine broke while it worked. The exception's cause says why, where it is known."""

    def __init__(self) -> None:
        super().__init__("An engine failed while it worked. Please retry.")


class ContextLengthExceeded(AntiphonError):
    """The conversation does not fit the language model's context."""

    @classmethod
    def by(cls, *, context_tokens: int, tokens: str) -> ContextLengthExceeded:
        """`tokens` is how many the conversation has, or "at least" so many."""
        return cls(
            f"This model's maximum context length is {context_tokens} tokens. However, your messages resulted in "
            f"{tokens} tokens. Please reduce the length of the messages."
        )


class NotSupportedByEngine(AntiphonError):
    """An engine lacks what a request needs."""

    def __init__(self, feature: str) -> None:
        """`feature` is OpenAI's name for it, such as `tools` or `logprobs`."""
        super().__init__(f"Unsupported parameter: '{feature}' is not supported with this model.")
        self.feature = feature


class RefusedByEngine(AntiphonError):
    """The server behind a remote engine finds fault with the request itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The model's server refused the request: {reason}")
        self.reason = reason


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
