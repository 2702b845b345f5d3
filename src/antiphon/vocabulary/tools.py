"""The functions that a model may call, which of them it must call, and its calls."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A function the model may call. `parameters` is a JSON schema; None means no parameters."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTool:
    """Tool choice: exactly this tool must be called."""

    name: str


ToolChoice: TypeAlias = Literal["auto", "none", "required"] | NamedTool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A tool call made by the assistant; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


_ID_CHARACTERS = string.ascii_letters + string.digits


def new_call_id() -> str:
    """The id of a tool call, which nobody can guess."""
    return "call_" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(24))
