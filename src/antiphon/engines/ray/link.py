"""`Link`: a server's connection to a Ray cluster, kept up by a process that may die with the cluster."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator

from antiphon.engines.ray import authentication
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
    ToDriver,
    ToServer,
    read_in_server,
    send,
)
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.errors import ConfigurationError
from antiphon.hardening.errors import ServerBusy

_log = logging.getLogger(__name__)

_JOIN_SECONDS = 180.0
_READY_SECONDS = 900.0
"""How long engines may take to be ready on the cluster: models may have to be downloaded first."""
_PATIENT = {"RAY_SERVE_QUEUE_LENGTH_RESPONSE_DEADLINE_S": "1.0"}
"""After the usual tenth of a second, a busy replica would lose its conversations to the others."""
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
"""Before the cluster is joined again."""


class Link:
    """Starts the process when the first engine is deployed, and again, with all engines, whenever it has ended."""

    def __init__(self, address: str, *, patience_seconds: float = 15.0) -> None:
        """`address` is the cluster's, HOST:PORT. Requests wait for `patience_seconds` if the cluster is away."""
        self.address = address
        self._patience_seconds = patience_seconds
        self._deployments: list[EngineDeployment] = []
        self._driver: asyncio.Future[_DriverProcess] | None = None
        """Replaced by another future when the process has ended; None before the first is started."""
        self._keeping: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def deploy(self, deployment: EngineDeployment) -> None:
        """Have the cluster run the engine, now and whenever it has been started anew. Returns once it is ready.

        Raises `ConfigurationError`.
        """
        async with self._starting:
            if self._keeping is None:
                driver = await _DriverProcess.start(self.address, on_end=self._lose)
                self._driver = asyncio.get_running_loop().create_future()
                self._driver.set_result(driver)
                self._keeping = asyncio.create_task(self._keep(driver))
        self._deployments.append(deployment)
        try:
            async with asyncio.timeout(_READY_SECONDS):
                await (await self._joined()).deploy(deployment)
        except TimeoutError:
            raise ConfigurationError(
                f"The engine {deployment.name} does not start on the cluster: it was not ready after "
                f"{_READY_SECONDS:.0f} seconds. `antiphon cluster status` says what it waits for."
            ) from None
        except UpstreamFault as fault:
            raise ConfigurationError(f"The engine {deployment.name} does not start on the cluster: {fault}") from fault

    async def ask(
        self, deployment: EngineDeployment, request: bytes, *, conversation: str = ""
    ) -> AsyncGenerator[bytes]:
        """Pass a request to a replica, and yield what it answers. Closing the generator stops the replica's work.

        Raises `UpstreamFault`, and `ServerBusy` if too many requests wait for replicas.
        """
        driver = await self._joined()
        async with contextlib.aclosing(driver.ask(deployment, request, conversation)) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        if self._driver is not None and self._driver.done():
            await self._driver.result().aclose()

    async def _joined(self) -> _DriverProcess:
        """Raises `UpstreamFault` if the cluster is away for longer than a request should wait."""
        if self._driver is None:
            raise UpstreamFault("the cluster has not been joined")
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await asyncio.shield(self._driver)
        except TimeoutError:
            raise UpstreamFault(f"the Ray cluster at {self.address} is away", is_late=True) from None

    async def _keep(self, driver: _DriverProcess) -> None:
        while True:
            await driver.ended()
            _log.warning("The Ray cluster at %s was lost, and will be joined again. %s", self.address, driver.why_gone)
            driver = await self._joined_again()
            _log.warning("The Ray cluster at %s was joined again", self.address)
            for deployment in self._deployments:
                driver.deploy_later(deployment)
            if self._driver is not None:
                self._driver.set_result(driver)

    def _lose(self) -> None:
        """Have requests wait for the next process, before those that the last one leaves behind are made again."""
        self._driver = asyncio.get_running_loop().create_future()

    async def _joined_again(self) -> _DriverProcess:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            try:
                return await _DriverProcess.start(self.address, on_end=self._lose)
            except (ConfigurationError, OSError) as error:
                _log.warning("%s", error)


class _DriverProcess:
    """One run of `driver`, which has joined the cluster."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_end: Callable[[], None],
    ) -> None:
        """`on_end` is called as soon as the process has ended by itself."""
        self._process = process
        self._on_end = on_end
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Queue[ToServer | None]] = {}
        """What comes for each request; None once the process has ended."""
        self.why_gone = ""
        """What it said before it ended, if anything."""
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def start(cls, address: str, *, on_end: Callable[[], None]) -> _DriverProcess:
        """Raises `ConfigurationError` if the cluster cannot be joined."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "antiphon.engines.ray.driver",
                str(theirs.fileno()),
                address,
                pass_fds=[theirs.fileno()],
                env={**_PATIENT, **os.environ, **authentication.environment()},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the server's to hear, which may still have replies to finish.
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        reason = f"The Ray cluster at {address} cannot be joined."
        try:
            async with asyncio.timeout(_JOIN_SECONDS):
                match await read_in_server(reader):
                    case Joined():
                        return cls(process, reader, writer, on_end)
                    case Gone(reason=told):
                        reason = told
                    case _:
                        pass
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            reason = f"{reason} ({type(error).__name__})"
        except BaseException:
            await _end(process, writer)
            raise
        await _end(process, writer)
        raise ConfigurationError(reason)

    async def deploy(self, deployment: EngineDeployment) -> None:
        """Raises `UpstreamFault`."""
        with self._exchange() as (number, messages):
            await self._send(Deploy(number=number, deployment=deployment))
            await _next(messages)

    def deploy_later(self, deployment: EngineDeployment) -> None:
        """The process keeps requests for it until it is ready. Whether it ever is, they get to know."""
        send(self._writer, Deploy(number=next(self._numbers), deployment=deployment))

    async def ask(self, deployment: EngineDeployment, request: bytes, conversation: str) -> AsyncGenerator[bytes]:
        silent_seconds = deployment.settings.silent_seconds
        with self._exchange() as (number, messages):
            await self._send(Ask(number=number, app=deployment.app, conversation=conversation, request=request))
            while True:
                try:
                    async with asyncio.timeout(silent_seconds):
                        message = await _next(messages)
                except TimeoutError:
                    raise UpstreamFault(f"it was silent for {silent_seconds:g} seconds", is_late=True) from None
                if message is None:
                    return
                yield message.data

    async def ended(self) -> None:
        await asyncio.shield(self._reading)

    async def aclose(self) -> None:
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading
        await _end(self._process, self._writer)

    @contextlib.contextmanager
    def _exchange(self) -> Generator[tuple[int, asyncio.Queue[ToServer | None]]]:
        """A number, and what comes for it."""
        number = next(self._numbers)
        messages: asyncio.Queue[ToServer | None] = asyncio.Queue()
        self._waiting[number] = messages
        try:
            yield number, messages
        finally:
            del self._waiting[number]
            if not self._writer.is_closing():
                send(self._writer, Cancel(number=number))

    async def _send(self, message: ToDriver) -> None:
        send(self._writer, message)
        with contextlib.suppress(ConnectionError):  # The end of the process is told by `_read`.
            await self._writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                message = await read_in_server(reader)
                if isinstance(message, Joined | Gone):
                    self.why_gone = message.reason if isinstance(message, Gone) else ""
                elif (messages := self._waiting.get(message.number)) is not None:
                    messages.put_nowait(message)
        self._on_end()
        for messages in self._waiting.values():
            messages.put_nowait(None)
        await _end(self._process, self._writer)


async def _next(messages: asyncio.Queue[ToServer | None]) -> Piece | None:
    """The next piece; None after the last one. Raises `UpstreamFault` and `ServerBusy`."""
    match await messages.get():
        case Piece() as piece:
            return piece
        case Ended():
            return None
        case Failed() as failed:
            raise UpstreamFault(failed.reason, is_passing=failed.is_passing)
        case Busy():
            raise ServerBusy
        case _:
            raise UpstreamFault("the connection to the cluster was lost")


async def _end(process: asyncio.subprocess.Process, writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
