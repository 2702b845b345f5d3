"""`ByteQueue`: bytes that are added at the end and dropped from the beginning."""

from __future__ import annotations

from collections import deque


class ByteQueue:
    """Neither adding nor dropping copies what is there: a client may append 15 MB at a time."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._dropped = 0
        """How much of the first chunk has been dropped."""
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, data: bytes) -> None:
        if data:
            self._chunks.append(data)
            self._size += len(data)

    def drop(self, count: int) -> None:
        """Drop the first `count` bytes, or all if there are fewer."""
        count = min(count, self._size)
        self._size -= count
        self._dropped += count
        while self._chunks and self._dropped >= len(self._chunks[0]):
            self._dropped -= len(self._chunks.popleft())

    def between(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`, counted from the first that is there."""
        pieces: list[bytes] = []
        place = -self._dropped
        for chunk in self._chunks:
            if place >= end:
                break
            if place + len(chunk) > start:
                pieces.append(chunk[max(0, start - place, -place) : end - place])
            place += len(chunk)
        return b"".join(pieces)
