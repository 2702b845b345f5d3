"""`/health` and `/ready`: whether the server lives and takes work, and what its operator should know."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from antiphon.api.domain_errors import as_api_error
from antiphon.api.draining import Draining
from antiphon.store.database import Database
from antiphon.store.errors import StorageUnavailable
from antiphon.store.space import DiskSpace

_TRY_EVERY_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Health:
    """The server listens only once its models are warm, so what can be wrong is the disk."""

    database: Database
    space: DiskSpace
    draining: Draining
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

    async def answer_readiness(self) -> Response:
        """200 if the server is to be sent requests; 503 if it is stopping, or would refuse them all.

        Engines do not matter here: those behind URLs are the same for every server, and if they fail, taking all
        servers out of service would mend nothing.
        """
        if self.draining.is_draining:
            words = "The server is stopping: it finishes what it has begun, and takes nothing new."
            return JSONResponse({"status": "stopping", "problem": words}, HTTPStatus.SERVICE_UNAVAILABLE)
        if trouble := await self._trouble():
            words = f"No request is answered, because {trouble.reason}."
            return JSONResponse({"status": "unavailable", "problem": words}, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"status": "ready"})

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
