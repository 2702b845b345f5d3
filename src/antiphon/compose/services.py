"""Builds the objects that the routes need, and connects them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

from antiphon.api.audio.books import BookRoutes, book_bodies
from antiphon.api.audio.calls import AudioCalls
from antiphon.api.audio.recording import AudioRecorder
from antiphon.api.audio.speech import Speech
from antiphon.api.audio.transcriptions import Transcriptions, transcription_bodies
from antiphon.api.bodies import LARGE_BODIES, LARGE_BODIES_OF_ACCOUNT, BodyReader
from antiphon.api.calls.calls import Calls, call_bodies
from antiphon.api.calls.limits import CallLimits
from antiphon.api.chat.completions import ChatCompletions
from antiphon.api.chat.messages import ConversationReader
from antiphon.api.chat.recording import ChatRecorder
from antiphon.api.chat.stored_completions import StoredCompletionRoutes
from antiphon.api.draining import Draining
from antiphon.api.health import Health
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.management.plane import ManagementPlane, management_bodies
from antiphon.api.measures import ApiMeasures
from antiphon.api.metrics import Metrics, metrics_token
from antiphon.api.portal.pages import Pages
from antiphon.api.portal.services import PortalData, PortalServices, ProfileDescription, SelfDescription, ShownEngine
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.realtime.limits import Limits
from antiphon.api.realtime.resumption import Resumption
from antiphon.api.realtime.secrets import MAX_SESSION_BYTES, ClientSecretRoutes
from antiphon.api.routes import Services
from antiphon.api.siblings import Siblings
from antiphon.audio.decoder import Decoder
from antiphon.audio.stream_decoder import StreamDecoder
from antiphon.calls.webrtc.ice import Network
from antiphon.compose.authorization import open_authorization
from antiphon.compose.measured import decoder_measures, process_measures, store_measures, uses
from antiphon.compose.profile_models import profiles_by_model
from antiphon.compose.profiles import running_engines
from antiphon.compose.storage import Storage
from antiphon.compose.tracing import open_tracing
from antiphon.dialogue.observed import ObservedResponder, ReplyMeasures
from antiphon.dialogue.profile import Profile
from antiphon.identity.keys import AccountKeys
from antiphon.identity.tokens import LOCAL_TENANT
from antiphon.models.cache import ModelCache
from antiphon.models.pulls import ModelPulls
from antiphon.realtime.budget import Budget
from antiphon.resources.accounts import Accounts
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.books import BookShelf
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.client_secrets import ClientSecrets
from antiphon.resources.deployments import Deployments
from antiphon.resources.groups import ResourceGroups
from antiphon.resources.hosts import AccountHosts
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.record_search import RecordSearch
from antiphon.resources.record_writer import WAITING_BYTES, RecordWriter
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.resources.traffic import Traffic
from antiphon.seat import ALONE, Seat
from antiphon.settings import CallSettings, LimitSettings, Settings
from antiphon.store.location import DataDirectory
from antiphon.store.utc import Clock, utc_now


async def open_services(
    settings: Settings,
    data: DataDirectory,
    storage: Storage,
    models: ModelCache,
    profiles: Mapping[str, Profile],
    resources: AsyncExitStack,
    *,
    decoder: Decoder,
    pages: Pages,
    description: SelfDescription,
    draining: Draining | None = None,
    measures: ApiMeasures | None = None,
    seat: Seat = ALONE,
    clock: Clock = utc_now,
) -> Services:
    """Everything that the routes need; `resources` takes what has to be closed.

    `draining` says when the server stops, `measures` takes what it counts; `seat` is this process's among its workers.
    `clock` decides when rate limits start over and when stored data expires. Raises `ConfigurationError` and
    `SealBroken`, as `open_authorization` does.
    """
    draining = draining or Draining()
    measures, replies = measures or ApiMeasures(), ReplyMeasures()
    profiles = {name: _observed(name, profile, replies) for name, profile in profiles.items()}
    database, blobs, seal, space = storage.database, storage.blobs, storage.seal, storage.space
    audio_outputs = AudioOutputs(
        database,
        blobs,
        seal,
        lifetime=timedelta(hours=settings.audio_output_hours),
        has_room=space.has_room,
        clock=clock,
    )
    records = Records(
        database,
        blobs,
        seal,
        keep=timedelta(days=settings.records.days),
        keep_stored=timedelta(days=settings.records.stored_days),
        clock=clock,
    )
    record_writer = await resources.enter_async_context(
        RecordWriter(records, max_bytes=seat.share(WAITING_BYTES), has_room=space.has_room)
    )
    accounts = Accounts(database, hosts=AccountHosts(domain=settings.server.domain), clock=clock)
    keys = AccountKeys(database)
    authorization = await open_authorization(database, seal, accounts, keys, settings.identity, resources, seat=seat)
    pool = CapacityPool(database=database, limit=settings.quotas.capacity_per_model)
    deployments = Deployments(database, pool=pool, profiles=frozenset(settings.profiles), clock=clock)
    client_secrets = ClientSecrets(database, seal, clock=clock)
    traffic = Traffic(clock=clock)
    rate_limits = RateLimits(database, traffic=traffic, clock=clock)
    pulls, siblings = ModelPulls(models), Siblings(seat)
    resources.callback(pulls.close)
    bodies = BodyReader(max_large=seat.share(LARGE_BODIES), max_large_of_account=seat.share(LARGE_BODIES_OF_ACCOUNT))
    large_json = LargeJsonReader()
    measures.uses.append(uses(decoder, bodies, record_writer))
    audio_calls = AudioCalls(
        authorizer=authorization.data, deployments=deployments, rate_limits=rate_limits, profiles=profiles
    )
    stream_decoder = StreamDecoder(max_waiting=settings.max_waiting)
    resources.push_async_callback(stream_decoder.close)
    audio_recorder = AudioRecorder(record_writer, bool(records.keep))
    realtime = Realtime(
        authorizer=authorization.data,
        deployments=deployments,
        secrets=client_secrets,
        rate_limits=rate_limits,
        records=record_writer if records.keep else None,
        profiles=profiles,
        large_json=large_json,
        limits=Limits(session_seconds=settings.limits.session_seconds, budget=_session_budget(settings.limits)),
        resumption=Resumption(seconds=settings.limits.resume_seconds, max_bytes=settings.limits.resume_bytes),
        draining=draining,
        measures=measures,
    )
    calls = Calls(
        realtime=realtime,
        bodies=call_bodies(),
        network=Network(ports=settings.calls.udp_ports, public_address=settings.calls.public_address),
        limits=_call_limits(settings.calls),
    )
    resources.push_async_callback(calls.close)
    return Services(
        health=Health(database=database, space=space, draining=draining),
        metrics=Metrics(
            engines=running_engines(profiles),
            token=metrics_token(),
            refusals=authorization.data.authorizer.refusals,
            sources=(
                measures.families,
                replies.families,
                process_measures(seat, draining),
                store_measures(database, space, record_writer),
                decoder_measures(decoder),
            ),
            siblings=siblings,
        ),
        tracing=open_tracing(settings.telemetry, resources),
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
            authorizer=authorization.data,
            bodies=bodies,
            completions=StoredCompletions(database, records, clock=clock),
        ),
        speech=Speech(
            calls=audio_calls,
            bodies=bodies,
            large_json=large_json,
            recorder=audio_recorder,
            most_characters=settings.limits.speech_characters,
        ),
        books=BookRoutes(
            calls=audio_calls,
            bodies=book_bodies(),
            shelf=BookShelf(data.books, clock=clock),
            has_room=space.has_room,
        ),
        client_secrets=ClientSecretRoutes(
            authorizer=authorization.data,
            bodies=BodyReader(max_bytes=MAX_SESSION_BYTES, advice="Send a shorter session."),
            secrets=client_secrets,
            deployments=deployments,
            profiles=profiles,
        ),
        transcriptions=Transcriptions(
            calls=audio_calls, bodies=transcription_bodies(), decoder=stream_decoder, recorder=audio_recorder
        ),
        realtime=realtime,
        calls=calls,
        management=ManagementPlane(
            accounts=accounts,
            groups=ResourceGroups(database, clock=clock),
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
                profiles=_described(settings, profiles),
                engines=_shown_engines(profiles),
                deployments=deployments,
                traffic=traffic,
                keys=keys,
                identity_header=authorization.authority.managed_identity.identity_header,
                principals=authorization.directory.principals,
                models=models,
                profiles_by_model=profiles_by_model(settings, models),
                pulls=pulls,
                siblings=siblings,
                records=records,
                search=RecordSearch(records),
                server=description,
            ),
        ),
    )


def open_decoder(settings: Settings, resources: AsyncExitStack) -> Decoder:
    """A decoder whose processes are not started yet; `resources` ends them."""
    decoder = Decoder(
        processes=settings.cores, max_waiting=settings.max_waiting, max_seconds=settings.limits.decoded_seconds
    )
    resources.push_async_callback(decoder.close)
    return decoder


def _session_budget(limits: LimitSettings) -> Budget:
    return Budget(
        audio_bytes=limits.session_audio_bytes,
        text_length=limits.session_text_length,
        items=limits.session_items,
        responses_out_of_band=limits.session_responses,
    )


def _call_limits(calls: CallSettings) -> CallLimits:
    return CallLimits(
        calls=calls.per_account, connect_seconds=calls.connect_seconds, silent_seconds=calls.silent_seconds
    )


def _described(settings: Settings, profiles: Mapping[str, Profile]) -> list[ProfileDescription]:
    """The loaded profiles, as the portal shows them."""
    return [
        ProfileDescription(
            name=name,
            voices=sorted(profile.responder.voices),
            recognizer=settings.profiles[name].recognizer,
            language_model=settings.profiles[name].responder or settings.profiles[name].language_model,
            synthesizer=settings.profiles[name].responder or settings.profiles[name].synthesizer,
        )
        for name, profile in profiles.items()
    ]


def _shown_engines(profiles: Mapping[str, Profile]) -> list[ShownEngine]:
    return [
        ShownEngine(
            engine=engine,
            profiles=[name for name, profile in profiles.items() if engine in profile.engines],
        )
        for engine in running_engines(profiles)
    ]


def _observed(name: str, profile: Profile, measures: ReplyMeasures) -> Profile:
    return replace(profile, responder=ObservedResponder(profile.responder, profile=name, measures=measures))
