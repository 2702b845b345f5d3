"""An honest client, which asks a question now and then, over a connection of its own each time."""

from __future__ import annotations

import http.client
import json
import time
from http import HTTPStatus

from bench.chat_client import RequestFailed

ACCOUNT = "honest"
"""Whose it is: what attackers use up of their own account is not its own."""

_SECONDS_BETWEEN_QUESTIONS = 0.02
DEPLOYMENT = "chat"
_PATH = f"/openai/deployments/{DEPLOYMENT}/chat/completions?api-version=2025-01-01-preview"
_QUESTION = json.dumps(
    {
        "messages": [{"role": "user", "content": "Who are you?"}],
        "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "pcm16"},
    }
)
_LONGEST_S = 60.0


def ask_for(seconds: float, *, port: int, key: str) -> list[float]:
    """How long each answer took, from connecting to its end. Raises `RequestFailed` for any that was refused."""
    end = time.monotonic() + seconds
    took_s: list[float] = []
    while time.monotonic() < end:
        took_s.append(_ask(port, key))
        time.sleep(_SECONDS_BETWEEN_QUESTIONS)
    return took_s


def _ask(port: int, key: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST_S)
    try:
        headers = {"Host": f"{ACCOUNT}.localhost", "api-key": key, "Content-Type": "application/json"}
        connection.request("POST", _PATH, body=_QUESTION, headers=headers)
        response = connection.getresponse()
        said = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise RequestFailed(f"An honest client was not answered: {error!r}") from None
    finally:
        connection.close()
    if response.status != HTTPStatus.OK:
        raise RequestFailed(f"An honest client was refused: {response.status} {said[:200]!r}")
    return time.perf_counter() - began
