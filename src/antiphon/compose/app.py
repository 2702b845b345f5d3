"""Composition: builds the objects and connects them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from starlette.applications import Starlette

import antiphon.portal
from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completions import ChatCompletions
from antiphon.api.chat.conversation import ConversationReader
from antiphon.api.chat.recording import ChatRecorder
from antiphon.api.chat.stored_completions import StoredCompletionRoutes
from antiphon.api.health import Health
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.management.plane import ManagementPlane, management_bodies
from antiphon.api.portal.links import sign_in_link
from antiphon.api.portal.pages import Pages
from antiphon.api.portal.services import PortalData, PortalServices, ProfileDescription, SelfDescription
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.realtime.limits import Limits
from antiphon.api.routes import Services, create_api
from antiphon.audio.decoder import Decoder
from antiphon.command_line import CommandLine
from antiphon.compose.authorization import open_authorization
from antiphon.compose.profile_models import profiles_by_model
from antiphon.dialogue.profile import Profile
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.identity.tokens import LOCAL_TENANT
from antiphon.models.cache import ModelCache
from antiphon.models.pulls import ModelPulls
from antiphon.realtime.budget import Budget
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.groups import ResourceGroups
from antiphon.resources.hosts import AccountHosts
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.record_search import RecordSearch
from antiphon.resources.record_writer import RecordWriter
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.resources.traffic import Traffic
from antiphon.settings import LimitSettings, Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import StorageUnavailable
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import open_seal
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
) -> Starlette:
    """The whole application. It loads and warms its models before it serves.

    Once ready, it prints `address` and a link that signs in to the portal at `portal_url`. `commands` and the https
    port (None for none) are for telling users how to reach the server.
    """

    @asynccontextmanager
    async def lifespan(api: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as resources:
            api.state.services = services = await _create_services(
                settings, data, models, load_profiles, resources, SelfDescription(commands=commands, tls_port=tls_port)
            )
            print(
                f"Antiphon is ready: {address}\nFor its keys: {commands.about_folder('keys list')}\n\n"
                f"{await _about_portal(services, portal_url)} For another link: {commands.about_server('portal')}",
                file=sys.stderr,
                flush=True,
            )
            yield

    return create_api(lifespan, prefix=settings.server.prefix)


async def _about_portal(services: Services, url: str) -> str:
    """How to sign in. If there is no space to store the code, the server serves all the same."""
    try:
        link = sign_in_link(url, await services.portal.sessions.create_code())
    except StorageUnavailable as error:
        return f"There is no link to the portal, because {error.reason}."
    return f"Open {link}\nThe link signs in whoever opens it first, and is valid for an hour."


async def _create_services(
    settings: Settings,
    data: DataDirectory,
    models: ModelCache,
    load_profiles: ProfileLoader,
    resources: AsyncExitStack,
    description: SelfDescription,
) -> Services:
    """Everything that the routes need; `resources` takes what has to be closed."""
    space = DiskSpace(data.path, kept_free_bytes=settings.limits.disk_kept_free_mb * 1024 * 1024)
    space.release_if_full()
    database = await resources.enter_async_context(await Database.open(data.database, on_full=space.release))
    await ensure_local_account(database)
    blobs, seal = Blobs.in_folder(data.blobs), await open_seal(data.seal_key, database)
    audio_outputs = AudioOutputs(
        database, blobs, seal, lifetime=timedelta(hours=settings.audio_output_hours), has_room=space.has_room
    )
    records = Records(
        database,
        blobs,
        seal,
        keep=timedelta(days=settings.records.days),
        keep_stored=timedelta(days=settings.records.stored_days),
    )
    record_writer = await resources.enter_async_context(RecordWriter(records, has_room=space.has_room))
    decoder = Decoder(
        processes=settings.cores, max_waiting=settings.max_waiting, max_seconds=settings.limits.decoded_seconds
    )
    resources.push_async_callback(decoder.close)
    profiles, _, pages = await asyncio.gather(
        load_profiles(resources), decoder.start(), asyncio.to_thread(Pages.read, _PAGES)
    )
    accounts = Accounts(database, hosts=AccountHosts(domain=settings.server.domain))
    keys = AccountKeys(database)
    authorization = await open_authorization(database, seal, accounts, keys, settings.identity, resources)
    # Creating the first key takes a moment: not while clients wait.
    await authorization.authority.local.keys.current()
    resources.push_async_callback(
        _stop,
        asyncio.create_task(_purge_now_and_then(data, space, audio_outputs, records, authorization.sessions)),
    )
    pool = CapacityPool(database=database, limit=settings.quotas.capacity_per_model)
    deployments = Deployments(database, pool=pool, profiles=frozenset(settings.profiles))
    traffic = Traffic()
    rate_limits = RateLimits(database, traffic=traffic)
    pulls = ModelPulls(models)
    resources.callback(pulls.close)
    bodies = BodyReader()
    large_json = LargeJsonReader()
    return Services(
        health=Health(database=database, space=space),
        authorizer=authorization.data,
        authority=authorization.authority,
        graph=authorization.graph,
        deployments=deployments,
        chat=ChatCompletions(
            authorizer=authorization.data,
            bodies=bodies,
            large_json=large_json,
            conversations=ConversationReader(decoder, audio_outputs),
            deployments=deployments,
            audio_outputs=audio_outputs,
            rate_limits=rate_limits,
            recorder=ChatRecorder(records=records, writer=record_writer, has_room=space.has_room),
            profiles=profiles,
        ),
        stored_completions=StoredCompletionRoutes(
            authorizer=authorization.data, bodies=bodies, completions=StoredCompletions(database, records)
        ),
        realtime=Realtime(
            authorizer=authorization.data,
            deployments=deployments,
            rate_limits=rate_limits,
            records=record_writer if records.keep else None,
            profiles=profiles,
            large_json=large_json,
            limits=Limits(budget=_session_budget(settings.limits)),
        ),
        management=ManagementPlane(
            accounts=accounts,
            groups=ResourceGroups(database),
            keys=keys,
            deployments=deployments,
            pool=pool,
            authorizer=authorization.management,
            directory=authorization.directory,
            tenant_id=LOCAL_TENANT,
            bodies=management_bodies(),
        ),
        portal=PortalServices(
            gate=authorization.portal,
            sessions=authorization.sessions,
            roles=authorization.roles,
            entra=authorization.entra,
            pages=pages,
            data=PortalData(
                profiles=describe_profiles(settings, profiles),
                deployments=deployments,
                traffic=traffic,
                keys=keys,
                identity_header=authorization.authority.managed_identity.identity_header,
                principals=authorization.directory.principals,
                models=models,
                profiles_by_model=profiles_by_model(settings, models),
                pulls=pulls,
                records=records,
                search=RecordSearch(records),
                server=description,
            ),
        ),
    )


def _session_budget(limits: LimitSettings) -> Budget:
    return Budget(
        audio_bytes=limits.session_audio_bytes,
        text_length=limits.session_text_length,
        items=limits.session_items,
        responses_out_of_band=limits.session_responses,
    )


def describe_profiles(settings: Settings, profiles: Mapping[str, Profile]) -> list[ProfileDescription]:
    """The loaded profiles, as the portal shows them."""
    return [
        ProfileDescription(
            name=name,
            voices=sorted(profile.responder.voices),
            recognizer=settings.profiles[name].recognizer,
            language_model=settings.profiles[name].language_model,
            synthesizer=settings.profiles[name].synthesizer,
        )
        for name, profile in profiles.items()
    ]


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
