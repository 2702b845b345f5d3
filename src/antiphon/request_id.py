"""The id of the request being served, for logging and answering on its behalf."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""None if no request is being served. `api/request_log.py` sets it."""
