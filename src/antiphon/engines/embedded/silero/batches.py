"""`Batches`: runs the frames of many streams through the model together, in one worker thread."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from antiphon.engines.embedded.onnx import open_session
from antiphon.hardening.errors import ServerBusy

SAMPLE_RATE = 16_000
FRAME = 512
"""New samples per frame: 32 ms."""
CONTEXT = 64
"""Samples of the previous frame that the model needs before each frame."""

_LARGEST_BATCH = 128
"""Streams per run. The model is no faster with more than 32, but the worker and the event loop swap less often."""
_LONGEST_RUN = 128
"""Frames per run, unless it has more streams than that: some 4 ms. Nobody arriving meanwhile waits longer."""


_REST_SECONDS = 0.005
_MANY = 4
"""After a run with more streams than this, the next one waits a little, unless one of them has more frames than this
still to be judged, as a recording has: fuller batches cost less, since each run has the worker and event loop swap."""


class Frames:
    """Frames of one stream waiting to be judged, one after the other."""

    __slots__ = ("_frames", "judged", "probabilities", "state")

    def __init__(self, frames: Sequence[NDArray[np.float32]], state: NDArray[np.float32], judged: asyncio.Future[None]):
        self._frames = frames
        self.state = state
        """The model's memory of the stream: shape (2, 128). Once the frames are judged, the state after them."""
        self.probabilities: list[float] = []
        self.judged = judged
        """Done when each frame has its probability."""

    @property
    def remaining(self) -> Sequence[NDArray[np.float32]]:
        """The frames not yet judged: shape (CONTEXT + FRAME,) each."""
        return self._frames[len(self.probabilities) :]


class Batches:
    """The model and its queue.

    Waiting requests go through the model together, as many as fit into one run; those with frames left over queue up
    again. At most `max_waiting` full batches may wait. The queue belongs to the event loop, which hands the worker one
    run at a time, so nothing needs a lock.
    """

    def __init__(self, model: Path, *, max_waiting: int) -> None:
        self._session = open_session(model, threads=1)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="silero")
        self._max_waiting = max_waiting * _LARGEST_BATCH
        self._waiting: deque[Frames] = deque()
        self._working: asyncio.Task[None] | None = None

    async def judge(
        self, frames: Sequence[NDArray[np.float32]], state: NDArray[np.float32]
    ) -> tuple[Sequence[float], NDArray[np.float32]]:
        """The probability of speech in each of a stream's `frames`, shape (CONTEXT + FRAME,) each, and the state after
        them, shape (2, 128).

        Raises `ServerBusy`.
        """
        if len(self._waiting) >= self._max_waiting:
            raise ServerBusy
        request = Frames(frames, state, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        await request.judged
        return request.probabilities, request.state

    async def _work(self) -> None:
        """Run the model until nobody is waiting."""
        loop = asyncio.get_running_loop()
        try:
            while batch := self._next_batch():
                try:
                    await loop.run_in_executor(self._executor, self._run, batch)
                except Exception as error:  # It concerns the callers.
                    for request in batch:
                        if not request.judged.done():
                            request.judged.set_exception(error)
                for request in batch:
                    if request.judged.done():
                        continue
                    if request.remaining:
                        self._waiting.append(request)
                    else:
                        request.judged.set_result(None)
                if len(batch) > _MANY >= max(len(request.remaining) for request in batch):
                    await asyncio.sleep(_REST_SECONDS)
        finally:
            self._waiting.clear()  # Not empty only when the event loop shuts down.
            self._working = None

    def _next_batch(self) -> Sequence[Frames]:
        """Take the next requests, skipping those that nobody is waiting for any more."""
        batch: list[Frames] = []
        while self._waiting and len(batch) < _LARGEST_BATCH:
            request = self._waiting.popleft()
            if not request.judged.done():
                batch.append(request)
        return batch

    def _run(self, batch: Sequence[Frames]) -> None:
        """Judge the same number of frames of each: as many as all have and one run allows. In the worker thread."""
        rounds = min(max(1, _LONGEST_RUN // len(batch)), *(len(request.remaining) for request in batch))
        inputs = np.stack([frame for request in batch for frame in request.remaining[:rounds]])
        inputs = inputs.reshape(len(batch), rounds, CONTEXT + FRAME).swapaxes(0, 1)
        state = np.stack([request.state for request in batch], axis=1)
        probabilities = np.empty((rounds, len(batch)), np.float32)
        for index in range(rounds):
            feed = {"input": np.ascontiguousarray(inputs[index]), "state": state, "sr": np.array(SAMPLE_RATE, np.int64)}
            output, state = map(np.asarray, self._session.run(None, feed))
            probabilities[index] = output[:, 0]
        for index, request in enumerate(batch):
            request.probabilities += probabilities[:, index].tolist()
            request.state = state[:, index].copy()  # A view would keep the whole batch's in memory.
