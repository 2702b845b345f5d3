"""What pages show of requests: a question to a deployment, as a program asks it."""

from __future__ import annotations

from typing import Any

import httpx

from ..running_server import RunningServer

DEPLOYMENT = "gpt-4o-audio-preview"


def written(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def ask_aloud(
    server: RunningServer, *content: dict[str, Any], deployment: str = DEPLOYMENT, **options: Any
) -> httpx.Response:
    """Ask for an answer that is spoken."""
    return httpx.post(
        f"{server.url}/openai/deployments/{deployment}/chat/completions",
        params={"api-version": "2025-01-01-preview"},
        headers={"api-key": server.key},
        json={
            "modalities": ["text", "audio"],
            "audio": {"voice": "alloy", "format": "wav"},
            "max_tokens": 40,
            "messages": [{"role": "user", "content": list(content)}],
            **options,
        },
        timeout=300,
    )
