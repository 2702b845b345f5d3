"""Errors that an engine raises when it cannot do what it was asked to."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class EngineFailed(AntiphonError):
    """An engine failed while working. The exception's cause says why, if known."""

    def __init__(self) -> None:
        super().__init__("An engine failed while it worked. Please retry.")


class ContextLengthExceeded(AntiphonError):
    """The conversation does not fit the language model's context."""

    @classmethod
    def by(cls, *, context_tokens: int, tokens: str) -> ContextLengthExceeded:
        """`tokens` is how many the conversation has, or "at least" that many."""
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
    """The server behind a remote engine rejects the request itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The model's server refused the request: {reason}")
        self.reason = reason


class UnusableResponseFormat(AntiphonError):
    """The reply cannot be constrained to the requested JSON schema."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid schema for response_format: {reason}.")
        self.reason = reason


class UnusableToolParameters(AntiphonError):
    """A tool's calls cannot be constrained to the JSON schema of its parameters."""

    def __init__(self, tool: str, index: int, reason: str) -> None:
        super().__init__(f"Invalid schema for function '{tool}': {reason}.")
        self.tool = tool
        self.index = index
        """The tool's index among those in the prompt."""
        self.reason = reason


class ToolNotFound(AntiphonError):
    """A call to a particular tool is required, but the prompt has no such tool."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no tool named '{name}'.")
        self.name = name
