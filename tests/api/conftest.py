"""The API in front of a scripted responder: a double for protocol tests, which answers without any model."""

from __future__ import annotations

import asyncio
import base64
import gc
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completions import ChatCompletions
from antiphon.api.chat.conversation import ConversationReader
from antiphon.api.chat.recording import ChatRecorder
from antiphon.api.chat.stored_completions import StoredCompletionRoutes
from antiphon.api.health import Health
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.management.plane import ManagementPlane, management_bodies
from antiphon.api.portal.pages import Pages
from antiphon.api.portal.services import PortalData, PortalServices, ProfileDescription, SelfDescription
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.routes import Services, create_api
from antiphon.audio.decoder import Decoder
from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.command_line import CommandLine
from antiphon.compose.authorization import Authorization, open_authorization
from antiphon.compose.profile_models import profiles_by_model
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, ReplyRequest, TextWritten, TranscriptSpoken
from antiphon.identity.keys import AccountKeys
from antiphon.identity.principals import Principals
from antiphon.models.cache import ModelCache
from antiphon.models.pulls import ModelPulls
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.groups import ResourceGroups
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.record_search import RecordSearch
from antiphon.resources.record_writer import RecordWriter
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.resources.traffic import Traffic
from antiphon.settings import IdentitySettings, Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.sealing import Seal
from antiphon.store.space import DiskSpace
from antiphon.vocabulary.usage import Usage

from ..dialogue.doubles import LoudnessDetector, ScriptedEndOfTurn, ScriptedRecognizer
from .management.doubles import TENANT, PermissiveAuthorizer

SAMPLE_RATE = 24_000
COMMANDS = CommandLine(program="/opt/bin/antiphon", data=Path("/srv/voice"), port=9000)
"""How a terminal on the server's machine calls the command."""
CHAT = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"


def tone(seconds: float, sample_rate: int = SAMPLE_RATE) -> Pcm:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return Pcm((0.5 * np.sin(2 * np.pi * 220 * time)).astype(np.float32), sample_rate)


def wav(seconds: float = 1.0) -> str:
    """A recording as a client sends it: a WAV file in base64."""
    file = encode([tone(seconds, 16_000)], audio_format=Format.WAV, sample_rate=16_000)
    return base64.b64encode(file).decode()


def recording(data: str | None = None, audio_format: str = "wav") -> dict[str, Any]:
    """A content part."""
    return {"type": "input_audio", "input_audio": {"data": data or wav(), "format": audio_format}}


def asking(*parts: Any, **options: Any) -> dict[str, Any]:
    """A request with one user message."""
    content = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else list(parts)
    return {"messages": [{"role": "user", "content": content}], **options}


def spoken(**options: Any) -> dict[str, Any]:
    """A request for a spoken answer."""
    return asking(
        "Hello.", **{"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}, **options}
    )


@dataclass(slots=True)
class ScriptedResponder:
    """Answers every request with the same words, and remembers what it was asked."""

    requests: list[ReplyRequest] = field(default_factory=list)
    read: list[ReplyRequest] = field(default_factory=list)
    """What it was given to prefill."""
    script: list[ReplyEvent | Exception] | None = None
    """What to yield, or raise, instead."""
    instead: Callable[[ReplyRequest], AsyncGenerator[ReplyEvent]] | None = None
    """Answers in its place."""
    pause_seconds: float = 0.0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    sample_rate: int = SAMPLE_RATE
    voices: frozenset[str] = frozenset({"alloy", "echo", "shimmer"})

    async def prefill(self, request: ReplyRequest) -> None:
        self.read.append(request)

    def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        return (self.instead or self._respond)(request)

    async def _respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        self.requests.append(request)
        self.asked.set()
        try:
            for event in self.script or self._default(request):
                if isinstance(event, Exception):
                    raise event
                yield event
                await asyncio.sleep(self.pause_seconds)
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled.set()
            raise

    def _default(self, request: ReplyRequest) -> list[ReplyEvent]:
        usage = Usage(input_text_tokens=9, input_audio_tokens=10, output_text_tokens=5)
        finished = ReplyFinished(finish_reason="stop", usage=usage)
        if request.voice is None:
            return [TextWritten(text="Good "), TextWritten(text="day."), finished]
        return [
            TranscriptSpoken(text="Good day,"),
            AudioSpoken(audio=tone(0.6)),
            TranscriptSpoken(text=" to you."),
            AudioSpoken(audio=tone(0.4)),
            finished,
        ]


@dataclass(frozen=True, slots=True)
class Server:
    """The API under test. `client` has the right key."""

    client: httpx.AsyncClient
    responder: ScriptedResponder
    audio_outputs: AudioOutputs
    account_id: str
    key: str
    api: Any

    async def chat(self, body: Any, **options: Any) -> httpx.Response:
        return await self.client.post(CHAT, json=body, **options)

    async def error(self, body: Any) -> tuple[int, dict[str, Any]]:
        response = await self.chat(body)
        return response.status_code, response.json()["error"]


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """What is over is to leave memory by itself: the collector may take minutes to look at what is old."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def decoder_factory() -> Callable[[], Decoder]:
    return lambda: Decoder(processes=1)


@dataclass(frozen=True, slots=True)
class Backend:
    """The API, and what stands behind it."""

    api: Starlette
    services: Services
    responder: ScriptedResponder
    recognizer: ScriptedRecognizer
    audio_outputs: AudioOutputs
    account_id: str
    key: str
    database: Database
    records: Records
    record_writer: RecordWriter
    authorization: Authorization


def serve_instance_metadata(backend: Backend, **changes: Any) -> None:
    """Turn IMDS on, which is off by default."""
    identity = replace(backend.authorization.authority.managed_identity, serves_instance_metadata=True, **changes)
    object.__setattr__(backend.authorization.authority, "managed_identity", identity)


@pytest.fixture
async def backend(
    anyio_backend: str,
    tmp_path: Path,
    place_database: Callable[[Path], Path],
    decoder_factory: Callable[[], Decoder],
) -> AsyncGenerator[Backend]:
    responder, recognizer, detector = ScriptedResponder(), ScriptedRecognizer(), LoudnessDetector()
    decoder = decoder_factory()
    async with AsyncExitStack() as stack:
        space = DiskSpace(tmp_path)
        space.make_reserve()
        database = await stack.enter_async_context(
            await Database.open(place_database(tmp_path / "antiphon.db"), on_full=space.release)
        )
        account = await ensure_local_account(database)
        keys = AccountKeys(database)
        pool = CapacityPool(database=database)
        deployments = Deployments(database, pool=pool, profiles={"default", "fast"})
        accounts = Accounts(database)
        blobs = Blobs.in_folder(tmp_path / "blobs")
        outputs = AudioOutputs(database, blobs, Seal(bytes(32)), has_room=space.has_room)
        records = Records(database, blobs, Seal(bytes(32)))
        writer = await stack.enter_async_context(RecordWriter(records, has_room=space.has_room))
        traffic, models = Traffic(), ModelCache(tmp_path / "models")
        rate_limits = RateLimits(database, traffic=traffic)
        authorization = await open_authorization(database, Seal(bytes(32)), accounts, keys, IdentitySettings(), stack)
        profile = Profile(
            responder=responder,
            hearing=Hearing(recognizer, detector),
            detector=detector,
            end_of_turn=ScriptedEndOfTurn(),
            fingerprint="fp_0123456789",
        )
        profiles = {"default": profile}
        chat = ChatCompletions(
            authorizer=authorization.data,
            bodies=BodyReader(),
            large_json=(large_json := LargeJsonReader()),
            conversations=ConversationReader(decoder, outputs),
            deployments=deployments,
            audio_outputs=outputs,
            rate_limits=rate_limits,
            recorder=ChatRecorder(records=records, writer=writer, has_room=space.has_room),
            profiles=profiles,
        )

        @asynccontextmanager
        async def lifespan(_: Any) -> AsyncGenerator[None]:
            yield

        api = create_api(lifespan)
        api.state.services = services = Services(
            health=Health(database=database, space=space),
            authorizer=authorization.data,
            authority=authorization.authority,
            deployments=deployments,
            chat=chat,
            graph=authorization.graph,
            management=ManagementPlane(
                accounts=accounts,
                groups=ResourceGroups(database),
                keys=keys,
                deployments=deployments,
                pool=pool,
                authorizer=PermissiveAuthorizer(),
                directory=authorization.directory,
                tenant_id=TENANT,
                bodies=management_bodies(),
            ),
            stored_completions=StoredCompletionRoutes(
                authorizer=authorization.data,
                bodies=BodyReader(),
                completions=StoredCompletions(database, records),
            ),
            realtime=Realtime(
                authorizer=authorization.data,
                deployments=deployments,
                rate_limits=rate_limits,
                records=writer,
                profiles=profiles,
                large_json=large_json,
            ),
            portal=PortalServices(
                gate=authorization.portal,
                sessions=authorization.sessions,
                roles=authorization.roles,
                entra=authorization.entra,
                pages=Pages.read(tmp_path / "portal"),
                data=PortalData(
                    profiles=[
                        ProfileDescription(
                            name="default",
                            voices=sorted(responder.voices),
                            recognizer="whisper-base",
                            language_model="qwen2.5-coder-1.5b",
                            synthesizer="kokoro-82m",
                        )
                    ],
                    deployments=deployments,
                    traffic=traffic,
                    keys=keys,
                    identity_header=authorization.authority.managed_identity.identity_header,
                    principals=Principals(database),
                    models=models,
                    profiles_by_model=profiles_by_model(Settings(), models),
                    pulls=ModelPulls(models),
                    records=records,
                    search=RecordSearch(records),
                    server=SelfDescription(commands=COMMANDS, tls_port=8443),
                ),
            ),
        )
        pair = await keys.pair(account.id)
        assert pair is not None
        yield Backend(
            api,
            services,
            responder,
            recognizer,
            outputs,
            account.id,
            pair.key1,
            database,
            records,
            writer,
            authorization,
        )
    await decoder.close()


@pytest.fixture
async def server(backend: Backend) -> AsyncGenerator[Server]:
    transport = httpx.ASGITransport(backend.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://antiphon", headers={"api-key": backend.key}
    ) as client:
        yield Server(client, backend.responder, backend.audio_outputs, backend.account_id, backend.key, backend.api)
