"""The API in front of a scripted responder: a double for protocol tests, which answers without any model."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from antiphon.api.draining import Draining
from antiphon.api.measures import ApiMeasures
from antiphon.api.portal.pages import Pages
from antiphon.api.portal.services import SelfDescription
from antiphon.api.routes import Services, create_api
from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.command_line import CommandLine
from antiphon.compose.services import open_decoder, open_services
from antiphon.compose.storage import open_storage
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reading import Reader
from antiphon.dialogue.reply import (
    AudioSpoken,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.dialogue.transcription import Transcriber
from antiphon.models.cache import ModelCache
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.record_writer import RecordWriter
from antiphon.resources.records import Records
from antiphon.settings import ProfileSettings, Settings, StoreSettings
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.utc import Clock, utc_now
from antiphon.vocabulary.usage import Usage

from ..dialogue.doubles import (
    EvenAligner,
    LoudnessDetector,
    PitchEncoder,
    RecordingSynthesizer,
    ScriptedEndOfTurn,
    ScriptedRecognizer,
)

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
    silent_after: int | None = None
    """Yields so many events and then nothing more, without an end."""
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
            for count, event in enumerate(self.script or self._default(request), 1):
                if isinstance(event, Exception):
                    raise event
                yield event
                await (asyncio.Event().wait() if count == self.silent_after else asyncio.sleep(0))
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


@dataclass(frozen=True, slots=True)
class Backend:
    """The API, and what stands behind it."""

    api: Starlette
    services: Services
    responder: ScriptedResponder
    recognizer: ScriptedRecognizer
    synthesizer: RecordingSynthesizer
    audio_outputs: AudioOutputs
    account_id: str
    key: str
    database: Database
    records: Records
    record_writer: RecordWriter


def serve_instance_metadata(backend: Backend, **changes: Any) -> None:
    """Turn IMDS on, which is off by default."""
    identity = replace(backend.services.authority.managed_identity, serves_instance_metadata=True, **changes)
    object.__setattr__(backend.services.authority, "managed_identity", identity)


@pytest.fixture
def clock() -> Clock:
    """By it limits begin anew and what was kept expires. A test may have another."""
    return utc_now


@pytest.fixture(scope="session")
def reading() -> tuple[LanguageIdentifier, Pronouncer]:
    """What a reader needs besides a synthesizer; it takes a moment to load."""
    return LanguageIdentifier(), Pronouncer()


@pytest.fixture
async def backend(
    anyio_backend: str,
    tmp_path: Path,
    clock: Clock,
    place_database: Callable[[Path], Path],
    store_settings: StoreSettings,
    reading: tuple[LanguageIdentifier, Pronouncer],
) -> AsyncGenerator[Backend]:
    """What `antiphon serve` puts together, with doubles for the engines and without the portal's pages."""
    settings = Settings(
        profiles={name: ProfileSettings() for name in ("default", "fast", "mini")}, cores=1, store=store_settings
    )
    responder, recognizer, detector = ScriptedResponder(), ScriptedRecognizer(), LoudnessDetector()
    synthesizer = RecordingSynthesizer(voices=frozenset({"alloy", "echo", "shimmer"}))
    profile = Profile(
        responder=responder,
        hearing=Hearing(recognizer, detector),
        detector=detector,
        end_of_turn=ScriptedEndOfTurn(),
        fingerprint="fp_0123456789",
        reader=Reader(synthesizer, *reading, aligner=EvenAligner()),
        transcriber=Transcriber(recognizer, detector, speakers=PitchEncoder()),
    )
    draining, measures = Draining(), ApiMeasures()
    async with AsyncExitStack() as resources:
        data = DataDirectory(path=tmp_path)
        place_database(data.database)
        storage = await open_storage(settings, data, resources)
        storage.space.make_reserve()
        services = await open_services(
            settings,
            data,
            storage,
            ModelCache(tmp_path / "models"),
            {"default": profile, "mini": profile},
            resources,
            decoder=open_decoder(settings, resources),
            pages=Pages.read(tmp_path / "portal"),
            description=SelfDescription(commands=COMMANDS, tls_port=8443),
            draining=draining,
            measures=measures,
            clock=clock,
        )
        api = create_api(nothing, draining=draining, measures=measures)
        api.state.services = services
        account = await services.management.accounts.stored("local")
        assert account is not None
        pair = await services.management.keys.pair(account.id)
        assert pair is not None
        yield Backend(
            api=api,
            services=services,
            responder=responder,
            recognizer=recognizer,
            synthesizer=synthesizer,
            audio_outputs=services.chat.audio_outputs,
            account_id=account.id,
            key=pair.key1,
            database=storage.database,
            records=services.portal.data.records,
            record_writer=services.chat.recorder.writer,
        )


@asynccontextmanager
async def nothing(_: Starlette) -> AsyncGenerator[None]:
    """A lifespan: what the API needs, the fixture opens and closes."""
    yield


@pytest.fixture
async def server(backend: Backend) -> AsyncGenerator[Server]:
    transport = httpx.ASGITransport(backend.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://antiphon", headers={"api-key": backend.key}
    ) as client:
        yield Server(client, backend.responder, backend.audio_outputs, backend.account_id, backend.key, backend.api)
