"""Sharing: what the engines leave of each other's speed when all of them work at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping

from antiphon.compose.profiles import Engines
from antiphon.engines.interfaces import Clause, GenerationFinished, Message, Prompt, Sampling
from bench.realtime.speech import questions
from bench.results import Result, overall

_LONGEST_S = 10.0
_SENTENCE = "The sea was calm and blue that day, and nobody spoke."
_STORY = "Tell me a very long story about the sea."

_Rate = Callable[[], Awaitable[float]]


async def measure(engines: Engines, *, quick: bool) -> list[Result]:
    """Let each engine work alone for some seconds, then all of them at once. Raises `NoRecordings`."""
    seconds = _LONGEST_S / 2 if quick else _LONGEST_S
    recordings = questions(3)

    async def recognize() -> float:
        """Seconds of speech a second."""
        heard_s, began_s, index = 0.0, time.perf_counter(), 0
        while time.perf_counter() - began_s < seconds:
            recording = recordings[index % len(recordings)]
            async with contextlib.aclosing(engines.recognizer.recognize(recording, language="en")) as segments:
                async for _ in segments:
                    pass
            heard_s += recording.seconds
            index += 1
        return heard_s / (time.perf_counter() - began_s)

    async def write() -> float:
        """Tokens a second, of what was read and written."""
        tokens, began_s = 0, time.perf_counter()
        while (left_s := seconds - (time.perf_counter() - began_s)) > 0:
            prompt = Prompt(
                messages=[Message(role="user", text=f"{left_s}: {_STORY}")], sampling=Sampling(max_tokens=20)
            )
            async with contextlib.aclosing(engines.language_model.generate(prompt)) as events:
                async for event in events:
                    if isinstance(event, GenerationFinished):
                        tokens += event.prompt_tokens - event.cached_tokens + event.completion_tokens
        return tokens / (time.perf_counter() - began_s)

    async def speak() -> float:
        """Seconds of speech a second."""
        spoken_s, began_s = 0.0, time.perf_counter()
        while time.perf_counter() - began_s < seconds:
            clause = Clause(text=_SENTENCE, language="en", voice="echo")
            async with contextlib.aclosing(engines.synthesizer.synthesize(clause)) as pieces:
                async for piece in pieces:
                    spoken_s += piece.seconds
        return spoken_s / (time.perf_counter() - began_s)

    rates: Mapping[str, _Rate] = {"recognizer": recognize, "language model": write, "synthesizer": speak}
    alone = {name: await rate() for name, rate in rates.items()}
    together = await asyncio.gather(*(rate() for rate in rates.values()))
    kept = {name: rate / alone[name] for name, rate in zip(rates, together, strict=True)}
    return [
        *(overall(f"{name}: alone / beside the others", "×", 1 / share, 1) for name, share in kept.items()),
        overall("all three: speeds kept, added up", "×", sum(kept.values()), len(kept)),
    ]
