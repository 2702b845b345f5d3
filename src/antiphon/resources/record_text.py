"""Extracts what was said or written from prompts and completions, of chat and of Realtime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_EXCERPT_LENGTH = 120
_SAID_IN = frozenset({"content", "text", "transcript", "refusal", "arguments", "output", "instructions"})
"""The keys under which prompts and completions hold text."""


def texts(value: Any) -> Iterator[str]:
    """Everything that was said or written, at any depth."""
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
    """The beginning of the user's last request; empty if it has no words."""
    entries: list[dict[str, Any]] = prompt.get("messages") or prompt.get("input") or []
    asked = next((entry for entry in reversed(entries) if entry.get("role") == "user"), {})
    text = " ".join(" ".join(texts(asked)).split())
    return text if len(text) <= _EXCERPT_LENGTH else f"{text[: _EXCERPT_LENGTH - 1].rstrip()}…"
