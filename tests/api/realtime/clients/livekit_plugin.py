"""The `livekit-plugins-openai` package, without its rooms."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from livekit import rtc
from livekit.agents import llm
from livekit.agents.utils import http_context
from livekit.plugins.openai.realtime import RealtimeModel
from openai.types.realtime import AudioTranscription
from openai.types.realtime.realtime_audio_input_turn_detection import ServerVad

CHUNK_BYTES = 4_800


@llm.function_tool
async def get_weather(city: str) -> str:
    """Tells the current weather of a city."""
    return f"sunny in {city}"


async def receive(generation: llm.GenerationCreatedEvent) -> tuple[str, float]:
    """What one response says, and for how many seconds."""
    text, seconds = "", 0.0
    async for message in generation.message_stream:
        async for piece in message.text_stream:
            text += piece
        async for frame in message.audio_stream:
            seconds += frame.duration
    return text, seconds


async def converse(address: str, key: str, audio: bytes) -> None:
    model = RealtimeModel(
        model="gpt-4o-realtime-preview",
        base_url=f"http://{address}/v1",
        api_key=key,
        voice="alloy",
        modalities=["audio"],
        turn_detection=ServerVad(type="server_vad", silence_duration_ms=200),
        input_audio_transcription=AudioTranscription(model="whisper-1"),
    )
    session = model.session()
    spontaneous: asyncio.Queue[llm.GenerationCreatedEvent] = asyncio.Queue()
    transcripts: asyncio.Queue[str] = asyncio.Queue()

    def hear(event: llm.InputTranscriptionCompleted) -> None:
        if event.is_final:
            transcripts.put_nowait(event.transcript)

    session.on("input_audio_transcription_completed", hear)
    await session.update_instructions("Answer briefly.")
    await session.update_tools([get_weather])

    context = session.chat_ctx.copy()
    context.add_message(role="user", content="What is the weather in Paris?")
    await session.update_chat_ctx(context)
    generation = await session.generate_reply()
    await receive(generation)
    (call,) = [call async for call in generation.function_stream]

    context = session.chat_ctx.copy()
    context.items.append(llm.FunctionCallOutput(call_id=call.call_id, name=call.name, output="sunny", is_error=False))
    await session.update_chat_ctx(context)
    first, first_seconds = await receive(await session.generate_reply())

    session.on("generation_created", spontaneous.put_nowait)
    for start in range(0, len(audio), CHUNK_BYTES):
        data = audio[start : start + CHUNK_BYTES]
        session.push_audio(rtc.AudioFrame(data, sample_rate=24_000, num_channels=1, samples_per_channel=len(data) // 2))
    second, second_seconds = await receive(await spontaneous.get())
    told = {
        "called_for": [json.loads(call.arguments)["city"]],
        "heard": [await transcripts.get()],
        "said": [first, second],
        "seconds": round(first_seconds + second_seconds, 1),
    }
    await session.aclose()
    await model.aclose()
    print(json.dumps(told))


async def main(audio: bytes) -> None:
    http_context._new_session_ctx()
    try:
        await converse(sys.argv[1], sys.argv[2], audio)
    finally:
        await http_context._close_http_ctx()


asyncio.run(main(Path(sys.argv[3]).read_bytes()))
