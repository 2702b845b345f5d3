"""`Changes`: has the caches of this process forget what was set up differently, here or by another process."""

from __future__ import annotations

from collections.abc import Callable


class Changes:
    """What is set up (accounts, keys, deployments, roles) changes seldom, so any change has all caches forget all."""

    def __init__(self) -> None:
        self.are_heard = False
        """Whether this process is told of other processes' changes at once, so that it can remember for longer."""
        self._forgetting: list[Callable[[], None]] = []

    def subscribe(self, forget: Callable[[], None]) -> None:
        """Call `forget` after each change."""
        self._forgetting.append(forget)

    def tell(self) -> None:
        for forget in self._forgetting:
            forget()

    def hear(self, *, are_heard: bool) -> None:
        """From now on they are heard, or no longer: others may have changed anything meanwhile."""
        self.are_heard = are_heard
        self.tell()
