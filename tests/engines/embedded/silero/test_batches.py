"""Frames of many streams go through the model together, and nobody can tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from antiphon.engines.embedded.silero.batches import CONTEXT, FRAME, Batches

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def batches(model_path: Callable[[str], Path]) -> Batches:
    return Batches(model_path("silero-vad") / "silero_vad.onnx", max_waiting=4)


def noise(*shape: int) -> NDArray[np.float32]:
    return 0.1 * np.random.default_rng(0).standard_normal(shape).astype(np.float32)


async def test_a_batch_gives_what_each_stream_would_get_alone(batches: Batches):
    counts = [1 + index % 7 for index in range(300)]  # Of frames: more streams than fit one run.
    frames, states = noise(300, 7, CONTEXT + FRAME), noise(300, 2, 128)
    requests = [(list(frames[index, :count]), states[index]) for index, count in enumerate(counts)]
    alone = [await batches.judge(*request) for request in requests]
    together = await asyncio.gather(*(batches.judge(*request) for request in requests))
    for (probabilities, state), (expected, expected_state), count in zip(together, alone, counts, strict=True):
        assert len(probabilities) == count
        assert probabilities == pytest.approx(expected, abs=1e-5)
        assert np.allclose(state, expected_state, atol=1e-5)


async def test_one_who_asks_for_much_does_not_keep_the_others_waiting(batches: Batches):
    order: list[str] = []

    async def ask(name: str, count: int) -> None:
        await batches.judge(list(noise(count, CONTEXT + FRAME)), noise(2, 128))
        order.append(name)

    await asyncio.gather(ask("much", 2_000), ask("little", 2), ask("less", 1))
    assert order == ["less", "little", "much"]


async def test_a_failure_is_told_to_those_who_asked_and_to_nobody_after_them(batches: Batches):
    state = noise(2, 128)
    with pytest.raises(ValueError, match="reshape"):
        await batches.judge([noise(3)], state)
    probabilities, _ = await batches.judge([noise(CONTEXT + FRAME)], state)
    assert len(probabilities) == 1
