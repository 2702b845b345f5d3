"""Logging: structured lines on standard error, each with the id of the request it belongs to."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from antiphon.api.request_log import request_id


class _WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class _NotRefusedHandshakes(logging.Filter):
    """uvicorn takes a WebSocket that was refused with a response for one that was left without an answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "ASGI callable returned without completing handshake."


class _JsonLines(logging.Formatter):
    """One JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None),
            "spans": getattr(record, "spans", None),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)


class _ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s%(request)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        own_id = getattr(record, "request_id", None)
        record.request = f"  [{own_id}]" if own_id else ""
        return super().format(record)


def configure_logging(*, level: int = logging.INFO) -> None:
    """Log to standard error: as JSON lines, or for reading where it is a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_ForPeople() if sys.stderr.isatty() else _JsonLines())
    handler.addFilter(_WithRequestId())
    handler.addFilter(_NotRefusedHandshakes())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("antiphon").setLevel(level)
