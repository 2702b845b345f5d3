"""The `pipecat-ai` package: a pipeline that is written to and spoken into."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.realtime.events import (
    AudioConfiguration,
    AudioInput,
    InputAudioTranscription,
    SessionProperties,
    TurnDetection,
)
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

CHUNK_BYTES = 4_800
QUESTION = {"role": "user", "content": "What is the time?"}
LISTENING = AudioInput(transcription=InputAudioTranscription(model="whisper-1"), turn_detection=TurnDetection())


class Ears(FrameProcessor):
    """Takes down what passes by; transcripts go upstream, speech goes down."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.said: list[str] = [""]
        self.seconds = 0.0
        self.transcribed = asyncio.Event()
        self.finished = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case ErrorFrame():
                raise RuntimeError(frame.error)
            case TranscriptionFrame():
                self.heard.append(frame.text)
                self.transcribed.set()
            case TTSTextFrame():
                self.said[-1] += frame.text
            case TTSAudioRawFrame():
                self.seconds += len(frame.audio) / 48_000
            case LLMFullResponseEndFrame():
                self.said.append("")
                self.finished.set()
        await self.push_frame(frame, direction)


async def converse(address: str, key: str, audio: bytes) -> None:
    service = OpenAIRealtimeLLMService(
        api_key=key,
        base_url=f"ws://{address}/v1/realtime",
        settings=OpenAIRealtimeLLMService.Settings(
            model="gpt-4o-realtime-preview",
            system_instruction="Answer briefly.",
            session_properties=SessionProperties(audio=AudioConfiguration(input=LISTENING)),
        ),
    )
    before, after = Ears(), Ears()
    parameters = PipelineParams(audio_in_sample_rate=24_000, audio_out_sample_rate=24_000)
    task = PipelineTask(Pipeline([before, service, after]), params=parameters)
    running = asyncio.create_task(PipelineRunner(handle_sigint=False).run(task))
    await task.queue_frame(LLMContextFrame(LLMContext([QUESTION])))
    await after.finished.wait()
    after.finished.clear()
    for start in range(0, len(audio), CHUNK_BYTES):
        data = audio[start : start + CHUNK_BYTES]
        await task.queue_frame(InputAudioRawFrame(audio=data, sample_rate=24_000, num_channels=1))
    await after.finished.wait()
    await before.transcribed.wait()
    await task.cancel()
    await running
    said = [text for text in after.said if text]
    told = {"called_for": [], "heard": before.heard, "said": said, "seconds": round(after.seconds, 1)}
    print(json.dumps(told))


asyncio.run(converse(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes()))
