"""OpenAI's own SDK, in both of its dialects."""

from __future__ import annotations

from typing import Any

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI

from .realtime_server import RealtimeServer

pytestmark = pytest.mark.anyio

MODEL = "gpt-4o-realtime-preview"


def openai(server: RealtimeServer, path: str) -> AsyncOpenAI:
    return AsyncOpenAI(websocket_base_url=f"ws://127.0.0.1:{server.port}{path}", api_key=server.backend.key)


async def talk(connection: Any) -> list[str]:
    """What a client is told from its first question to the end of the answer."""
    content = [{"type": "input_text", "text": "Hello."}]
    await connection.conversation.item.create(item={"type": "message", "role": "user", "content": content})
    await connection.response.create()
    told: list[str] = []
    async for event in connection:
        told.append(event.type)
        if event.type == "response.done":
            assert event.response.status == "completed"
            break
    return told


async def test_azures_client_speaks_beta(realtime: RealtimeServer):
    client = AsyncAzureOpenAI(
        azure_endpoint=f"http://127.0.0.1:{realtime.port}",
        websocket_base_url=f"ws://127.0.0.1:{realtime.port}/openai",
        api_key=realtime.backend.key,
        api_version="2024-10-01-preview",
    )
    async with client.realtime.connect(model=MODEL) as connection:
        assert "response.audio.delta" in await talk(connection)


@pytest.mark.parametrize("path", ["/openai/v1", "/v1"])
async def test_openais_client_speaks_ga(realtime: RealtimeServer, path: str):
    async with openai(realtime, path).realtime.connect(model=MODEL) as connection:
        assert "response.output_audio.delta" in await talk(connection)


async def test_openais_beta_client_speaks_beta(realtime: RealtimeServer):
    async with openai(realtime, "/v1").beta.realtime.connect(model=MODEL) as connection:
        assert "response.audio.delta" in await talk(connection)
