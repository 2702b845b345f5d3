"""Listening to a stream from which noise has been taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.gtcrn.listener import QuietedListener
from antiphon.engines.embedded.gtcrn.spectra import Change
from antiphon.engines.embedded.worker_pool import WorkerPool
from antiphon.hardening.errors import ServerBusy
from antiphon.vocabulary.speech import SpeechProbability

pytestmark = pytest.mark.anyio

SECOND = Pcm(np.random.default_rng(7).standard_normal(16_000).astype(np.float32) * 0.1, 16_000)


@dataclass(slots=True)
class ScriptedListener:
    """Finds every frame as likely to be speech as it is told to, and remembers what it heard."""

    probability: float = 0.9
    heard: list[Pcm] = field(default_factory=list)
    worthwhile_ms: int = 0

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        self.heard.append(audio)
        frames = len(audio.samples) // 512
        return [SpeechProbability(probability=self.probability, level_dbfs=-20, end_ms=0) for _ in range(frames)]

    @property
    def levels(self) -> list[float]:
        """How loud each piece was; 0.1 is as loud as it came."""
        return [round(float(audio.samples.std()), 2) for audio in self.heard]


class BusyPool(WorkerPool):
    """Has no room for any work."""

    async def run(self, work: object) -> object:  # type: ignore[override]  # It does nothing.
        raise ServerBusy


def hush(spectrum: NDArray[np.complex64]) -> NDArray[np.complex64]:
    return np.zeros_like(spectrum)


def quieted(
    listener: ScriptedListener, change: Change | None = hush, pool: WorkerPool | None = None
) -> QuietedListener:
    return QuietedListener(listener, lambda: change, pool or WorkerPool("test", workers=1, max_waiting=1))


async def test_noise_is_taken_out_of_what_is_heard() -> None:
    listener = ScriptedListener()
    hearing = quieted(listener)
    for _ in range(3):
        await hearing.hear(SECOND)
    assert listener.levels == [0.0, 0.0, 0.0]


async def test_silence_costs_nothing() -> None:
    def fail(spectrum: NDArray[np.complex64]) -> NDArray[np.complex64]:
        raise AssertionError("There is no noise to take out.")

    listener = ScriptedListener()
    await quieted(listener, fail).hear(Pcm(SECOND.samples * 0.001, 16_000))
    assert len(listener.heard) == 1


async def test_as_long_as_there_is_no_model_everything_is_heard_as_it_is() -> None:
    listener = ScriptedListener()
    hearing = quieted(listener, None)
    for _ in range(3):
        await hearing.hear(SECOND)
    assert listener.levels == [0.1, 0.1, 0.1]


async def test_if_too_much_is_waiting_noise_stays_and_nothing_is_lost() -> None:
    listener = ScriptedListener()
    hearing = quieted(listener, pool=BusyPool("test", workers=1, max_waiting=1))
    for _ in range(3):
        await hearing.hear(SECOND)
    assert listener.levels == [0.1, 0.1, 0.1]
    assert sum(audio.seconds for audio in listener.heard) == pytest.approx(3.0, abs=0.032)


async def test_telephone_audio_is_heard_at_the_rate_of_the_model() -> None:
    listener = ScriptedListener()
    await quieted(listener).hear(SECOND.resample(8_000))
    assert {audio.sample_rate for audio in listener.heard} == {16_000}


async def test_less_than_a_spectrum_is_not_worth_listening_to() -> None:
    listener = ScriptedListener()
    assert await quieted(listener).hear(Pcm(SECOND.samples[:100], 16_000)) == ()
    assert listener.heard == []
