from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from antiphon.errors import ConfigurationError
from antiphon.serve.ports import take_ports
from antiphon.settings import Settings

from .small_servers import SmallServer, free_ports, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[SmallServer]:
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_both_ports_serve_the_application(server: SmallServer, scheme: str) -> None:
    with server.client() as client:
        answer = client.get(server.url(scheme, "/client"))
    assert answer.json() == {"client": "127.0.0.1", "scheme": scheme}
    assert "server" not in answer.headers
    assert "date" in answer.headers


@pytest.mark.anyio
@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_both_ports_serve_websockets(server: SmallServer, scheme: str) -> None:
    async with asyncio.timeout(10), server.echo(scheme) as websocket:
        await websocket.send("hello")
        assert await websocket.recv() == f"{scheme} hello"


@pytest.mark.anyio
async def test_a_large_message_passes_over_wss(server: SmallServer) -> None:
    async with asyncio.timeout(20), server.echo("wss") as websocket:
        text = "x" * 20_000_000  # As large as an event with 15 MB of audio.
        await websocket.send(text)
        assert await websocket.recv() == f"wss {text}"


def test_an_accounts_host_is_trusted(server: SmallServer) -> None:
    with server.client() as client:
        # Not every system resolves names below localhost, as browsers do.
        url = f"https://127.0.0.1:{server.tls_port}/client"
        answer = client.get(
            url, headers={"host": "contoso.localhost"}, extensions={"sni_hostname": "contoso.localhost"}
        )
    assert answer.status_code == 200


def test_what_a_request_says_of_its_own_origin_is_not_believed(server: SmallServer) -> None:
    forged = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    with server.client() as client:
        answer = client.get(server.url("http", "/client"), headers=forged)
    assert answer.json() == {"client": None, "scheme": "http"}


def test_a_client_that_does_not_know_the_authority_does_not_connect(server: SmallServer) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(server.url("https", "/client"), trust_env=False, verify=ssl.create_default_context(cafile=None))


def test_one_that_speaks_http_to_the_tls_port_is_only_hung_up_on(server: SmallServer) -> None:
    with server.client() as client:
        with pytest.raises(httpx.TransportError):
            client.get(f"http://localhost:{server.tls_port}/client")
        assert client.get(server.url("https", "/client")).status_code == 200


async def close_code(websocket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(websocket.recv(), 5)
    return websocket.close_code


@pytest.mark.anyio
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_told_to_end_it_closes_what_is_idle_at_once_and_that_is_no_failure(
    tmp_path: Path, sent: signal.Signals
) -> None:
    with serving(tmp_path / "data") as running, running.client() as client:
        for scheme in ("http", "https"):
            client.get(running.url(scheme, "/client"))  # The client keeps the connection.
        stalled = socket.create_connection(("127.0.0.1", running.tls_port))
        async with running.echo("ws") as plain, running.echo("wss") as secure:
            ended = await asyncio.to_thread(running.end, sent)
            assert await close_code(plain) == await close_code(secure) == 1001
        stalled.close()
        assert ended == (0, "it begins\nit ends\n")


def test_what_does_not_end_is_cut_off_after_the_time_of_grace_on_both_ports(tmp_path: Path) -> None:
    with serving(tmp_path / "data", grace_seconds=1) as running, running.client() as client:
        with (
            client.stream("GET", running.url("http", "/endless")) as plain,
            client.stream("GET", running.url("https", "/endless")) as secure,
        ):
            parts = [plain.iter_raw(), secure.iter_raw()]
            assert [next(part) for part in parts] == [b".", b"."]
            code, said = running.end(signal.SIGTERM)
        assert code == 0
        assert "Cancel 2 running task(s)" in said
        assert "it ends" in said


def test_a_second_ctrl_c_waits_for_nobody(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data") as running,
        running.client() as client,
        client.stream("GET", running.url("https", "/endless")) as response,
    ):
        parts = response.iter_raw()
        assert next(parts) == b"."
        running.end(signal.SIGINT, signal.SIGINT)


@contextmanager
def taken() -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def take(data: Path, *, port: int = 0, tls_port: int = 0, required: bool = True):
    listener, secure = take_ports(
        Settings(), host="127.0.0.1", port=port, tls_port=tls_port, tls_required=required, data=data
    )
    listener.close()
    if secure is not None:
        secure.socket.close()
    return secure


def test_a_port_in_use_is_told_with_the_option_that_chooses_another(tmp_path: Path) -> None:
    with taken() as port, pytest.raises(ConfigurationError, match=rf"Port {port} is in use.* with --port\."):
        take(tmp_path, port=port)


def test_a_tls_port_in_use_is_told_with_its_option_and_how_to_go_without(tmp_path: Path) -> None:
    with taken() as port, pytest.raises(ConfigurationError, match=rf"Port {port} .* --tls-port, or 0 for http alone"):
        take(tmp_path, tls_port=port)


def test_the_usual_tls_port_in_use_is_told_and_http_goes_on_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with taken() as port:
        assert take(tmp_path, tls_port=port, required=False) is None
        assert f"Serving http only. Port {port} is in use" in capsys.readouterr().err


def test_one_port_cannot_be_both(tmp_path: Path) -> None:
    port, _ = free_ports()
    with pytest.raises(ConfigurationError, match="--tls-port"):
        take(tmp_path, port=port, tls_port=port)


def test_a_port_is_taken_before_anybody_listens_on_it(tmp_path: Path) -> None:
    port, _ = free_ports()
    listener, _ = take_ports(Settings(), host="127.0.0.1", port=port, tls_port=0, tls_required=False, data=tmp_path)
    with listener, pytest.raises(ConfigurationError, match="in use"):
        take(tmp_path, port=port)


def test_what_a_proxy_of_the_settings_says_is_believed(tmp_path: Path) -> None:
    told = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}
    with serving(tmp_path / "data", "127.0.0.1") as running, running.client() as client:
        answer = client.get(running.url("http", "/client"), headers=told)
    assert answer.json() == {"client": "203.0.113.7", "scheme": "https"}


def test_a_server_can_follow_another_at_once_on_its_ports(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as running, running.client() as client:
        client.get(running.url("http", "/client"))
        client.get(running.url("https", "/client"))
        running.end(signal.SIGTERM)  # It closes the connections first, so they linger on its side.
        assert take(tmp_path / "data", port=running.port, tls_port=running.tls_port) is not None


def test_without_tls_there_are_no_certificates(tmp_path: Path) -> None:
    assert take(tmp_path / "data", tls_port=0) is None
    assert not (tmp_path / "data").exists()
