"""What the API counts and times: requests, and Realtime sessions as their clients see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from antiphon.telemetry.measures import Count, Family, Timing, counter, gauge

_REQUEST_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_RESPONSE_BOUNDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
_SESSION_BOUNDS = (1.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0)
LOOKING_AFTER = "looking_after"
_OPERATIONS = (
    ("chat_completions", re.compile(r"/chat/completions")),
    ("realtime", re.compile(r"/realtime$")),
    ("audio", re.compile(r"/audio/\w+$")),
    ("models", re.compile(r"/(models|deployments)(/[^/]+)?$")),
    ("portal", re.compile(r"^/portal")),
    ("management", re.compile(r"^/(subscriptions|providers|metadata/endpoints)")),
    ("sign_in", re.compile(r"^/(msi|metadata|oauth2|[^/]+/(v2\.0|oauth2|\.well-known|discovery))")),
    (LOOKING_AFTER, re.compile(r"^/(health|ready|metrics)$")),
)

Use: TypeAlias = Callable[[], Mapping[str, tuple[float, float]]]
"""How much of each thing that is limited is in use, and the limit; by the thing's name."""


def operation_of(path: str) -> str:
    """One of a few names: anybody can make up paths."""
    return next((name for name, pattern in _OPERATIONS if pattern.search(path)), "other")


class ApiMeasures:
    """Made before the application, which fills it in."""

    def __init__(self) -> None:
        self.requests = Count(
            "antiphon_requests_total",
            "Requests that have been answered; 101 is a WebSocket that was opened.",
            "operation",
            "status",
        )
        self.request_seconds = Timing(
            "antiphon_request_seconds",
            "Seconds until a request was answered in full.",
            "operation",
            bounds=_REQUEST_BOUNDS,
        )
        self.response_seconds = Timing(
            "antiphon_realtime_response_seconds",
            "Seconds from the end of a turn until its response has reached each stage, as its client sees it.",
            "stage",
            bounds=_RESPONSE_BOUNDS,
        )
        self.responses = Count("antiphon_realtime_responses_total", "Realtime responses that are done.", "status")
        self.sessions_open = 0
        self.session_seconds = Timing(
            "antiphon_session_seconds", "How long Realtime sessions have lasted.", bounds=_SESSION_BOUNDS
        )
        self.uses: list[Use] = []
        """What is limited; `families` asks each."""

    def families(self) -> list[Family]:
        used = [
            (name, *values) for name, values in sorted({k: v for use in self.uses for k, v in use().items()}.items())
        ]
        return [
            self.requests.family(),
            self.request_seconds.family(),
            self.response_seconds.family(),
            self.responses.family(),
            self.session_seconds.family(),
            gauge("antiphon_sessions_open", "Realtime sessions that are open.", ({}, self.sessions_open)),
            gauge(
                "antiphon_used",
                "How much of each thing that is limited is in use.",
                *(({"limit": name}, value) for name, value, _ in used),
            ),
            gauge(
                "antiphon_limit",
                "The limit of each such thing.",
                *(({"limit": name}, most) for name, _, most in used),
            ),
        ]


def process_families(*, cpu_seconds: float, resident_bytes: float, started_at: float, starts: int) -> list[Family]:
    """Those that Prometheus's own libraries have, and how often a worker has taken this one's seat."""
    return [
        counter("process_cpu_seconds_total", "CPU time of this process, in seconds.", ({}, cpu_seconds)),
        gauge("process_resident_memory_bytes", "Resident memory of this process.", ({}, resident_bytes)),
        gauge("process_start_time_seconds", "When this process started, in Unix seconds.", ({}, started_at)),
        gauge("antiphon_worker_starts", "How often a worker has been started in this seat.", ({}, starts)),
    ]
