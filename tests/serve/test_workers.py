"""Several processes serve the same ports: what dies is replaced, and the others never notice."""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ..waiting import until
from .stub_servers import CHAT, StubServer, asking, serving

pytestmark = pytest.mark.anyio

TOKEN = "0123456789abcdef-0123"
SLICE_SECONDS = 10
"""In which a deployment of a capacity of 5 has 5 requests."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[StubServer]:
    environment = {"WORD_SECONDS": "0.02", "ANTIPHON_METRICS_TOKEN": TOKEN}
    with serving(tmp_path_factory.mktemp("workers"), environment=environment) as running:
        yield running


async def say(socket: ClientConnection, words: int) -> None:
    """Ask for a reply of so many words."""
    content = [{"type": "input_text", "text": "x" * words}]
    item = {"type": "message", "role": "user", "content": content}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    await socket.send(json.dumps({"type": "response.create", "response": {"modalities": ["text"]}}))


async def until_event(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            event = json.loads(await socket.recv())
            if event["type"] == kind:
                return event


async def opened(server: StubServer) -> tuple[int, ClientConnection]:
    """A session, and the process of the worker that serves it."""
    socket = await server.session()
    await until_event(socket, "session.created")
    return server.holder(socket.local_address).pid, socket


@asynccontextmanager
async def sessions_of_both(server: StubServer) -> AsyncGenerator[dict[int, ClientConnection]]:
    """A session in each worker, by its process."""
    async with AsyncExitStack() as open_ones, asyncio.timeout(60):
        found: dict[int, ClientConnection] = {}
        while len(found) < 2:
            pid, socket = await opened(server)
            open_ones.push_async_callback(socket.close)
            found[pid] = socket
        yield found


async def test_both_ports_are_served_and_the_server_is_found_once(server: StubServer) -> None:
    trusting = ssl.create_default_context(cafile=server.data / "tls" / "ca.pem")
    async with server.client() as client, httpx.AsyncClient(verify=trusting, trust_env=False) as secure:
        assert (await client.get("/ready")).json() == {"status": "ready"}
        assert (await secure.get(f"https://localhost:{server.tls_port}/ready")).json() == {"status": "ready"}
    assert server.log.read_text().count("Antiphon is ready") == 1
    assert len(list((server.data / "servers").glob("*.json"))) == 1


async def measures(server: StubServer) -> dict[str, float]:
    """What Prometheus reads, whichever worker it asks."""
    async with server.client() as client:
        answered = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    lines = [line.rsplit(" ", 1) for line in answered.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_sessions_are_spread_evenly_and_every_worker_is_measured(server: StubServer) -> None:
    sessions = [await opened(server) for _ in range(10)]
    taken = Counter(pid for pid, _ in sessions)
    assert min(taken[worker.pid] for worker in server.workers) >= 3  # 5, where nobody is late to take its own.
    told = await measures(server)
    open_ones = [told[f'antiphon_sessions_open{{worker="{worker}"}}'] for worker in "12"]
    assert sorted(open_ones) == sorted(taken.values())
    for worker in ("1", "2"):
        assert told[f'antiphon_worker_up{{worker="{worker}"}}'] == 1
        assert told[f'antiphon_worker_starts{{worker="{worker}"}}'] == 1
        assert told[f'process_resident_memory_bytes{{worker="{worker}"}}'] > 10e6
    for _, socket in sessions:
        await socket.close()


def chats(told: dict[str, float], worker: str) -> float:
    """How many a worker has answered, one way or the other."""
    requests = [name for name in told if name.startswith("antiphon_requests_total{") and f'worker="{worker}"' in name]
    return sum(told[name] for name in requests if 'operation="chat_completions"' in name)


async def test_workers_together_exceed_no_limit(server: StubServer) -> None:
    command = [sys.executable, "-c", "from antiphon.cli.main import main; main()", "deployments", "create", "small"]
    options = ["--model", "gpt-4o-audio-preview", "--capacity", "5", "--data", str(server.data)]
    await asyncio.to_thread(subprocess.run, [*command, *options], check=True, capture_output=True)
    before = await measures(server)

    async def ask() -> int:
        async with server.client() as client:  # Whichever worker takes the connection.
            return (await client.post(CHAT.replace("gpt-4o-audio-preview", "small"), json=asking(1))).status_code

    first = time.time() // SLICE_SECONDS
    answers = Counter(await asyncio.gather(*(ask() for _ in range(40))))
    slices = time.time() // SLICE_SECONDS - first + 1
    assert 5 <= answers[200] <= 5 * slices
    assert set(answers) == {200, 429}
    told = await measures(server)
    assert all(chats(told, worker) > chats(before, worker) for worker in "12")


async def test_a_worker_that_is_killed_takes_its_sessions_along_and_nothing_else(server: StubServer) -> None:
    async with server.client() as client:
        stored = (await client.post(CHAT, json=asking(1, store=True))).json()
        async with sessions_of_both(server) as sessions:
            (doomed, first), (_, second) = sessions.items()
            await say(first, 500)
            await say(second, 50)
            for socket in (first, second):
                await until_event(socket, "response.text.delta")
            psutil.Process(doomed).kill()
            with pytest.raises(ConnectionClosed):
                await until_event(first, "response.done")
            for _ in range(20):  # Each over a connection of its own.
                async with server.client() as another:
                    assert (await another.get("/ready")).status_code == 200
            assert (await until_event(second, "response.done"))["response"]["status"] == "completed"
        await asyncio.to_thread(server.until_told, "is ready", times=3)
        assert "was killed by SIGKILL" in server.log.read_text()
        assert len(server.workers) == 2
        async with sessions_of_both(server) as again:
            for socket in again.values():
                await say(socket, 1)
                assert (await until_event(socket, "response.done"))["response"]["status"] == "completed"
        told = await measures(server)
        assert sorted(told[f'antiphon_worker_starts{{worker="{worker}"}}'] for worker in "12") == [1, 2]
        found = await client.get(f"/openai/v1/chat/completions/{stored['id']}")
        assert (found.status_code, found.json()["id"]) == (200, stored["id"])


def has_client(worker: psutil.Process, port: int) -> bool:
    connections = worker.net_connections("tcp")
    return any(each.laddr and each.laddr.port == port and each.raddr for each in connections)


async def test_a_second_signal_ends_all_workers_at_once(server: StubServer) -> None:
    """The last of the tests with this server."""
    workers = server.workers
    async with server.client() as client:
        asked = asyncio.create_task(client.post(CHAT, json=asking(5000)))
        await asyncio.to_thread(until, lambda: any(has_client(each, server.port) for each in workers))
        server.process.send_signal(signal.SIGINT)
        await asyncio.to_thread(server.until_told, "a second signal ends them at once")
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.process.wait, 60) == 0
        await asyncio.wait({asked})
        assert asked.exception() or asked.result().status_code >= 500
    assert not any(each.is_running() for each in workers)


async def test_told_to_stop_all_workers_finish_what_they_have_begun(tmp_path: Path) -> None:
    environment = {"WORD_SECONDS": "0.05"}
    with serving(tmp_path, environment=environment) as server:
        (_, idle), (_, talking) = await opened(server), await opened(server)
        await say(talking, 30)
        await until_event(talking, "response.text.delta")
        async with server.client() as client, client.stream("POST", CHAT, json=asking(30, stream=True)) as response:
            parts = response.aiter_bytes()
            await anext(parts)
            server.process.send_signal(signal.SIGTERM)
            assert (await until_event(idle, "error"))["error"]["code"] == "server_stopping"
            with pytest.raises(ConnectionClosed) as closed:
                await until_event(idle, "nothing more")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            async with server.client() as late:
                while (refused := await late.post(CHAT, json=asking(1))).status_code == 200:
                    pass  # The workers are told one after the other.
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert (await until_event(talking, "response.done"))["response"]["status"] == "completed"
            assert b"".join([part async for part in parts]).endswith(b"data: [DONE]\n\n")
        assert await asyncio.to_thread(server.process.wait, 60) == 0
        assert not list((server.data / "servers").glob("*.json"))


def test_workers_that_lose_their_parent_come_to_their_end(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        workers = server.workers
        server.process.kill()
        until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in workers))
        assert len(server.told("parent process has ended")) == 2
