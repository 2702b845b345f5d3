"""`FetchedSpeakers`: tells voices apart with a model that is fetched when it is first needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.speakers.encoder import Resemblyzer
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError, ModelUnavailable
from antiphon.models.progress import LoggedLines

_log = logging.getLogger(__name__)

MODEL = "resemblyzer"


class FetchedSpeakers:
    """A `SpeakerEncoder`."""

    stretch_ms = Resemblyzer.stretch_ms

    def __init__(self, cache: ModelCache, *, max_waiting: int) -> None:
        self._cache = cache
        self._max_waiting = max_waiting
        self._encoder: Resemblyzer | None = None
        self._loading = asyncio.Lock()

    async def embed(self, audio: Pcm, starts_ms: Sequence[int]) -> NDArray[np.float32]:
        """See `SpeakerEncoder.embed`. Raises `ModelUnavailable` and `ServerBusy`."""
        async with self._loading:
            if self._encoder is None:
                self._encoder = await asyncio.to_thread(self._load)
        return await self._encoder.embed(audio, starts_ms)

    def _load(self) -> Resemblyzer:
        try:
            self._cache.ensure([MODEL], LoggedLines())
        except ModelError as error:
            _log.error("%s", error.message)
            raise ModelUnavailable(MODEL) from error
        return Resemblyzer(self._cache.path(MODEL) / "pretrained.pt", max_waiting=self._max_waiting)
