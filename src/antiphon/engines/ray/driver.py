"""The process that has joined a Ray cluster for a server: it has the engines run there, and passes requests on.

It ends with the server, and as soon as the cluster no longer answers it; `link` then starts another.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncGenerator
from typing import Any, NoReturn, cast

from ray import serve
from ray.exceptions import RayTaskError
from ray.serve.exceptions import BackPressureError
from ray.serve.handle import DeploymentHandle, DeploymentResponseGenerator

from antiphon.engines.ray.cluster import deploy, join, told
from antiphon.engines.ray.deployment import EngineDeployment
from antiphon.engines.ray.messages import (
    Ask,
    Busy,
    Cancel,
    Deploy,
    Ended,
    Failed,
    Gone,
    Joined,
    Piece,
    ToServer,
    read_in_driver,
    send,
)

_LOOK_SECONDS = 3.0
"""Between looks at whether the cluster still runs the engines."""
_PATIENCE_SECONDS = 10.0
"""How long the cluster may take to answer such a look."""
_CLUSTER_LOST = 3
"""The status that the process ends with when the cluster no longer answers."""


class Driver:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._engines: dict[str, asyncio.Task[DeploymentHandle[Any]]] = {}
        """By application: ready once the engine runs."""
        self._deployments: dict[str, EngineDeployment] = {}
        self._answering: dict[int, asyncio.Task[None]] = {}

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Do what the server asks for, until it goes away."""
        watching = asyncio.create_task(self._watch())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                match await read_in_driver(reader):
                    case Deploy() as message:
                        self._begin(message.number, self._deploy(message))
                    case Ask() as message:
                        self._begin(message.number, self._answer(message))
                    case Cancel() as message:
                        if message.number in self._answering:
                            self._answering[message.number].cancel()
        watching.cancel()
        left = [watching, *self._answering.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _begin(self, number: int, work: Any) -> None:
        task = asyncio.create_task(work)
        self._answering[number] = task
        task.add_done_callback(lambda _: self._answering.pop(number, None))

    async def _deploy(self, message: Deploy) -> None:
        deployment = message.deployment
        self._deployments[deployment.app] = deployment
        try:
            await asyncio.shield(self._engine(deployment.app))
        except Exception as error:  # Ray raises whatever went wrong, and the server is to know.
            await self._send(Failed(number=message.number, reason=told(error), is_passing=False))
        else:
            await self._send(Ended(number=message.number))

    def _engine(self, app: str) -> asyncio.Task[DeploymentHandle[Any]]:
        """Its deployment, begun anew if it has failed."""
        task = self._engines.get(app)
        if task is None or (task.done() and not _is_ready(task)):
            task = self._engines[app] = asyncio.create_task(asyncio.to_thread(deploy, self._deployments[app]))
        return task

    async def _answer(self, ask: Ask) -> None:
        ending: ToServer = Ended(number=ask.number)
        try:
            engine = await asyncio.shield(self._engine(ask.app))
            async with contextlib.aclosing(_pieces(engine, ask)) as pieces:
                async for data in pieces:
                    await self._send(Piece(number=ask.number, data=data))
        except BackPressureError:
            ending = Busy(number=ask.number)
        except RayTaskError as error:
            ending = Failed(number=ask.number, reason=told(error), is_passing=False)
        except Exception as error:  # As a rule, a replica has died.
            ending = Failed(number=ask.number, reason=told(error), is_passing=True)
        await self._send(ending)

    async def _send(self, message: ToServer) -> None:
        send(self._writer, message)
        await self._writer.drain()

    async def _watch(self) -> None:
        """Put back engines that the cluster has lost, as one does that was started anew."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            ready = [app for app, task in self._engines.items() if _is_ready(task)]
            if not ready:
                continue
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    running = await asyncio.to_thread(serve.status)
            except Exception as error:  # Whatever it is: a new process can join anew.
                await self._leave(f"It does not answer ({type(error).__name__}: {told(error)}).")
            for app in ready:
                if app not in running.applications:
                    await self._leave(f"It no longer has {app}, as if it had been started anew.")

    async def _leave(self, reason: str) -> NoReturn:
        await self._send(Gone(reason=reason))
        os._exit(_CLUSTER_LOST)  # Threads of Ray's would hang.


def _is_ready(task: asyncio.Task[DeploymentHandle[Any]]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _pieces(engine: DeploymentHandle[Any], ask: Ask) -> AsyncGenerator[bytes]:
    sent = engine.options(stream=True, session_id=ask.conversation).answer.remote(ask.request)
    response = cast("DeploymentResponseGenerator[bytes]", sent)
    try:
        async for piece in response:
            yield piece
    finally:
        response.cancel()  # Garbage collection alone would let the replica go on.


async def _main(descriptor: int, address: str) -> None:
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    try:
        await asyncio.to_thread(join, address)
    except RuntimeError as error:
        send(writer, Gone(reason=str(error)))
        await writer.drain()
        return
    send(writer, Joined())
    await Driver(writer).serve(reader)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2]))
    os._exit(0)  # Not `ray.shutdown`, which waits for a cluster that may be gone.
