"""`/metrics`: how the server and its engines are doing, in Prometheus's text format."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.credentials import bearer_header
from antiphon.api.errors import AccessDenied, ResourceNotFound
from antiphon.api.siblings import Siblings
from antiphon.engines.remote.replica import Replica
from antiphon.engines.running import RunningEngine
from antiphon.errors import ConfigurationError
from antiphon.hardening.fair_turns import FairTurns
from antiphon.hardening.pace import Pace
from antiphon.telemetry.measures import Family, counter, gauge, of_workers, samples_of, written

TOKEN_VARIABLE = "ANTIPHON_METRICS_TOKEN"  # noqa: S105 - its name.
"""The environment variable with the token that Prometheus presents."""

_SHORTEST_TOKEN = 16
_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    engines: Sequence[RunningEngine]
    token: str | None = field(repr=False)
    """None if nobody may read them."""
    refusals: Pace
    sources: Sequence[Callable[[], Sequence[Family]]] = ()
    """What else tells measures of this process."""
    siblings: Siblings = field(default_factory=Siblings)

    async def answer(self, request: Request) -> Response:
        """Those of all workers. Raises `ResourceNotFound` if there is no token, and `AccessDenied` for a wrong one."""
        if self.token is None:
            raise ResourceNotFound
        shown = bearer_header(request)
        if shown is None or not hmac.compare_digest(shown.value.encode(), self.token.encode()):
            await self.refusals.wait()
            raise AccessDenied
        families = self.collect()
        seat = self.siblings.seat
        if not seat.is_alone:
            others = await self.siblings.ask()
            told = {number: each.families for number, each in others.items() if each is not None}
            up = {seat.number: 1} | {number: int(each is not None) for number, each in others.items()}
            families = [
                *of_workers({seat.number: families, **told}),
                gauge(
                    "antiphon_worker_up",
                    "1 if the worker answers.",
                    *(({"worker": str(number)}, is_up) for number, is_up in sorted(up.items())),
                ),
            ]
        return Response("".join(f"{line}\n" for line in written(families)), media_type=_FORMAT)

    def collect(self) -> list[Family]:
        """Those of this process."""
        return [*_of_engines(self.engines), *(family for source in self.sources for family in source())]


def metrics_token() -> str | None:
    """The token of the environment. Raises `ConfigurationError` for one that could be guessed."""
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if token and len(token) < _SHORTEST_TOKEN:
        raise ConfigurationError(
            f"{TOKEN_VARIABLE} is too short to keep anybody out. Make one with `openssl rand -hex 32`."
        )
    return token or None


def _of_engines(engines: Sequence[RunningEngine]) -> Iterator[Family]:
    yield gauge(
        "antiphon_engine_info",
        "Each engine, and where it runs; always 1.",
        *(({**_of(engine), **_about(engine)}, 1) for engine in engines),
    )
    replicas = [(engine, replica) for engine in engines for replica in engine.replicas]
    for name, tell, about, value in _OF_REPLICAS:
        yield tell(name, about, *((_of_replica(*each), value(each[1])) for each in replicas))
    firsts = [sample for each in replicas for sample in samples_of(each[1].first_pieces, _of_replica(*each))]
    about = "Seconds from a request to the first piece of its answer."
    yield Family("antiphon_replica_first_piece_seconds", "histogram", about, firsts)
    yield from queue_families({name: turns for engine in engines for name, turns in engine.queues.items()})


def _of(engine: RunningEngine) -> dict[str, str]:
    return {"engine": engine.name, "role": engine.role}


def _about(engine: RunningEngine) -> dict[str, str]:
    device = "" if engine.placement is None else engine.placement.device
    return {"kind": engine.kind, "where": engine.where, "device": device}


def _of_replica(engine: RunningEngine, replica: Replica) -> dict[str, str]:
    return {**_of(engine), "replica": replica.url}


_OF_REPLICAS: Sequence[tuple[str, Callable[..., Family], str, Callable[[Replica], int]]] = (
    (
        "antiphon_replica_up",
        gauge,
        "1 if it answers; 0 if it has failed again and again, and is left alone for a while.",
        lambda each: int(each.is_well),
    ),
    ("antiphon_replica_requests_in_flight", gauge, "Requests that it is answering.", lambda each: each.in_flight),
    ("antiphon_replica_requests_total", counter, "Requests that it was sent.", lambda each: each.requests),
    (
        "antiphon_replica_failures_total",
        counter,
        "Requests that it failed; not those that were at fault themselves.",
        lambda each: each.failures,
    ),
)


def queue_families(queues: Mapping[str, FairTurns]) -> list[Family]:
    """What waits for whom, by the queue's name."""
    each = [({"queue": name}, turns) for name, turns in queues.items()]
    waits = [sample for labels, turns in each for sample in samples_of(turns.waits, labels)]
    return [
        gauge(
            "antiphon_queue_running", "Jobs that have their turn.", *((labels, turns.running) for labels, turns in each)
        ),
        gauge(
            "antiphon_queue_turns",
            "How many may have it at a time.",
            *((labels, turns.turns) for labels, turns in each),
        ),
        gauge(
            "antiphon_queue_waiting",
            "Jobs that wait for their turn.",
            *((labels, turns.waiting) for labels, turns in each),
        ),
        counter(
            "antiphon_queue_refused_total",
            "Jobs that were refused because too many were waiting.",
            *((labels, turns.refused) for labels, turns in each),
        ),
        Family("antiphon_queue_wait_seconds", "histogram", "Seconds that jobs have waited for their turn.", waits),
    ]
