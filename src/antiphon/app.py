"""Composition: which objects there are, and who knows whom."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeAlias

from fastapi import FastAPI
from starlette.requests import Request

from antiphon.api.authentication import Authenticator
from antiphon.api.bodies import BodyReader
from antiphon.api.chat import ChatCompletions
from antiphon.api.chat_conversation import ConversationReader
from antiphon.api.management.plane import ManagementPlane, management_bodies
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.routes import Services, create_api
from antiphon.audio.decoder import Decoder
from antiphon.dialogue.profile import Profile
from antiphon.errors import InvalidToken
from antiphon.identity.keys import AccountKeys
from antiphon.identity.roles import ManagementAction
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.hosts import AccountHosts
from antiphon.settings import Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory

_log = logging.getLogger(__name__)

_PURGE_SECONDS = 300
_TENANT = "00000000-0000-0000-0000-000000000001"


ProfileLoader: TypeAlias = Callable[[AsyncExitStack], Awaitable[Mapping[str, Profile]]]
"""Loads and warms what answers, by the names that deployments know it by; the stack takes what has to be closed."""


def create_app(settings: Settings, data: DataDirectory, load_profiles: ProfileLoader, *, address: str) -> FastAPI:
    """The whole application. It loads and warms its models before it serves, and tells `address` when it is ready."""

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as resources:
            api.state.services = await _create_services(settings, data, load_profiles, resources)
            print(f"Antiphon is ready: {address}\nFor its keys: antiphon keys list", file=sys.stderr, flush=True)
            yield

    return create_api(lifespan)


async def _create_services(
    settings: Settings, data: DataDirectory, load_profiles: ProfileLoader, resources: AsyncExitStack
) -> Services:
    """Everything the routes stand in front of; `resources` takes what has to be closed."""
    database = await resources.enter_async_context(await Database.open(data.database))
    await ensure_local_account(database)
    audio_outputs = AudioOutputs(
        database, Blobs.in_folder(data.blobs), lifetime=timedelta(hours=settings.audio_output_hours)
    )
    decoder = Decoder(processes=settings.cores, max_waiting=settings.max_waiting)
    resources.push_async_callback(decoder.close)
    profiles, _ = await asyncio.gather(load_profiles(resources), decoder.start())
    resources.push_async_callback(_stop, asyncio.create_task(_purge_now_and_then(audio_outputs)))
    accounts = Accounts(database, hosts=AccountHosts(domain=settings.server.domain))
    keys = AccountKeys(database)
    authenticator = Authenticator(accounts, keys)
    pool = CapacityPool(database=database, limit=settings.quotas.capacity_per_model)
    deployments = Deployments(database, pool=pool, profiles=frozenset(settings.profiles))
    return Services(
        authenticator=authenticator,
        deployments=deployments,
        chat=ChatCompletions(
            authenticator=authenticator,
            bodies=BodyReader(),
            conversations=ConversationReader(decoder, audio_outputs),
            deployments=deployments,
            audio_outputs=audio_outputs,
            profiles=profiles,
        ),
        realtime=Realtime(authenticator=authenticator, deployments=deployments, profiles=profiles),
        management=ManagementPlane(
            accounts=accounts,
            keys=keys,
            deployments=deployments,
            pool=pool,
            authorizer=_NobodyManages(),
            tenant_id=_TENANT,
            bodies=management_bodies(),
        ),
    )


class _NobodyManages:
    """Refuses everybody, as long as there is no authority whose tokens could let somebody in."""

    async def authorize(self, request: Request, action: ManagementAction, *, account_id: str | None) -> str:  # noqa: ARG002
        raise InvalidToken


async def _purge_now_and_then(audio_outputs: AudioOutputs) -> None:
    while True:
        try:
            await audio_outputs.purge()
        except Exception:
            _log.exception("Expired audio outputs could not be purged; another try follows")
        await asyncio.sleep(_PURGE_SECONDS)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
