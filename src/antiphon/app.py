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

from antiphon.api.authentication import Authenticator
from antiphon.api.bodies import BodyReader
from antiphon.api.chat import ChatCompletions
from antiphon.api.chat_conversation import ConversationReader
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.routes import Services, create_api
from antiphon.audio.decoder import Decoder
from antiphon.dialogue.profile import Profile
from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.deployments import Deployments
from antiphon.settings import Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory

_log = logging.getLogger(__name__)

_PURGE_SECONDS = 300


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
    authenticator = Authenticator(Accounts(database), AccountKeys(database))
    deployments = Deployments(database)
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
    )


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
