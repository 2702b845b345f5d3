"""`Upstream`: the server behind a remote engine, at one address or several equivalent ones."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from antiphon.engines.errors import EngineFailed
from antiphon.engines.remote.faults import UpstreamFault, refusal
from antiphon.engines.remote.replica import Replica
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.errors import ConfigurationError
from antiphon.hardening.errors import ServerBusy
from antiphon.telemetry.tracing import span

_log = logging.getLogger(__name__)

_REMEMBERED_CONVERSATIONS = 4096
_LONGEST_WAIT_SECONDS = 5.0
"""How long a retry may be delayed: anyone waiting for an answer has given up by then."""

T = TypeVar("T")


def _not_explained(_: UpstreamFault) -> Exception | None:
    return None


class Upstream:
    """Chooses a replica for each request, and retries there or elsewhere as long as no answer has arrived."""

    def __init__(
        self, name: str, settings: UpstreamSettings, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`name` is the engine's. Raises `ConfigurationError` for a missing key."""
        self.name = name
        self.replicas = [Replica(url.rstrip("/"), monotonic=monotonic) for url in settings.urls]
        self._retries = settings.retries
        self._client = httpx.AsyncClient(
            headers={"accept-encoding": "identity", **settings.headers, **_credentials(name, settings)},
            params=settings.query,
            timeout=httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
        )
        self._of_conversations: OrderedDict[str, Replica] = OrderedDict()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def post(
        self,
        path: str,
        read: Callable[[httpx.Response], AsyncGenerator[T]],
        *,
        conversation: str | None = None,
        explain: Callable[[UpstreamFault], Exception | None] = _not_explained,
        **content: Any,
    ) -> AsyncGenerator[T]:
        """POST `content` (httpx's `json`, `data`, `files`) to `path`, and yield what `read` extracts from the answer.

        Requests with the same `conversation` go to the same replica if possible, since it knows the beginning.
        `explain` may tell the client more about a fault than that the engine failed. Closing the generator closes the
        connection, which tells the upstream to stop.

        Raises `EngineFailed` if no replica answers, or one breaks off in mid-answer, `ServerBusy` if all refuse because
        they are busy, and whatever `explain` returns.
        """
        failed: set[Replica] = set()
        latest: UpstreamFault | None = None
        for attempt in range(self._retries + 1):
            replica = self._choose(conversation, failed)
            if replica is None:
                resting = UpstreamFault("it failed again and again a moment ago")
                _log.warning("The engine %s is not asked: %s", self.name, resting)
                raise EngineFailed from latest or resting
            has_begun = False
            try:
                with replica.serving() as note_first_piece:
                    async with aclosing(self._ask(replica, path, read, content)) as pieces:
                        async for piece in pieces:
                            if not has_begun:
                                has_begun = True
                                note_first_piece()
                            yield piece
                return
            except UpstreamFault as fault:
                latest = fault
                failed.add(replica)
                _log.warning("The engine %s at %s failed: %s", self.name, replica.url, fault)
                wait_seconds = self._wait_seconds(fault, attempt, failed)
                if has_begun or attempt == self._retries or wait_seconds is None:
                    raise explain(fault) or _failure(fault) from fault
                await asyncio.sleep(wait_seconds)

    async def _ask(
        self,
        replica: Replica,
        path: str,
        read: Callable[[httpx.Response], AsyncGenerator[T]],
        content: Mapping[str, Any],
    ) -> AsyncGenerator[T]:
        asking = span.get().child(path, kind="client", engine=self.name, replica=replica.url)
        failure: str | None = "cancelled"
        try:
            async with self._client.stream(
                "POST", f"{replica.url}/{path}", headers=asking.headers, **content
            ) as response:
                if response.status_code != HTTPStatus.OK:
                    raise await refusal(response)
                if (encoding := response.headers.get("content-encoding", "identity")) != "identity":
                    raise UpstreamFault(f"it compressed its answer ({encoding}), which it was not asked to")
                async with aclosing(read(response)) as pieces:
                    async for piece in pieces:
                        yield piece
            failure = None
        except UpstreamFault as fault:
            failure = type(fault).__name__
            raise
        except httpx.TimeoutException as error:
            failure = type(error).__name__
            raise UpstreamFault(f"it did not answer in time ({type(error).__name__})", is_late=True) from error
        except httpx.HTTPError as error:
            failure = type(error).__name__
            raise UpstreamFault(f"the connection failed ({type(error).__name__}: {error})") from error
        finally:
            asking.end(failure=failure)

    def _choose(self, conversation: str | None, failed: set[Replica]) -> Replica | None:
        """The replica that knows the conversation, or else the one with the least to do. None if all of them rest."""
        willing = [replica for replica in self.replicas if replica.takes_requests]
        if not willing:
            return None
        willing = [replica for replica in willing if replica not in failed] or willing
        known = None if conversation is None else self._of_conversations.get(conversation)
        chosen = known if known in willing else min(willing, key=lambda replica: replica.in_flight)
        if conversation is not None:
            self._remember(conversation, chosen)
        return chosen

    def _remember(self, conversation: str, replica: Replica) -> None:
        self._of_conversations[conversation] = replica
        self._of_conversations.move_to_end(conversation)
        if len(self._of_conversations) > _REMEMBERED_CONVERSATIONS:
            self._of_conversations.popitem(last=False)

    def _wait_seconds(self, fault: UpstreamFault, attempt: int, failed: set[Replica]) -> float | None:
        """The wait before the next attempt: none if another replica can be asked, else what the upstream asks for.

        None if another attempt makes no sense.
        """
        if not fault.is_passing:
            return None
        if any(replica.takes_requests and replica not in failed for replica in self.replicas):
            return 0.0
        wanted = 0.2 * 2**attempt if fault.retry_after_seconds is None else fault.retry_after_seconds
        return None if fault.is_late or wanted > _LONGEST_WAIT_SECONDS else wanted


def _failure(fault: UpstreamFault) -> Exception:
    return ServerBusy() if fault.status == HTTPStatus.TOO_MANY_REQUESTS else EngineFailed()


def _credentials(engine: str, settings: UpstreamSettings) -> dict[str, str]:
    """The key, in both headers where servers look for it: OpenAI's and Azure's."""
    if settings.key_variable is None:
        return {}
    key = os.environ.get(settings.key_variable, "").strip()
    if not key:
        raise ConfigurationError(
            f"The engine {engine} needs its key in the environment variable {settings.key_variable}, which is not set."
        )
    return {"authorization": f"Bearer {key}", "api-key": key}
