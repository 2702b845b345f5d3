"""Speech for the fake microphone, and what the portal's tests cannot do without."""

from __future__ import annotations

import wave
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm

from ..running_server import RunningServer, serving
from .browser import CHROMIUM, running_browsers
from .writer import writer

MICROPHONE_RATE = 48_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if CHROMIUM is None and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="needs Debian's chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, models: None) -> Generator[RunningServer]:
    """One for all tests that need no other. A double writes its replies: the tests are about what a page does with
    them."""
    with writer() as settings, serving(tmp_path_factory.mktemp("data"), more_settings=settings) as server:
        yield server


@pytest.fixture(scope="package", autouse=True)
def _browsers() -> Generator[None]:
    with running_browsers():
        yield


@pytest.fixture
def microphone(tmp_path: Path) -> Callable[..., Path]:
    """Writes what a fake microphone hears: each a stretch of speech, or how many seconds of silence."""

    def write(*heard: Pcm | float) -> Path:
        path = tmp_path / "microphone.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(MICROPHONE_RATE)
            for each in heard:
                pcm = each if isinstance(each, Pcm) else Pcm.silence(each, MICROPHONE_RATE)
                speech = pcm.resample(MICROPHONE_RATE)
                file.writeframes((np.clip(speech.samples, -1, 1) * 32767).astype("<i2").tobytes())
        return path

    return write
