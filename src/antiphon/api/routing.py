"""Routes as tables: the method, the path, and the operation that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from typing import TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Service = TypeVar("Service")
Operation: TypeAlias = Callable[[Service, Request], Awaitable[Response]]
"""What answers a request, given the service that it is part of."""
Table: TypeAlias = Iterable[tuple[str, str, Operation[Service]]]
"""Method, path, operation."""


class ExactRoute(Route):
    """A route for its method alone: Starlette's own also answers HEAD wherever it answers GET."""

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: Collection[str]
    ) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.methods = set(methods)


def routes(
    table: Table[Service],
    find: Callable[[Request], Service],
    *,
    check: Callable[[Request], None] | None = None,
    kind: type[Route] = ExactRoute,
) -> Iterator[Route]:
    """The routes of a table; `find` returns the service they belong to, and `check` may refuse a request first."""
    for method, path, operation in table:
        yield kind(path, _endpoint(operation, find, check), methods=[method])


def _endpoint(
    operation: Operation[Service], find: Callable[[Request], Service], check: Callable[[Request], None] | None
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if check is not None:
            check(request)
        return await operation(find(request), request)

    return answer
