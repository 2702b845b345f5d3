"""The `openai-agents` package."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner

CONFIGURATION = {
    "tracing_disabled": True,
    "model_settings": {
        "model_name": "gpt-4o-realtime-preview",
        "voice": "alloy",
        "input_audio_transcription": {"model": "whisper-1"},
        "turn_detection": {"type": "server_vad", "interrupt_response": True},
    },
}
CHUNK_BYTES = 4_800

cities: list[str] = []


@function_tool
def get_weather(city: str) -> str:
    """Tells the current weather of a city."""
    cities.append(city)
    return "sunny"


async def converse(address: str, key: str, audio: bytes) -> None:
    agent = RealtimeAgent(name="Assistant", instructions="Answer briefly.", tools=[get_weather])
    url = f"ws://{address}/v1/realtime?model=gpt-4o-realtime-preview"
    runner = RealtimeRunner(agent, config=CONFIGURATION)
    said, heard, seconds = [], [], 0.0
    async with await runner.run(model_config={"url": url, "api_key": key}) as session:
        await session.send_message("What is the weather in Paris?")
        async for event in session:
            if event.type == "audio":
                seconds += len(event.audio.data) / 48_000
            elif event.type == "error":
                raise RuntimeError(event.error)
            elif event.type == "raw_model_event" and event.data.type == "raw_server_event":
                told = event.data.data
                if told["type"] == "conversation.item.input_audio_transcription.completed":
                    heard.append(told["transcript"])
                elif told["type"] == "response.output_audio_transcript.done":
                    said.append(told["transcript"])
                elif told["type"] == "response.done" and len(said) == 1:
                    for start in range(0, len(audio), CHUNK_BYTES):
                        await session.send_audio(audio[start : start + CHUNK_BYTES])
                if len(said) == 2 and heard:
                    break
    print(json.dumps({"called_for": cities, "heard": heard, "said": said, "seconds": round(seconds, 1)}))


asyncio.run(converse(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes()))
