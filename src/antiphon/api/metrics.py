"""`/metrics`: how the engines are doing, in Prometheus's text format."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.credentials import bearer_header
from antiphon.api.errors import AccessDenied, ResourceNotFound
from antiphon.engines.remote.replica import Replica
from antiphon.engines.running import RunningEngine
from antiphon.errors import ConfigurationError
from antiphon.hardening.refusal_pace import RefusalPace

TOKEN_VARIABLE = "ANTIPHON_METRICS_TOKEN"  # noqa: S105 - its name.
"""The environment variable with the token that Prometheus presents."""

_SHORTEST_TOKEN = 16
_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    engines: Sequence[RunningEngine]
    token: str | None = field(repr=False)
    """None if nobody may read them."""
    refusals: RefusalPace

    async def answer(self, request: Request) -> Response:
        """Raises `ResourceNotFound` if there is no token, and `AccessDenied` for a wrong one."""
        if self.token is None:
            raise ResourceNotFound
        shown = bearer_header(request)
        if shown is None or not hmac.compare_digest(shown.value.encode(), self.token.encode()):
            await self.refusals.wait()
            raise AccessDenied
        return Response("".join(f"{line}\n" for line in _lines(self.engines)), media_type=_FORMAT)


def metrics_token() -> str | None:
    """The token of the environment. Raises `ConfigurationError` for one that could be guessed."""
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if token and len(token) < _SHORTEST_TOKEN:
        raise ConfigurationError(
            f"{TOKEN_VARIABLE} is too short to keep anybody out. Make one with `openssl rand -hex 32`."
        )
    return token or None


def _lines(engines: Sequence[RunningEngine]) -> Iterator[str]:
    yield from _head("antiphon_engine_info", "gauge", "Each engine, and where it runs; always 1.")
    for engine in engines:
        device = "" if engine.placement is None else engine.placement.device
        labels = _labels(engine=engine.name, role=engine.role, kind=engine.kind, where=engine.where, device=device)
        yield f"antiphon_engine_info{labels} 1"
    for name, kind, about, value in _OF_REPLICAS:
        yield from _head(name, kind, about)
        for engine in engines:
            for replica in engine.replicas:
                yield f"{name}{_labels(engine=engine.name, role=engine.role, replica=replica.url)} {value(replica)}"
    yield from _head(_FIRST_PIECE, "histogram", "Seconds from a request to the first piece of its answer.")
    for engine in engines:
        for replica in engine.replicas:
            yield from _histogram(engine, replica)


_FIRST_PIECE = "antiphon_replica_first_piece_seconds"
_OF_REPLICAS: Sequence[tuple[str, str, str, Callable[[Replica], int]]] = (
    (
        "antiphon_replica_up",
        "gauge",
        "1 if it answers; 0 if it has failed again and again, and is left alone for a while.",
        lambda each: int(each.is_well),
    ),
    (
        "antiphon_replica_requests_in_flight",
        "gauge",
        "Requests that it is answering.",
        lambda each: each.in_flight,
    ),
    ("antiphon_replica_requests_total", "counter", "Requests that it was sent.", lambda each: each.requests),
    (
        "antiphon_replica_failures_total",
        "counter",
        "Requests that it failed; not those that were at fault themselves.",
        lambda each: each.failures,
    ),
)


def _histogram(engine: RunningEngine, replica: Replica) -> Iterator[str]:
    seconds, of_replica = replica.first_pieces, {"engine": engine.name, "role": engine.role, "replica": replica.url}
    counts = seconds.cumulative
    for bound, count in zip((*(f"{each:g}" for each in seconds.bounds), "+Inf"), counts, strict=True):
        yield f"{_FIRST_PIECE}_bucket{_labels(**of_replica, le=bound)} {count}"
    yield f"{_FIRST_PIECE}_sum{_labels(**of_replica)} {seconds.total:.6f}"
    yield f"{_FIRST_PIECE}_count{_labels(**of_replica)} {counts[-1]}"


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _labels(**labels: str) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
