"""`DiskSpace`: how much of the disk is free, and a reserve for when nothing is."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

KEPT_FREE_BYTES = 64 * 1024 * 1024
_KEPT_FREE_PART = 20
"""On a small disk, one part in this many is kept free."""
_RESERVE_BYTES = 8 * 1024 * 1024
"""Space for the database's log, which is reused once it has reached a certain size."""
_RESERVE_PART = 64
_LOOK_EVERY_SECONDS = 1.0


class DiskSpace:
    """The disk that a data folder is on.

    Dispensable writes stop once less than `kept_free_bytes` are left, so that requests can still be counted, keys
    replaced and expired data deleted. If others fill the disk completely, the reserve, an empty file in the folder, is
    released. So a server can serve, and start, on a full disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kept_free_bytes: int = KEPT_FREE_BYTES,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._kept_free_bytes = kept_free_bytes
        self._reserve = folder / "reserve"
        self._looked_at = -_LOOK_EVERY_SECONDS
        self._total_bytes = self._free_bytes = 0

    @property
    def free_bytes(self) -> int:
        """How much this user can still write, as of at most a second ago."""
        now = self._monotonic()
        if now - self._looked_at >= _LOOK_EVERY_SECONDS:
            self._look()
            self._looked_at = now
        return self._free_bytes

    def has_room(self) -> bool:
        """Whether there is space for dispensable data."""
        return self.free_bytes >= self._kept_free()

    def make_reserve(self) -> None:
        """Create the reserve, unless it exists or there is too little space. Blocks for a moment."""
        self._look()
        size = self._reserve_bytes()
        if self._reserve.exists() or self._free_bytes - size < self._kept_free():
            return
        with contextlib.suppress(OSError):  # The reserve is an aid: failing to create it must not stop a server.
            descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, size)
            except OSError:
                self._reserve.unlink()
                raise
            finally:
                os.close(descriptor)

    def release_if_full(self) -> None:
        """Release the reserve if less than its size is free."""
        self._look()
        if self._free_bytes < self._reserve_bytes():
            self.release()

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _look(self) -> None:
        try:
            self._total_bytes, _, self._free_bytes = shutil.disk_usage(self._folder)
        except OSError:  # Unknown; writing will tell.
            self._total_bytes = self._free_bytes = 1 << 62

    def _kept_free(self) -> int:
        return min(self._kept_free_bytes, self._total_bytes // _KEPT_FREE_PART)

    def _reserve_bytes(self) -> int:
        return min(_RESERVE_BYTES, self._total_bytes // _RESERVE_PART)
