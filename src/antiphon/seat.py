"""`Seat`: which of a server's worker processes this one is, and its share of what they have together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A worker that dies is followed by another in the same seat."""

    number: int = 1
    """From 1 to `count`."""
    count: int = 1
    starts: int = 1
    """How often a worker has taken this seat, this one included."""
    folder: Path | None = None
    """Where workers find each other; None if there is only one."""

    @property
    def is_alone(self) -> bool:
        return self.count == 1

    @property
    def is_first(self) -> bool:
        """Whether this is the process that speaks for the server when it starts."""
        return self.number == 1 and self.starts == 1

    def share(self, whole: int) -> int:
        """This worker's part of what the server may use: everyone has at least 1."""
        return max(1, math.ceil(whole / self.count))


ALONE = Seat()
"""The seat of a server that is a single process."""
