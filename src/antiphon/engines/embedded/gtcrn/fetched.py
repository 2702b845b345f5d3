"""`FetchedGtcrn`: a noise reducer whose model is fetched when it is first needed."""

from __future__ import annotations

import asyncio
import logging

from antiphon.engines.embedded.gtcrn.engine import Gtcrn
from antiphon.engines.embedded.gtcrn.listener import QuietedListener
from antiphon.engines.embedded.gtcrn.spectra import Change
from antiphon.engines.embedded.worker_pool import WorkerPool
from antiphon.engines.interfaces import Listener
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError
from antiphon.models.progress import LoggedLines

_log = logging.getLogger(__name__)

MODEL = "gtcrn"
_FILE = "gtcrn_simple.onnx"


class FetchedGtcrn:
    """A `NoiseReducer`. Until the model is here, streams are heard as they are; if it cannot be had, the next stream
    tries again."""

    def __init__(self, cache: ModelCache, *, max_waiting: int) -> None:
        self._cache = cache
        self._workers = WorkerPool("gtcrn", workers=1, max_waiting=max_waiting)
        self._model: Gtcrn | None = None
        self._loading: asyncio.Task[None] | None = None

    def quiet(self, listener: Listener, *, strength: float) -> Listener:
        """See `NoiseReducer.quiet`."""
        if self._model is None and self._loading is None:
            self._loading = asyncio.create_task(self._load())

        def change() -> Change | None:
            return None if self._model is None else self._model.follow(strength=strength)

        return QuietedListener(listener, change, self._workers)

    async def _load(self) -> None:
        try:
            self._model = await asyncio.to_thread(self._fetched)
        except ModelError as error:
            _log.error("%s", error.message)
        except Exception:
            _log.exception("Noise cannot be reduced: the model %s cannot be loaded", MODEL)
        finally:
            self._loading = None

    def _fetched(self) -> Gtcrn:
        """Raises `ModelError`, and onnxruntime's errors."""
        self._cache.ensure([MODEL], LoggedLines())
        return Gtcrn(self._cache.path(MODEL) / _FILE)
