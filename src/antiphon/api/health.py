"""`/health`: whether the server answers requests, and what its operator should know."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response

from antiphon.api.domain_errors import as_api_error
from antiphon.store.database import Database
from antiphon.store.errors import StorageUnavailable
from antiphon.store.space import DiskSpace

_TRY_EVERY_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Health:
    """The server listens only once its models are warm, so what can be wrong is the disk."""

    database: Database
    space: DiskSpace
    monotonic: Callable[[], float] = time.monotonic
    _tried_at: float = field(default=float("-inf"), init=False)

    async def answer(self) -> Response:
        """200 if requests are answered, with or without a "problem"; 503 if they are not."""
        if trouble := await self._trouble():
            words = f"No request is answered, because {trouble.reason}."
            return JSONResponse({"status": "unavailable", "problem": words}, as_api_error(trouble).status)
        if not self.space.has_room():
            return JSONResponse({"status": "degraded", "problem": _nearly_full(self.space.free_bytes)})
        return JSONResponse({"status": "ok"})

    async def _trouble(self) -> StorageUnavailable | None:
        """Why nothing can be written. Nobody writes to a server that reports this, so it has to try by itself."""
        now = self.monotonic()
        if self.database.trouble is not None and now - self._tried_at >= _TRY_EVERY_SECONDS:
            self._tried_at = now
            return await self.database.check()
        return self.database.trouble


def _nearly_full(free_bytes: int) -> str:
    return (
        f"The disk is nearly full ({free_bytes // 1_000_000} MB are free): requests are answered, but nothing is "
        "recorded, nothing can be stored, and replies' audio cannot be referred to afterwards."
    )
