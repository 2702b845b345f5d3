"""Sessions that were lost with their connection, kept for a while so that their clients can take them up again.

They are in this process's memory only. A client whose session is not here any more opens a new one.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
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
    size: int
    forgetting: asyncio.TimerHandle


@dataclass(slots=True)
class _OfAccount:
    session_ids: dict[str, None] = field(default_factory=dict[str, None])
    """The oldest first."""
    size: int = 0


@dataclass(slots=True)
class Resumption:
    """All sessions of this process that could be taken up, those among them whose loss is not noticed yet."""

    seconds: float = 60.0
    """How long a session is kept."""
    max_bytes: int = 256 * 1024 * 1024
    """How much all of them may weigh, half of it for any one account. Beyond that, the oldest are forgotten."""
    least_bytes: int = 512 * 1024
    """What any session weighs, however little was said in it: the more objects there are, the longer the garbage
    collector takes to look at them."""
    _running: dict[str, tuple[Owner, Running]] = field(default_factory=dict[str, tuple[Owner, Running]])
    _waiting: dict[str, _Waiting] = field(default_factory=dict[str, _Waiting])
    """The oldest first."""
    _of: defaultdict[str, _OfAccount] = field(default_factory=lambda: defaultdict(_OfAccount))
    _size: int = 0

    def begin(self, session_id: str, owner: Owner, running: Running) -> None:
        self._running[session_id] = owner, running

    def end(self, session_id: str, lost: Lost | None) -> None:
        """Keep what was `lost`; None if the client has ended the session."""
        owner, _ = self._running.pop(session_id)
        if lost is None:
            return
        forgetting = asyncio.get_running_loop().call_later(self.seconds, self._forget, session_id)
        size = max(self.least_bytes, lost.size)
        self._waiting[session_id] = _Waiting(owner, lost, size, forgetting)
        account = self._of[owner.account_id]
        account.session_ids[session_id] = None
        account.size += size
        self._size += size
        while account.size > self.max_bytes // 2:
            self._forget(next(iter(account.session_ids)))
        while self._size > self.max_bytes:
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
        waiting = self._waiting.pop(session_id)
        waiting.forgetting.cancel()
        account = self._of[waiting.owner.account_id]
        del account.session_ids[session_id]
        account.size -= waiting.size
        self._size -= waiting.size
        if not account.session_ids:
            del self._of[waiting.owner.account_id]
