"""The application: what it opens before it serves, does while it serves, and prints once it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from starlette.applications import Starlette

import antiphon.portal
from antiphon.api.draining import Draining
from antiphon.api.measures import ApiMeasures
from antiphon.api.portal.links import sign_in_link
from antiphon.api.portal.pages import Pages
from antiphon.api.portal.services import SelfDescription
from antiphon.api.routes import Services, create_api
from antiphon.api.siblings import Told
from antiphon.command_line import CommandLine
from antiphon.compose.book_maker import BookMaker
from antiphon.compose.services import open_decoder, open_services
from antiphon.compose.storage import open_storage
from antiphon.dialogue.profile import Profile
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.models.cache import ModelCache
from antiphon.resources.accounts import account_names
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.records import Records
from antiphon.seat import ALONE, Seat
from antiphon.settings import Settings
from antiphon.store.errors import StorageUnavailable
from antiphon.store.location import DataDirectory
from antiphon.store.settled_clock import SettledClock
from antiphon.store.space import DiskSpace

_log = logging.getLogger(__name__)

_PURGE_SECONDS = 300
_PAGES = Path(antiphon.portal.__file__).parent

ProfileLoader: TypeAlias = Callable[[AsyncExitStack], Awaitable[Mapping[str, Profile]]]
"""Loads and warms the profiles, by name; the stack takes what has to be closed."""


def create_app(
    settings: Settings,
    data: DataDirectory,
    models: ModelCache,
    load_profiles: ProfileLoader,
    *,
    address: str,
    portal_url: str,
    commands: CommandLine,
    tls_port: int | None,
    draining: Draining | None = None,
    measures: ApiMeasures | None = None,
    seat: Seat = ALONE,
) -> Starlette:
    """The whole application. It loads and warms its models before it serves.

    Once ready, the first worker prints `address` and a link that signs in to the portal at `portal_url`. `commands` and
    the https port (None for none) are for telling users how to reach the server. `draining` says when it stops,
    `measures` takes what it counts; `seat` is this process's among the server's workers.
    """
    draining, measures = draining or Draining(seconds=settings.server.drain_seconds), measures or ApiMeasures()

    @asynccontextmanager
    async def lifespan(api: Starlette) -> AsyncGenerator[None]:
        description = SelfDescription(commands=commands, tls_port=tls_port)
        async with AsyncExitStack() as resources:
            api.state.services = services = await _open(
                settings, data, models, load_profiles, resources, description, draining, measures, seat
            )
            if seat.is_first:
                print(
                    f"Antiphon is ready: {address}\nFor its keys: {commands.about_folder('keys list')}\n\n"
                    f"{await _about_portal(services, portal_url)} For another link: {commands.about_server('portal')}",
                    file=sys.stderr,
                    flush=True,
                )
            yield

    return create_api(
        lifespan,
        prefix=settings.server.prefix,
        origins=settings.server.allowed_origins,
        draining=draining,
        measures=measures,
    )


async def _open(
    settings: Settings,
    data: DataDirectory,
    models: ModelCache,
    load_profiles: ProfileLoader,
    resources: AsyncExitStack,
    description: SelfDescription,
    draining: Draining,
    measures: ApiMeasures,
    seat: Seat,
) -> Services:
    """Open everything that the routes need, all of it warm, and start deleting expired data."""
    storage = await open_storage(settings, data, resources)
    decoder = open_decoder(settings, resources)
    profiles, _, pages = await asyncio.gather(
        load_profiles(resources), decoder.start(), asyncio.to_thread(Pages.read, _PAGES)
    )
    services = await open_services(
        settings,
        data,
        storage,
        models,
        profiles,
        resources,
        decoder=decoder,
        pages=pages,
        description=description,
        draining=draining,
        measures=measures,
        seat=seat,
    )
    await resources.enter_async_context(services.metrics.siblings.answered(lambda: _told(services)))
    await services.authority.local.keys.current()  # Creating the first one takes a moment: not while clients wait.
    if seat.number == 1:
        maker = BookMaker(
            shelf=services.books.shelf,
            profiles=profiles,
            account_ids=partial(account_names, storage.database),
        )
        resources.push_async_callback(_stop, asyncio.create_task(maker.run()))
        expiring = services.chat.audio_outputs, services.portal.data.records, services.portal.sessions
        resources.push_async_callback(_stop, asyncio.create_task(_purge_now_and_then(data, storage.space, *expiring)))
    return services


def _told(services: Services) -> Told:
    """What this worker tells the others."""
    data = services.portal.data
    return Told(families=services.metrics.collect(), traffic=data.traffic.snapshot(), pulls=data.pulls.all())


async def _about_portal(services: Services, url: str) -> str:
    """How to sign in. If there is no space to store the code, the server serves all the same."""
    try:
        link = sign_in_link(url, await services.portal.sessions.create_code())
    except StorageUnavailable as error:
        return f"There is no link to the portal, because {error.reason}."
    return f"Open {link}\nThe link signs in whoever opens it first, and is valid for an hour."


async def _purge_now_and_then(
    data: DataDirectory, space: DiskSpace, *expiring: AudioOutputs | Records | PortalSessions
) -> None:
    clock = await asyncio.to_thread(SettledClock, data.settled_clock)
    while True:
        await asyncio.to_thread(space.make_reserve)
        now = await asyncio.to_thread(clock)
        for each in expiring:
            try:
                await each.purge(now)
            except StorageUnavailable as error:
                _log.warning("Expired data could not be deleted, because %s; the server will try again", error.reason)
            except Exception:
                _log.exception("Expired data could not be deleted; the server will try again")
        await asyncio.sleep(_PURGE_SECONDS)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
