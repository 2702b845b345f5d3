"""`Startup`: keeps the reason why the application could not start, to be reported in one sentence."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Startup:
    """ASGI middleware around the whole application. Without it, uvicorn would log a stack trace and exit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._failure: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_without_trace(message: Message) -> None:
            await send({"type": message["type"]} if message["type"] == "lifespan.startup.failed" else message)

        try:
            await self._app(scope, receive, send_without_trace)
        except BaseException as failure:
            self._failure = failure
            raise

    @property
    def failure(self) -> BaseException | None:
        """The first failure, if there were several; None if the application has started and ended."""
        failure = self._failure
        while isinstance(failure, BaseExceptionGroup):
            failure = failure.exceptions[0]
        return failure
