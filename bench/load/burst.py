"""A burst: more questions at once than may wait. Those beyond are told to come back, and the rest answered."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

import httpx

from antiphon.settings import Settings
from bench.results import Result, median_of, overall
from bench.server import Server

_PATH = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"
_BRIEFLY_SPOKEN = {
    "modalities": ["text", "audio"],
    "audio": {"voice": "alloy", "format": "pcm16"},
    "max_completion_tokens": 4,
}
_MORE = 16
"""How many more are asked than may wait by default."""
_SECONDS = 120.0


def burst(server: Server) -> list[Result]:
    """Raises `httpx.HTTPError`."""
    return asyncio.run(_burst(server))


async def _burst(server: Server) -> list[Result]:
    count = Settings().max_waiting + _MORE
    async with httpx.AsyncClient(
        base_url=server.address, headers={"api-key": server.key}, timeout=_SECONDS, trust_env=False
    ) as client:

        async def ask(number: int) -> tuple[httpx.Response, float]:
            question = {"role": "user", "content": f"Is {number} a prime number?"}
            began_s = time.perf_counter()
            answer = await client.post(_PATH, json={"messages": [question], **_BRIEFLY_SPOKEN})
            return answer, time.perf_counter() - began_s

        alone_s = [(await ask(-number))[1] for number in range(3)]
        answers = await asyncio.gather(*(ask(number) for number in range(count)))
        after_s = [(await ask(count + number))[1] for number in range(3)]
    refused = [(answer, s) for answer, s in answers if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS]
    answered_s = [s for answer, s in answers if answer.status_code == HTTPStatus.OK]
    told = sum("retry-after" in answer.headers for answer, _ in refused)
    name = f"{count} written questions at once"
    found = [
        overall(f"{name}: answered", "", len(answered_s), count),
        overall(f"{name}: refused with 429", "", len(refused), count),
        overall(f"{name}: refused with Retry-After", "", told, count),
        overall(f"{name}: anything else", "", count - len(answered_s) - len(refused), count, target=0),
        median_of(f"{name}: one before them", "s", alone_s),
        median_of(f"{name}: one after them", "s", after_s),
    ]
    if answered_s:
        found.append(median_of(f"{name}: until answered", "s", answered_s))
    if refused:
        found.append(median_of(f"{name}: until refused", "s", [s for _, s in refused]))
    return found
