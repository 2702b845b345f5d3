"""The server's real API in front of stubs of engines: `python -m bench.realtime.stub_server --port … --data …`."""

from __future__ import annotations

import argparse
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from antiphon.api.authentication import Authenticator
from antiphon.api.bodies import BodyReader
from antiphon.api.chat import ChatCompletions
from antiphon.api.chat_conversation import ConversationReader
from antiphon.api.realtime.endpoint import Realtime
from antiphon.api.routes import Services, create_api
from antiphon.audio.decoder import Decoder
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.silero.engine import Silero
from antiphon.identity.keys import AccountKeys
from antiphon.models.cache import ModelCache, default_directory
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.deployments import Deployments
from antiphon.serving import server_configuration
from antiphon.settings import Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from bench.realtime.stub_engines import StubEndOfTurn, StubLanguageModel, StubRecognizer, StubSynthesizer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.realtime.stub_server")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    configuration = server_configuration(_create_app(DataDirectory(path=options.data)))
    configuration.host, configuration.port = "127.0.0.1", options.port
    uvicorn.Server(configuration).run()


def _create_app(data: DataDirectory) -> FastAPI:
    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncGenerator[None]:
        async with await Database.open(data.database) as database:
            api.state.services = await _create_services(database, data)
            yield

    return create_api(lifespan)


async def _create_services(database: Database, data: DataDirectory) -> Services:
    """What `antiphon.app` puts together, without the processes that decode uploaded files."""
    account = await ensure_local_account(database)
    authenticator = Authenticator(account, AccountKeys(database))
    deployments = Deployments(database)
    audio_outputs = AudioOutputs(database, Blobs.in_folder(data.blobs))
    profiles = _stub_profiles(Settings())
    return Services(
        authenticator=authenticator,
        deployments=deployments,
        chat=ChatCompletions(
            authenticator=authenticator,
            bodies=BodyReader(),
            conversations=ConversationReader(Decoder(processes=1), audio_outputs),
            deployments=deployments,
            audio_outputs=audio_outputs,
            profiles=profiles,
        ),
        realtime=Realtime(authenticator=authenticator, deployments=deployments, profiles=profiles),
    )


def _stub_profiles(settings: Settings) -> Mapping[str, Profile]:
    detector = Silero(ModelCache(default_directory()).resolve("silero-vad"), max_waiting=settings.max_waiting)
    hearing = Hearing(StubRecognizer(), detector)
    chain = Chain(
        hearing=hearing,
        language_model=StubLanguageModel(),
        synthesizer=StubSynthesizer(),
        languages=LanguageIdentifier(),
        pronouncer=Pronouncer(),
    )
    profile = Profile(
        responder=chain, hearing=hearing, detector=detector, end_of_turn=StubEndOfTurn(), fingerprint="fp_stub"
    )
    return {"default": profile}


if __name__ == "__main__":
    main()
