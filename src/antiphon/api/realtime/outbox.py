"""`Outbox`: frames on their way to a client, which may read more slowly than they are made."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Nothing follows: the connection is to be closed."""

    code: int
    reason: str
    is_resumable: bool = False
    """Whether another connection may go on with the session."""


class Outbox:
    """Takes every frame at once and drops none; producers that can wait ask for room first."""

    def __init__(self) -> None:
        self._frames: deque[bytes | Goodbye] = deque()
        self._bytes = 0
        self._put = asyncio.Event()
        self._taken = asyncio.Event()

    def put(self, frame: bytes | Goodbye) -> None:
        self._frames.append(frame)
        self._bytes += len(frame) if isinstance(frame, bytes) else 0
        self._put.set()

    async def take(self) -> bytes | Goodbye:
        """The next frame, once there is one."""
        while not self._frames:
            self._put.clear()
            await self._put.wait()
        frame = self._frames.popleft()
        self._bytes -= len(frame) if isinstance(frame, bytes) else 0
        self._taken.set()
        return frame

    async def wait_for_room(self, max_bytes: int) -> None:
        """Return once fewer than `max_bytes` are waiting."""
        while self._bytes >= max_bytes:
            self._taken.clear()
            await self._taken.wait()
