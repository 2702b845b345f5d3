"""The id of the request that is being served, for whoever logs or answers on its behalf."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""None where no request is being served. `api/request_log.py` sets it."""
