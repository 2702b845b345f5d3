"""Spans: what was done for a request or a turn, and how long each part took.

Code that has something to tell asks `span.get()` for the span that it works within, and knows nothing of OpenTelemetry.
Without that, a span does nothing but pass on the trace that a client has begun.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["internal", "server", "client"]
Value: TypeAlias = str | int | float | bool

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class Span(Protocol):
    """What tells of a stretch of time. Nothing that anybody has said or written may be among its attributes."""

    def child(self, name: str, *, kind: Kind = "internal", began_ns: int | None = None, **attributes: Value) -> Span:
        """A part of it, from now on or from `began_ns`, in Unix nanoseconds."""
        ...

    def tell(self, **attributes: Value) -> None: ...

    def end(self, *, failure: str | None = None) -> None:
        """It is over; `failure` names what went wrong."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What a server that is asked on its behalf is to know."""
        ...


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A span that is told to nobody."""

    headers: Mapping[str, str]

    def child(self, name: str, *, kind: Kind = "internal", began_ns: int | None = None, **attributes: Value) -> Span:  # noqa: ARG002
        return self

    def tell(self, **attributes: Value) -> None:
        """To nobody."""

    def end(self, *, failure: str | None = None) -> None:
        """Nobody minds."""


NO_SPAN = PassedOn({})

span: ContextVar[Span] = ContextVar("span", default=NO_SPAN)
"""The span of the request or turn that is being served."""


class Tracing(Protocol):
    """Begins traces, or goes on with those that clients have begun."""

    def serve(self, name: str, headers: Mapping[str, str]) -> Span:
        """The span of a request with these headers, by their lower-case names."""
        ...


class NoTracing:
    def serve(self, name: str, headers: Mapping[str, str]) -> Span:  # noqa: ARG002
        begun = trace_context(headers)
        return PassedOn(begun) if begun else NO_SPAN


def trace_context(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of W3C's trace context, if they are well-formed."""
    parent, state = headers.get("traceparent", ""), headers.get("tracestate", "")
    if not _TRACEPARENT.fullmatch(parent):
        return {}
    return {"traceparent": parent, **({"tracestate": state} if state else {})}


@contextmanager
def within(one: Span) -> Generator[Span]:
    """Work within this span, in a task of one's own, and end it."""
    token = span.set(one)
    try:
        yield one
    except BaseException as error:
        one.end(failure=type(error).__name__)
        raise
    else:
        one.end()
    finally:
        span.reset(token)


def now_ns() -> int:
    return time.time_ns()
