"""Noise reduction whose model is fetched when it is first needed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from antiphon.engines.embedded.gtcrn.fetched import FetchedGtcrn
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError

from ....waiting import eventually
from .test_listener import SECOND, ScriptedListener

pytestmark = pytest.mark.anyio


class EmptyCache(ModelCache):
    """Has no model and can get none."""

    attempts = 0

    def ensure(self, names: object, progress: object) -> None:  # type: ignore[override]  # It never succeeds.
        self.attempts += 1
        raise ModelError("There is no network.")


async def test_without_the_model_streams_are_heard_as_they_are_and_the_next_one_tries_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = EmptyCache(tmp_path)
    reducer = FetchedGtcrn(cache, max_waiting=1)
    with caplog.at_level(logging.ERROR):
        for attempt in (1, 2):
            listener = ScriptedListener()
            hearing = reducer.quiet(listener, strength=1.0)
            await eventually(lambda: len(caplog.records) == attempt)  # noqa: B023 - It is called at once.
            await hearing.hear(SECOND)
            assert listener.levels == [0.1]
    assert cache.attempts == 2
    assert "There is no network." in caplog.text
