"""Other people's clients, each a program in the environment that `make clients` sets up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, ReplyRequest, TranscriptSpoken
from antiphon.engines.interfaces import ToolCallDelta
from antiphon.vocabulary.usage import Usage

from ..conftest import tone
from .realtime_server import RealtimeServer

PROGRAMS = Path(__file__).with_name("clients")
PYTHON = Path(__file__).parents[3] / ".venv" / "clients" / "bin" / "python"
SECONDS = 60
"""How long a client may take, most of it to import what it needs."""

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not PYTHON.exists(), reason="the clients are installed by `make clients`"),
]


async def answer(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
    """Call a function for what is asked in writing; say something to all else."""
    last = request.conversation[-1]
    if request.tools and last.role == "user" and all(isinstance(part, str) for part in last.parts):
        yield ToolCallDelta(index=0, id="call_a", name="get_weather", arguments='{"city": "Paris"}')
        yield ReplyFinished(finish_reason="tool_calls", usage=Usage())
        return
    yield TranscriptSpoken(text="Good day,")
    yield AudioSpoken(audio=tone(0.6))
    yield TranscriptSpoken(text=" to you.")
    yield AudioSpoken(audio=tone(0.4))
    yield ReplyFinished(finish_reason="stop", usage=Usage(input_text_tokens=3, output_text_tokens=2))


async def told_by(program: str, server: RealtimeServer, folder: Path) -> dict[str, Any]:
    """What a client's program prints."""
    server.backend.responder.instead = answer
    recording = folder / "question.pcm"
    recording.write_bytes(Pcm.concatenate([tone(0.6), Pcm.silence(1.5, 24_000)], 24_000).to_int16())
    arguments = [str(PROGRAMS / program), f"127.0.0.1:{server.port}", server.backend.key, str(recording)]
    pipe = asyncio.subprocess.PIPE
    client = await asyncio.create_subprocess_exec(PYTHON, "-P", *arguments, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(SECONDS):
            printed, complaints = await client.communicate()
    except TimeoutError:
        client.kill()
        _, complaints = await client.communicate()
        raise AssertionError(complaints.decode()) from None
    assert client.returncode == 0, complaints.decode()
    return json.loads(printed.splitlines()[-1])


@pytest.mark.parametrize("program", ["openai_agents.py", "livekit_plugin.py"])
async def test_a_client_calls_its_function_and_converses_aloud(program: str, realtime: RealtimeServer, tmp_path: Path):
    assert await told_by(program, realtime, tmp_path) == {
        "called_for": ["Paris"],
        "heard": ["What is the time?"],
        "said": ["Good day, to you.", "Good day, to you."],
        "seconds": 2.0,
    }


async def test_a_pipeline_writes_and_speaks_and_listens(realtime: RealtimeServer, tmp_path: Path):
    assert await told_by("pipecat_pipeline.py", realtime, tmp_path) == {
        "called_for": [],
        "heard": ["What is the time?"],
        "said": ["Good day, to you.", "Good day, to you."],
        "seconds": 2.0,
    }
