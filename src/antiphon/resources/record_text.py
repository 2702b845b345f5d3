"""What was said or written in a prompt or a completion, of chat or of Realtime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_EXCERPT_LENGTH = 120
_SAID_IN = frozenset({"content", "text", "transcript", "refusal", "arguments", "output", "instructions"})
"""Where prompts and completions have what was said or written."""


def texts(value: Any) -> Iterator[str]:
    """All that was said or written, wherever and however deep it stands."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(reversed(each.items()))
        elif isinstance(each, list):
            waiting.extend(("", part) for part in reversed(each))
        elif isinstance(each, str) and name in _SAID_IN:
            yield each


def excerpt_of(prompt: dict[str, Any]) -> str:
    """The beginning of what the user asked last; empty where it was not put into words."""
    entries: list[dict[str, Any]] = prompt.get("messages") or prompt.get("input") or []
    asked = next((entry for entry in reversed(entries) if entry.get("role") == "user"), {})
    text = " ".join(" ".join(texts(asked)).split())
    return text if len(text) <= _EXCERPT_LENGTH else f"{text[: _EXCERPT_LENGTH - 1].rstrip()}…"
