"""API versions of the data plane. An unknown one is answered like a route that does not exist, as Azure does."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from antiphon.api.errors import ResourceNotFound

DATED_VERSIONS = frozenset(
    {
        "2022-12-01",
        "2023-03-15-preview",
        "2023-05-15",
        "2023-09-01-preview",
        "2023-12-01-preview",
        "2024-02-01",
        "2024-02-15-preview",
        "2024-03-01-preview",
        "2024-04-01-preview",
        "2024-05-01-preview",
        "2024-06-01",
        "2024-07-01-preview",
        "2024-08-01-preview",
        "2024-09-01-preview",
        "2024-10-01-preview",
        "2024-10-21",
        "2024-12-01-preview",
        "2024-12-17",
        "2025-01-01-preview",
        "2025-02-01-preview",
        "2025-03-01-preview",
        "2025-04-01-preview",
        "2025-08-28",
    }
)
V1_VERSIONS = frozenset({"v1", "preview", "latest"})
"""What a client may name on a v1 route, if it names anything."""


def check_dated_version(request: HTTPConnection) -> None:
    """Raise `ResourceNotFound` unless the request names a version of the dated routes."""
    if request.query_params.get("api-version") not in DATED_VERSIONS:
        raise ResourceNotFound


def check_v1_version(request: HTTPConnection) -> None:
    """Raise `ResourceNotFound` if the request names an unknown version."""
    version = request.query_params.get("api-version")
    if version is not None and version not in V1_VERSIONS | DATED_VERSIONS:
        raise ResourceNotFound
