"""An audio-native model behind a URL, in place of the API's scripted responder: a small server that hears recordings,
answers in speech, and calls a tool."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from antiphon.dialogue.native import NativeResponder

from ..engines.remote.audio_double import USAGE, audio_model, called, end, sound, words
from ..engines.remote.upstream_double import Answer, Connection, UpstreamDouble
from .conftest import Backend, tone


@asynccontextmanager
async def speaking_upstream(backend: Backend, *answers: Answer, **settings: Any) -> AsyncGenerator[UpstreamDouble]:
    hearing = backend.services.realtime.profiles["default"].hearing
    async with audio_model(*answers, **settings) as (model, double):
        responder = NativeResponder(hearing=hearing, model=model)
        backend.responder.instead = responder.respond
        try:
            yield double
        finally:
            backend.responder.instead = None


async def say(connection: Connection, *transcript: str, seconds: float) -> None:
    """The words first and then their sound, as models do."""
    await connection.events(*(words(piece) for piece in transcript), done=False)
    await connection.events(sound(tone(seconds).to_int16()), done=False)


async def greet(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await say(connection, "Good ", "day.", seconds=0.4)
    await connection.events(end(), USAGE)


async def greet_and_vanish(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await say(connection, "Good ", "day.", seconds=0.4)
    connection.writer.transport.abort()


async def talk_about_the_weather(connection: Connection) -> None:
    """Speak without end to the first thing said, look at the sky for the second, and tell what was seen there."""
    messages = connection.request.json["messages"]
    await connection.head(content_type="text/event-stream")
    if messages[-1]["role"] == "tool":
        await say(connection, "It is ", messages[-1]["content"], ".", seconds=0.4)
        await connection.events(end(), USAGE)
    elif len([message for message in messages if message["role"] == "user"]) == 1:
        await say(connection, "Good ", "day ", "to all ", "of you.", seconds=1.0)
        await connection.closed.wait()
    else:
        await connection.events(called(0, "", id="call_up", name="look"), called(0, '{"at":"sky"}'), end("tool_calls"))
