"""The area: each engine in this process and behind a URL on loopback, asked in turn."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import uvloop

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.llama.engine import Llama
from antiphon.engines.interfaces import Clause, Message, Prompt, Sampling
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.engines.remote.recognizer import RemoteRecognizer, TranscriptionSettings
from antiphon.engines.remote.synthesizer import RemoteSynthesizer, SpeechSettings
from antiphon.engines.remote.upstream import Upstream
from antiphon.models.cache import ModelCache
from bench.engines import llama_server
from bench.engines.processes import UpstreamProcess, running
from bench.engines.side_by_side import Way, side_by_side
from bench.engines.stubs import SAMPLE_RATE, InstantLanguageModel, InstantRecognizer, InstantSynthesizer
from bench.results import Result

MODEL = "smollm2-135m"
"""The smallest of the catalogue: the less time its work takes, the better what is added to it can be seen."""
_WAY = Way("behind a URL", "the URL", target_ms=5.0)
_STUB_ROUNDS = 500
_LLAMA_ROUNDS = 150
_UTTERANCE = Pcm.silence(4.0, 16_000)
_CLAUSE = Clause(text="I am a stub that answers at once.", language="en", voice="alloy")
_PROMPT = Prompt(
    messages=[
        Message(role="system", text="You are a helpful assistant who answers in one or two sentences."),
        Message(role="user", text="How far away is the Moon?"),
    ],
    sampling=Sampling(max_tokens=1, temperature=0.0),
)
"""Once read, it is in the prefix cache, here and there: what is measured is one token."""


def measure(cache: ModelCache, *, quick: bool) -> list[Result]:
    """Raises `ServerFailed`, and `ModelError` for a model that cannot be fetched or loaded."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return [
            *runner.run(measure_stubs(_STUB_ROUNDS // 10 if quick else _STUB_ROUNDS)),
            *runner.run(_llama(cache, _LLAMA_ROUNDS // 6 if quick else _LLAMA_ROUNDS)),
        ]


async def measure_stubs(rounds: int) -> list[Result]:
    """Engines that take no time of their own. Raises `ServerFailed`."""
    async with AsyncExitStack() as resources:
        url = resources.enter_context(running(UpstreamProcess("bench.engines.stub_upstream"))).url
        chat = ChatSettings(url=url, model="stub")
        transcription = TranscriptionSettings(url=url, model="stub")
        speech = SpeechSettings(url=url, model="stub", voices={"alloy": "stub"}, sample_rate=SAMPLE_RATE)
        reached = [Upstream("stub", settings) for settings in (chat, transcription, speech)]
        for upstream in reached:
            resources.push_async_callback(upstream.aclose)
        model = RemoteLanguageModel(reached[0], chat)
        recognizer = RemoteRecognizer(reached[1], transcription)
        synthesizer = RemoteSynthesizer(reached[2], speech)
        return [
            *await side_by_side(
                "first token",
                lambda: InstantLanguageModel().generate(_PROMPT),
                lambda: model.generate(_PROMPT),
                rounds,
                _WAY,
            ),
            *await side_by_side(
                "words of 4 s of speech",
                lambda: InstantRecognizer().recognize(_UTTERANCE),
                lambda: recognizer.recognize(_UTTERANCE),
                rounds,
                _WAY,
            ),
            *await side_by_side(
                "first audio of a clause",
                lambda: InstantSynthesizer().synthesize(_CLAUSE),
                lambda: synthesizer.synthesize(_CLAUSE),
                rounds,
                _WAY,
            ),
        ]


async def _llama(cache: ModelCache, rounds: int) -> list[Result]:
    path = cache.resolve(MODEL)
    async with AsyncExitStack() as resources:
        process = UpstreamProcess("bench.engines.llama_server", str(path), key=llama_server.KEY)
        url = resources.enter_context(running(process)).url
        settings = ChatSettings(url=url, model=MODEL, headers={"authorization": f"Bearer {llama_server.KEY}"})
        upstream = Upstream("llama", settings)
        resources.push_async_callback(upstream.aclose)
        remote = RemoteLanguageModel(upstream, settings)
        embedded = await asyncio.to_thread(Llama, path)
        return await side_by_side(
            "llama.cpp, first token",
            lambda: embedded.generate(_PROMPT),
            lambda: remote.generate(_PROMPT),
            rounds,
            _WAY,
        )
