"""Instance metadata over real connections: to whom the kernel says they belong decides."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from antiphon.api.sign_in import peer
from antiphon.api.sign_in.peer import is_of_own_user

from ..conftest import Backend, serve_instance_metadata
from ..realtime.realtime_server import RealtimeServer, running

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="The kernel does not tell whose a connection is."),
]

PATH = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://cognitiveservices.azure.com"
NOBODY = 65_534
RELAY = """
import asyncio, sys
async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()
async def serve(reader, writer):
    there = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@pytest.fixture
async def server(backend: Backend) -> AsyncGenerator[RealtimeServer]:
    """With instance metadata turned on."""
    serve_instance_metadata(backend)
    async with running(backend) as started:
        yield started


@pytest.fixture
def relay(server: RealtimeServer) -> Iterator[int]:
    """The port of a proxy that adds nothing, and runs as another user."""
    if os.geteuid() != 0:
        pytest.skip("Only root starts programs as another user.")
    command = ["/usr/bin/env", "python3", "-I", "-c", RELAY, str(server.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, user=NOBODY, group=NOBODY, cwd="/") as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


async def ask(port: int, host: str = "127.0.0.1") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://{host}:{port}{PATH}", headers={"Metadata": "true", "Host": "localhost"})


async def test_the_servers_own_user_is_given_tokens(server: RealtimeServer):
    response = await ask(server.port)
    assert response.status_code == 200
    assert response.json()["access_token"]


async def test_a_bare_proxy_of_another_user_is_given_none(server: RealtimeServer, relay: int):
    response = await ask(relay)
    assert response.status_code == 403
    assert "access_token" not in response.json()


async def test_a_bare_proxy_of_another_user_is_told_no_folders(server: RealtimeServer, relay: int):
    async with httpx.AsyncClient(trust_env=False) as client:
        told = (await client.get(f"http://127.0.0.1:{relay}/portal/api/sign-in")).json()
    assert told["command"] == "antiphon portal"


# --- the kernel's table -----------------------------------------------------------------------------------------------


def request(client: tuple[str, int] | None, server: tuple[str, int | None] = ("127.0.0.1", 8080)) -> Request:
    return Request({"type": "http", "headers": [], "client": client, "server": server})


def row(local: str, remote: str, *, state: str = "01", user: int | None = None) -> str:
    owner = os.geteuid() if user is None else user
    return f"   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000 {owner:5} 0 1667 1 0 20 4 30 10 -1"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(peer, "_TABLES", (tmp_path / "tcp", tmp_path / "none"))
    return tmp_path / "tcp"


@pytest.mark.skipif(sys.byteorder != "little", reason="The rows are those of a little-endian machine.")
@pytest.mark.parametrize(
    ("line", "client", "is_own"),
    [
        (row("0100007F:C350", "0100007F:1F90"), ("127.0.0.1", 50_000), True),
        (row("0100007F:C350", "0100007F:1F90"), ("::ffff:127.0.0.1", 50_000), True),
        (
            row("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:1F90"),
            ("127.0.0.1", 50_000),
            True,
        ),
        (row("0100007F:C350", "0100007F:1F90", user=4_711), ("127.0.0.1", 50_000), False),
        (row("0100007F:C350", "0100007F:1F90", state="06", user=os.geteuid()), ("127.0.0.1", 50_000), False),
        (row("0100007F:C350", "0100007F:1F91"), ("127.0.0.1", 50_000), False),
        (row("0100007F:C351", "0100007F:1F90"), ("127.0.0.1", 50_000), False),
        (row("0100007F:1F90", "0100007F:C350"), ("127.0.0.1", 50_000), False),  # The server's own end.
        (row("0100007F:C350", "0100007F:1F90"), None, False),
        (row("0100007F:C350", "0100007F:1F90"), ("testclient", 50_000), False),
    ],
)
def test_the_owner_of_the_clients_end_counts(
    table: Path, line: str, client: tuple[str, int] | None, is_own: bool
) -> None:
    table.write_text(f"  sl  local_address rem_address   st\n{line}\n")
    assert is_of_own_user(request(client)) is is_own


def test_where_no_kernel_tells_nobody_is_known(table: Path) -> None:
    assert not is_of_own_user(request(("127.0.0.1", 50_000)))


def test_six_is_known_as_well_as_four() -> None:
    if not socket.has_ipv6:
        pytest.skip("There is no IPv6.")
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("There is no IPv6.")
    with listener, socket.create_connection(listener.getsockname()[:2]) as client:
        assert is_of_own_user(request(client.getsockname()[:2], listener.getsockname()[:2]))
