"""`Loads`: how many connections each worker has, so that the one with fewest takes the next."""

from __future__ import annotations

import mmap

_ABSENT = 2**31 - 1


class Loads:
    """In memory that the parent makes and all workers share; each writes its own number."""

    def __init__(self, workers: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, 4 * workers)).cast("i")
        for number in range(1, workers + 1):
            self.leave(number)

    def tell(self, number: int, connections: int) -> None:
        """Worker `number` has so many, and takes more."""
        self._counts[number - 1] = connections

    def leave(self, number: int) -> None:
        """Worker `number` takes none."""
        self._counts[number - 1] = _ABSENT

    def is_least(self, number: int) -> bool:
        """Whether no other worker has fewer."""
        return self._counts[number - 1] <= min(self._counts)
