"""Two servers that share nothing but PostgreSQL, an S3-compatible store and a key, as on two machines."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack

import httpx
import pytest

from .. import postgresql
from ..s3 import CREDENTIALS, S3
from .stub_servers import CHAT, StubServer, asking, serving

pytestmark = pytest.mark.anyio

ENVIRONMENT = CREDENTIALS | {"ANTIPHON_SEAL_KEY": base64.b64encode(b"k" * 32).decode()}


@pytest.fixture(scope="module")
def mortal_cluster() -> Generator[postgresql.Cluster]:
    with postgresql.cluster() as started:
        yield started


@pytest.fixture(scope="module")
def servers(
    mortal_cluster: postgresql.Cluster, s3: S3, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[StubServer, StubServer]]:
    folder = tmp_path_factory.mktemp("machines")
    configuration = folder / "antiphon.toml"
    configuration.write_text(
        f'[store]\nurl = "{mortal_cluster.create()}"\nblobs = "s3://{s3.new_bucket()}/voices"\n'
        f'blobs_endpoint = "{s3.endpoint}"\n'
    )
    with ExitStack() as running:
        both: list[StubServer] = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            options = ("--config", str(configuration))
            both.append(running.enter_context(serving(folder / name, *options, workers=1, environment=ENVIRONMENT)))
        yield both[0], both[1]


@pytest.fixture
async def clients(
    anyio_backend: str, servers: tuple[StubServer, StubServer]
) -> AsyncGenerator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    async with servers[0].client() as one, servers[1].client() as two:
        yield one, two


async def test_what_is_stored_through_one_is_there_through_the_other(
    servers: tuple[StubServer, StubServer], clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    assert servers[0].key == servers[1].key
    one, two = clients
    stored = await one.post(CHAT, json=asking(3, store=True, metadata={"customer": "7"}))
    assert stored.status_code == 200, stored.text
    found = await two.get("/openai/v1/chat/completions", params={"metadata[customer]": "7"})
    assert [each["id"] for each in found.json()["data"]] == [stored.json()["id"]]
    audio_id = stored.json()["choices"][0]["message"]["audio"]["id"]
    again = asking(1)
    again["messages"] = [
        {"role": "user", "content": "xxx"},
        {"role": "assistant", "audio": {"id": audio_id}},
        {"role": "user", "content": "x"},
    ]
    assert (await two.post(CHAT, json=again)).status_code == 200


def keys(server: StubServer, *words: str) -> dict[str, str]:
    """What `antiphon keys` prints on a machine."""
    command = [sys.executable, "-c", "from antiphon.cli.main import main; main()", "keys", *words]
    done = subprocess.run([*command, "--json", "--data", str(server.data)], check=True, capture_output=True, timeout=60)
    return json.loads(done.stdout)


async def test_a_key_replaced_on_one_is_refused_by_the_other(
    servers: tuple[StubServer, StubServer], clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    old = keys(servers[0], "list")["key2"]
    assert (await clients[1].post(CHAT, json=asking(1), headers={"api-key": old})).status_code == 200
    new = (await asyncio.to_thread(keys, servers[0], "regenerate", "key2"))["key2"]
    async with asyncio.timeout(5):  # Of which a busy machine takes most.
        while (await clients[1].post(CHAT, json=asking(1), headers={"api-key": old})).status_code != 401:
            pass
    assert (await clients[1].post(CHAT, json=asking(1), headers={"api-key": new})).status_code == 200


async def test_both_go_on_after_the_database_was_restarted(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient], mortal_cluster: postgresql.Cluster
) -> None:
    stored = await clients[0].post(CHAT, json=asking(3, store=True))
    await asyncio.to_thread(mortal_cluster.stop)
    for client in clients:
        refused = await client.post(CHAT, json=asking(1))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert (await client.get("/ready")).status_code == 503
    await asyncio.to_thread(mortal_cluster.start)
    for client in clients:
        assert (await client.post(CHAT, json=asking(1))).status_code == 200
        assert (await client.get("/ready")).status_code == 200
        assert (await client.get(f"/openai/v1/chat/completions/{stored.json()['id']}")).status_code == 200


async def test_the_other_goes_on_when_one_is_killed(
    servers: tuple[StubServer, StubServer], clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    one, two = clients
    stored = await one.post(CHAT, json=asking(3, store=True))
    servers[0].process.kill()
    assert (await two.post(CHAT, json=asking(1))).status_code == 200
    assert (await two.get(f"/openai/v1/chat/completions/{stored.json()['id']}")).status_code == 200
