"""Fetching models while the server runs: in threads, at most one per model, with progress figures."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError
from antiphon.models.progress import TransferStopped

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullStatus:
    """How far a pull is, or why it failed."""

    done_bytes: int
    total_bytes: int
    error: str | None


class ModelPulls:
    """The pulls that are in progress or have failed. One that succeeds is forgotten: the cache then knows the model."""

    def __init__(self, cache: ModelCache) -> None:
        self._cache = cache
        self._pulls: dict[str, _Pull] = {}
        self._stop = threading.Event()

    def start(self, name: str) -> None:
        """Start or resume fetching a catalogue model. Call it from one thread only."""
        known = self._pulls.get(name)
        if known is not None and known.error is None:
            return
        pull = self._pulls[name] = _Pull(total_bytes=self._cache.catalogue[name].size, stop=self._stop)
        # A daemon: stopping the server must not wait for gigabytes.
        threading.Thread(target=self._run, args=(name, pull), daemon=True, name=f"antiphon-pull-{name}").start()

    def status(self, name: str) -> PullStatus | None:
        """None if the model is not being fetched and the last attempt did not fail."""
        pull = self._pulls.get(name)
        if pull is None:
            return None
        return PullStatus(done_bytes=pull.done_bytes, total_bytes=pull.total_bytes, error=pull.error)

    def all(self) -> dict[str, PullStatus]:
        """Each of them, by the model's name."""
        found = {name: self.status(name) for name in list(self._pulls)}
        return {name: status for name, status in found.items() if status is not None}

    def close(self) -> None:
        """Ask all pulls to stop soon, without waiting for them."""
        self._stop.set()

    def _run(self, name: str, pull: _Pull) -> None:
        try:
            self._cache.pull([name], pull)
        except TransferStopped:
            return
        except ModelError as error:
            pull.error = error.message
        except Exception:
            _log.exception("The model %s could not be fetched", name)
            pull.error = "The server had an error while it fetched the model: its log tells more."
        else:
            del self._pulls[name]


class _Pull:
    """One pull's progress: written by the fetching threads, read by callers."""

    def __init__(self, *, total_bytes: int, stop: threading.Event) -> None:
        self.done_bytes = 0
        self.total_bytes = total_bytes
        self.error: str | None = None
        self._stop = stop

    def begin(self, model: str, total_bytes: int) -> None:  # noqa: ARG002
        self.total_bytes = total_bytes

    def reached(self, model: str, done_bytes: int) -> None:  # noqa: ARG002
        """Raises `TransferStopped` once the rest is no longer wanted."""
        if self._stop.is_set():
            raise TransferStopped
        self.done_bytes = done_bytes

    def finish(self, model: str) -> None:  # noqa: ARG002
        self.done_bytes = self.total_bytes

    def say(self, message: str) -> None:
        _log.info("%s", message)
