"""The application as `serve` puts it together, without any model."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from antiphon.app import create_app
from antiphon.command_line import CommandLine
from antiphon.dialogue.profile import Profile
from antiphon.models.cache import ModelCache
from antiphon.settings import ServerSettings, Settings
from antiphon.store.location import DataDirectory

pytestmark = pytest.mark.anyio

URL = "http://localhost:8080"
COMMANDS = CommandLine(program="/opt/anti phon/bin/antiphon", data=Path("/srv/my data"), port=9000)
PORTAL = {"x-antiphon-portal": "1"}


async def no_profiles(_: AsyncExitStack) -> Mapping[str, Profile]:
    return {}


@asynccontextmanager
async def served(data: Path, *, prefix: str = "") -> AsyncGenerator[httpx.AsyncClient]:
    settings = Settings(server=ServerSettings(prefix=prefix), cores=1)
    models = ModelCache(data / "models")
    app = create_app(
        settings,
        DataDirectory(path=data),
        models,
        no_profiles,
        address=URL,
        portal_url=f"{URL}{prefix}",
        commands=COMMANDS,
        tls_port=None,
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=f"{URL}{prefix}", headers=PORTAL) as client,
    ):
        yield client


async def sign_in(client: httpx.AsyncClient, told: str) -> httpx.Response:
    """With the link in what the server told."""
    url = str(client.base_url).rstrip("/")
    link = re.search(rf"^Open {url}/portal/#code=([\w-]+)$", told, re.MULTILINE)
    assert link is not None, told
    return await client.post("/portal/api/session", json={"code": link[1]})


async def test_a_server_that_is_ready_tells_a_link_that_signs_in_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with served(tmp_path) as client:
        told = capsys.readouterr().err
        assert told.startswith(f"Antiphon is ready: {URL}\n")
        about_server = "'/opt/anti phon/bin/antiphon' portal --port 9000 --data '/srv/my data'\n"
        assert told.endswith(f"For another link: {about_server}")
        assert "For its keys: '/opt/anti phon/bin/antiphon' keys list --data '/srv/my data'\n" in told
        assert [(await sign_in(client, told)).status_code for _ in range(2)] == [200, 401]


async def test_the_link_has_the_servers_prefix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path, prefix="/antiphon") as client:
        assert (await sign_in(client, capsys.readouterr().err)).status_code == 200


async def test_a_restart_signs_nobody_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path) as client:
        await sign_in(client, capsys.readouterr().err)
        cookies = client.cookies
    async with served(tmp_path) as client:
        client.cookies = cookies
        assert (await client.get("/portal/api/session")).status_code == 200
