"""Sessions that were lost with their connection, kept for a while so that their clients can take them up again.

They are in this process's memory only. A client whose session is not here any more opens a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from antiphon.api.errors import ApiError
from antiphon.api.realtime.reply_request import Recordings
from antiphon.realtime.kept import Kept


class SessionNotFound(ApiError):
    """404: the session is not kept, or is another client's."""

    status = 404
    code = "session_not_found"
    type = "invalid_request_error"
    param = "resume"

    def __init__(self, session_id: str) -> None:
        super().__init__(f"There is no session '{session_id}' that could be resumed. Open a new one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who may take a session up, and where."""

    account_id: str
    deployment: str
    principal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """All that is needed to go on with a session."""

    kept: Kept
    recordings: Recordings

    @property
    def size(self) -> int:
        """In bytes, or thereabouts."""
        return self.kept.weight.audio_bytes + self.kept.weight.text_length


class Running(Protocol):
    async def give_up(self) -> None:
        """End the session as if its client were lost; return once it is kept."""
        ...


@dataclass(slots=True)
class _Waiting:
    owner: Owner
    lost: Lost
    forgetting: asyncio.TimerHandle


@dataclass(slots=True)
class Resumption:
    """All sessions of this process that could be taken up, those among them whose loss is not noticed yet."""

    seconds: float = 60.0
    """How long a session is kept."""
    max_bytes: int = 256 * 1024 * 1024
    """How much all of them may weigh, half of it for any one account. Beyond that, the oldest are forgotten."""
    _running: dict[str, tuple[Owner, Running]] = field(default_factory=dict[str, tuple[Owner, Running]])
    _waiting: dict[str, _Waiting] = field(default_factory=dict[str, _Waiting])
    """The oldest first."""

    def begin(self, session_id: str, owner: Owner, running: Running) -> None:
        self._running[session_id] = owner, running

    def end(self, session_id: str, lost: Lost | None) -> None:
        """Keep what was `lost`; None if the client has ended the session."""
        owner, _ = self._running.pop(session_id)
        if lost is None:
            return
        forgetting = asyncio.get_running_loop().call_later(self.seconds, self._forget, session_id)
        self._waiting[session_id] = _Waiting(owner, lost, forgetting)
        while self._size(owner.account_id) > self.max_bytes // 2:
            self._forget(next(self._of(owner.account_id)))
        while self._size() > self.max_bytes:
            self._forget(next(iter(self._waiting)))

    async def take(self, session_id: str, owner: Owner) -> Lost:
        """Take a session up; its old connection ends, if that has not been noticed yet.

        Raises `SessionNotFound`.
        """
        of, running = self._running.get(session_id, (None, None))
        if running is not None and of == owner:
            await running.give_up()
        waiting = self._waiting.get(session_id)
        if waiting is None or waiting.owner != owner:
            raise SessionNotFound(session_id)
        self._forget(session_id)
        return waiting.lost

    def _forget(self, session_id: str) -> None:
        self._waiting.pop(session_id).forgetting.cancel()

    def _of(self, account_id: str | None) -> Iterator[str]:
        for session_id, each in self._waiting.items():
            if account_id in (None, each.owner.account_id):
                yield session_id

    def _size(self, account_id: str | None = None) -> int:
        return sum(self._waiting[session_id].lost.size for session_id in self._of(account_id))
