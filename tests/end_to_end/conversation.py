"""A conversation by voice through the `openai` package's realtime clients."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from openai import AsyncAzureOpenAI, AsyncOpenAI

from antiphon.audio.pcm import Pcm

from .running_server import RunningServer

SAMPLE_RATE = 24_000
SERVER_VAD = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500}

_MODEL = "gpt-4o-realtime-preview"
_SECONDS = 60
"""How long a test may wait for what it expects."""
_CHUNK_BYTES = 4_800
"""100 ms."""
_BRIEFLY = "Answer in one short sentence."


class Beta:
    """What Azure's client says and hears."""

    audio = "response.audio"

    def connect(self, server: RunningServer) -> AbstractAsyncContextManager[Any]:
        client = AsyncAzureOpenAI(
            azure_endpoint=server.url,
            websocket_base_url=f"{server.url.replace('http', 'ws', 1)}/openai",
            api_key=server.key,
            api_version="2024-10-01-preview",
        )
        return client.beta.realtime.connect(model=_MODEL)

    def session(self, turn_detection: Mapping[str, Any] | None, **options: Any) -> dict[str, Any]:
        transcription = {"model": "whisper-1", "language": "en"}
        hearing = {"turn_detection": turn_detection, "input_audio_transcription": transcription}
        return {"instructions": _BRIEFLY, "temperature": 0.6, **hearing, **options}


class Ga:
    """What OpenAI's client says and hears."""

    audio = "response.output_audio"

    def __init__(self, deployment: str = _MODEL) -> None:
        self._deployment = deployment

    def connect(self, server: RunningServer) -> AbstractAsyncContextManager[Any]:
        client = AsyncOpenAI(
            base_url=f"{server.url}/openai/v1",
            websocket_base_url=f"{server.url.replace('http', 'ws', 1)}/openai/v1",
            api_key=server.key,
        )
        return client.realtime.connect(model=self._deployment)

    def session(self, turn_detection: Mapping[str, Any] | None, **options: Any) -> dict[str, Any]:
        transcription = {"model": "whisper-1", "language": "en"}
        hearing = {"turn_detection": turn_detection, "transcription": transcription}
        return {"type": "realtime", "instructions": _BRIEFLY, "audio": {"input": hearing}, **options}


@dataclass(slots=True)
class Conversation:
    """A connection, and what came over it."""

    connection: Any
    dialect: Beta | Ga
    events: list[Any] = field(default_factory=list)

    async def until(self, *types: str) -> Any:
        """The first event of the last of these types, once all of them have come."""
        missing = set(types)
        async with asyncio.timeout(_SECONDS):
            while missing:
                event = await self.connection.recv()
                assert event.type != "error", event
                self.events.append(event)
                missing.discard(event.type)
        return next(event for event in reversed(self.events) if event.type == types[-1])

    def each(self, type_: str) -> list[Any]:
        return [event for event in self.events if event.type == type_]

    async def configure(self, turn_detection: Mapping[str, Any] | None, **options: Any) -> None:
        await self.connection.session.update(session=self.dialect.session(turn_detection, **options))
        await self.until("session.updated")

    async def write(self, text: str) -> None:
        """Add a message of the user, and have it answered."""
        content = [{"type": "input_text", "text": text}]
        await self.connection.conversation.item.create(item={"type": "message", "role": "user", "content": content})
        await self.connection.response.create()

    async def say(self, audio: Pcm) -> None:
        data = audio.resample(SAMPLE_RATE).to_int16()
        for start in range(0, len(data), _CHUNK_BYTES):
            chunk = base64.b64encode(data[start : start + _CHUNK_BYTES]).decode()
            await self.connection.input_audio_buffer.append(audio=chunk)

    def spoken_seconds(self) -> float:
        """How much the server has said."""
        audio = b"".join(base64.b64decode(event.delta) for event in self.each(f"{self.dialect.audio}.delta"))
        return len(audio) / 2 / SAMPLE_RATE

    def transcript(self) -> str:
        """What the server says that it has said."""
        return " ".join(event.transcript for event in self.each(f"{self.dialect.audio}_transcript.done"))


@asynccontextmanager
async def opened(server: RunningServer, dialect: Beta | Ga) -> AsyncGenerator[Conversation]:
    async with dialect.connect(server) as connection:
        conversation = Conversation(connection, dialect)
        await conversation.until("session.created")
        yield conversation
