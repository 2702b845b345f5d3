"""The parts of a configuration that both dialects write alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from antiphon.realtime.configuration import Configuration, InputTranscription, RemoteTool, RemoteTools, SemanticVad
from antiphon.vocabulary.tools import NamedTool, Tool, ToolChoice


def write_turn_detection(configuration: Configuration) -> dict[str, Any] | None:
    """Omits `idle_timeout_ms`, which only one dialect has, and a transcription session's response settings."""
    detection = configuration.turn_detection
    if detection is None:
        return None
    answers = {"create_response": detection.create_response, "interrupt_response": detection.interrupt_response}
    if isinstance(detection, SemanticVad):
        turns = {"type": "semantic_vad", "eagerness": detection.eagerness}
    else:
        turns = {
            "type": "server_vad",
            "threshold": detection.threshold,
            "prefix_padding_ms": detection.prefix_padding_ms,
            "silence_duration_ms": detection.silence_duration_ms,
        }
    return turns if configuration.transcribes_only else turns | answers


def write_transcription(transcription: InputTranscription | None) -> dict[str, Any] | None:
    if transcription is None:
        return None
    hints = {"language": transcription.language, "prompt": transcription.prompt or None}
    return {"model": transcription.model, **hints, **transcription.more}


def write_tools(tools: Sequence[Tool | RemoteTools]) -> list[Mapping[str, Any]]:
    return [tool.server if isinstance(tool, RemoteTools) else _write_function(tool) for tool in tools]


def _write_function(tool: Tool) -> dict[str, Any]:
    return {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters}


def write_tool_choice(choice: ToolChoice | RemoteTool) -> str | Mapping[str, Any]:
    if isinstance(choice, RemoteTool):
        return choice.choice
    return {"type": "function", "name": choice.name} if isinstance(choice, NamedTool) else choice
