"""Limits decoded audio in memory: a file of half a megabyte can become a hundred."""

from __future__ import annotations

import threading
import weakref
from collections import Counter

from antiphon.audio.pcm import Pcm
from antiphon.hardening.errors import ServerBusy


class InFlight:
    """Seconds of audio that requests hold, by the account that holds them; an account has half of `max_seconds`.

    The seconds are released when the audio leaves memory, whoever held it last.
    """

    def __init__(self, max_seconds: float) -> None:
        self._max_seconds = max_seconds
        self._held: Counter[str] = Counter()
        """In milliseconds, as integers, so that released audio leaves exactly zero."""
        self._lock = threading.RLock()
        """Audio can leave memory in any thread, even while another piece is being counted."""

    @property
    def held_seconds(self) -> float:
        with self._lock:
            return self._held.total() / 1000

    def check(self, account: str) -> None:
        """Raises `ServerBusy` if there is no space even for a short recording."""
        with self._lock:
            self._check(account, 1)

    def take(self, account: str, audio: Pcm) -> None:
        """Raises `ServerBusy` if there is no space. An account that holds nothing may have any one recording, so that
        one longer than its half does not wait in vain."""
        milliseconds = round(audio.seconds * 1000)
        with self._lock:
            self._check(account, milliseconds)
            self._held[account] += milliseconds
        weakref.finalize(audio, self._give_back, account, milliseconds).atexit = False

    def _check(self, account: str, milliseconds: int) -> None:
        most = self._max_seconds * 1000
        if self._held.total() + milliseconds > most or (
            self._held[account] and self._held[account] + milliseconds > most / 2
        ):
            raise ServerBusy

    def _give_back(self, account: str, milliseconds: int) -> None:
        with self._lock:
            self._held[account] -= milliseconds
            if not self._held[account]:
                del self._held[account]
