"""The server's real API in front of stubs of engines: `python -m bench.realtime.stub_server --port … --data …`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from antiphon.command_line import CommandLine
from antiphon.compose.app import create_app
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.embedded.silero.engine import Silero
from antiphon.engines.interfaces import VoiceActivityDetector
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.serve.server import server_configuration
from antiphon.settings import LimitSettings, Settings
from antiphon.store.location import DataDirectory
from bench.realtime.stub_engines import StubEndOfTurn, StubLanguageModel, StubRecognizer, StubSynthesizer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.realtime.stub_server")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    detector = Silero(ModelCache(default_directory()).resolve("silero-vad"), max_waiting=Settings().max_waiting)
    app = create_stub_app(options.data, port=options.port, detector=detector)
    configuration = server_configuration(app, limits=LimitSettings())
    configuration.host, configuration.port = "127.0.0.1", options.port
    uvicorn.Server(configuration).run()


def create_stub_app(data: Path, *, port: int, detector: VoiceActivityDetector) -> Starlette:
    address = f"http://localhost:{port}"
    return create_app(
        Settings(),
        DataDirectory(path=data),
        ModelCache(default_directory()),
        partial(_load_stub_profiles, detector),
        address=address,
        portal_url=address,
        commands=CommandLine(),
        tls_port=None,
    )


async def _load_stub_profiles(detector: VoiceActivityDetector, _: AsyncExitStack) -> Mapping[str, Profile]:
    return stub_profiles(detector)


def stub_profiles(detector: VoiceActivityDetector) -> Mapping[str, Profile]:
    """One profile, whose turns `detector` detects and stubs answer."""
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
