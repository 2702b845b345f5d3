"""Logging: structured lines on standard error, each with the id of the request it belongs to.

Whatever a client can get into a message is made printable here, and only here, so that it cannot send control sequences
to the terminal or start a line of its own.
"""

from __future__ import annotations

import json
import logging
import sys
import textwrap
from datetime import UTC, datetime
from typing import Any, TextIO

from antiphon.hardening.fair_turns import asking
from antiphon.hardening.printable import printable
from antiphon.request_id import request_id
from antiphon.seat import ALONE, Seat


class _WithContext(logging.Filter):
    """Adds which request and Realtime session a line belongs to and, if there are several, which worker."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._worker = None if seat.is_alone else seat.number

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.session_id = asking.get().session or None
        record.worker = self._worker
        return True


class _NotUvicornsOwn(logging.Filter):
    """uvicorn reports a WebSocket that was refused with a response as unanswered. Why the server could not start is
    reported to the operator once it has ended."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg not in {
            "ASGI callable returned without completing handshake.",
            "Application startup failed. Exiting.",
        }


class _JsonLines(logging.Formatter):
    """One JSON object per line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "worker": getattr(record, "worker", None),
            "request_id": getattr(record, "request_id", None),
            "session_id": getattr(record, "session_id", None),
            "spans": getattr(record, "spans", None),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        written = json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)
        return printable(written)


class _ForPeople(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        own_id = getattr(record, "request_id", None)
        request = f"  [{own_id}]" if own_id else ""
        time = self.formatTime(record, "%H:%M:%S")
        line = printable(f"{time} {record.levelname:<7} {record.getMessage()}{request}")
        if record.exc_info:
            # Indented: none of the lines of an error's text should pass for another message.
            traceback = printable(self.formatException(record.exc_info), keep="\n")
            line += "\n" + textwrap.indent(traceback, "    ", lambda _: True)
        return line


def log_handler(stream: TextIO, *, seat: Seat = ALONE) -> logging.Handler:
    """Writes to `stream`: readable lines to a terminal, JSON lines elsewhere."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_ForPeople() if stream.isatty() else _JsonLines())
    handler.addFilter(_WithContext(seat))
    handler.addFilter(_NotUvicornsOwn())
    return handler


def configure_logging(*, level: int = logging.INFO, seat: Seat = ALONE) -> None:
    """Log to standard error."""
    logging.basicConfig(level=logging.WARNING, handlers=[log_handler(sys.stderr, seat=seat)], force=True)
    logging.getLogger("antiphon").setLevel(level)
