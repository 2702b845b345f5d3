"""The application as `serve` puts it together, without any model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from antiphon.command_line import CommandLine
from antiphon.compose.app import create_app
from antiphon.dialogue.profile import Profile
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.models.cache import ModelCache
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.settings import ServerSettings, Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal
from antiphon.store.utc import utc_now

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


async def test_the_portals_pages_are_served(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        page = await client.get("/portal/")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), page.text
        script = re.search(r'src="\./(assets/[\w.-]+\.js)"', page.text)
        assert script is not None
        assert (await client.get(f"/portal/{script[1]}")).status_code == 200


async def test_a_restart_signs_nobody_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path) as client:
        await sign_in(client, capsys.readouterr().err)
        cookies = client.cookies
    async with served(tmp_path) as client:
        client.cookies = cookies
        assert (await client.get("/portal/api/session")).status_code == 200


@pytest.mark.parametrize(("days_ahead", "is_kept"), [(40, True), (0, False)])
async def test_what_has_expired_goes_but_not_at_once_when_the_clock_is_ahead_of_the_last_purge(
    tmp_path: Path, days_ahead: int, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    purge, all_is_purged = PortalSessions.purge, asyncio.Event()

    async def purge_last(sessions: PortalSessions, now: datetime | None = None) -> None:
        await purge(sessions, now)
        all_is_purged.set()

    monkeypatch.setattr(PortalSessions, "purge", purge_last)
    data = DataDirectory(path=tmp_path)
    now = utc_now()
    async with await Database.open(data.database) as database:
        account = await ensure_local_account(database)
        seal, blobs = Seal.open(data.seal_key), Blobs.in_folder(data.blobs)
        outputs = AudioOutputs(database, blobs, seal, clock=lambda: now - timedelta(days=1))
        await outputs.keep(new_audio_id(), account_id=account.id, transcript="t", data=b"d", audio_format="wav")
    data.settled_clock.write_text(f"{(now - timedelta(days=days_ahead, seconds=9)).timestamp():.0f}")
    (blob,) = (data.blobs / "audio-outputs").iterdir()
    async with served(tmp_path):
        await asyncio.wait_for(all_is_purged.wait(), 60)
        assert blob.exists() == is_kept
