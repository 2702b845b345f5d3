"""Two servers that share PostgreSQL, S3-compatible storage and a Ray cluster: people talk on while parts of it die."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from openai import AsyncOpenAI, OpenAIError
from websockets.exceptions import ConnectionClosed

from ... import postgresql
from ...s3 import CREDENTIALS, S3
from ...serve.stub_servers import StubServer, serving
from ...waiting import eventually
from .local_cluster import LocalCluster

pytestmark = [pytest.mark.anyio, pytest.mark.cluster, pytest.mark.filterwarnings("default")]

SECONDS = 120
"""For what may take a while on a busy machine, such as a replica that starts."""
REST_SECONDS = 0.5
"""Between an answer and the next question: everything shares this machine."""
CONFIGURATION = """
[store]
url = "{store}"
blobs = "s3://{bucket}/voices"
blobs_endpoint = "{endpoint}"

[records]
days = 0

[cluster]
address = "{cluster}"

[engines.brain]
kind = "obedient-double"
folder = "{folder}"
placement = "ray"
replicas = 2
num_cpus = 0.6

[engines.mouth]
kind = "humming-double"
placement = "ray"
num_cpus = 0.2

[engines.ears]
kind = "deaf-double"

[profiles.default]
recognizer = "ears"
language_model = "brain"
synthesizer = "mouth"

[profiles.mini]
recognizer = "ears"
language_model = "brain"
synthesizer = "mouth"
"""


@pytest.fixture(scope="module")
def store() -> Generator[postgresql.Cluster]:
    with postgresql.cluster() as started:
        yield started


@pytest.fixture(scope="module")
def servers(
    cluster: LocalCluster, store: postgresql.Cluster, s3: S3, tmp_path_factory: pytest.TempPathFactory
) -> Generator[list[StubServer]]:
    folder = tmp_path_factory.mktemp("machines")
    configuration = folder / "antiphon.toml"
    configuration.write_text(
        CONFIGURATION.format(
            store=store.create(),
            bucket=s3.new_bucket(),
            endpoint=s3.endpoint,
            cluster=cluster.address,
            folder=folder,
        ),
        encoding="utf-8",
    )
    environment = CREDENTIALS | {"ANTIPHON_SEAL_KEY": base64.b64encode(b"k" * 32).decode()}
    with ExitStack() as running:
        both: list[StubServer] = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            serving_one = serving(
                folder / name,
                "--config",
                str(configuration),
                workers=1,
                environment=environment,
                module="tests.engines.ray.server_on_cluster",
            )
            both.append(running.enter_context(serving_one))
        yield both


@asynccontextmanager
async def client_of(server: StubServer) -> AsyncGenerator[AsyncOpenAI]:
    """As anybody has it who uses the package `openai`."""
    address = f"{server.address}/openai/v1"
    async with AsyncOpenAI(
        base_url=address,
        websocket_base_url=address.replace("http", "ws", 1),
        api_key=server.key,
        max_retries=0,
        timeout=SECONDS,
    ) as client:
        yield client


@dataclass
class Tally:
    """What somebody has got who asks over and over."""

    answered: int = 0
    failed: int = 0
    stored: list[str] = field(default_factory=list[str])
    """The ids of completions whose storing was acknowledged."""
    is_cut_off: bool = False

    async def goes_on(self, answers: int = 3) -> None:
        """Wait for so many more."""
        wanted = self.answered + answers
        await eventually(lambda: self.answered >= wanted, seconds=SECONDS)


async def chat(client: AsyncOpenAI, order: str, **options: Any) -> Any:
    return await client.chat.completions.create(
        model="gpt-4o-audio-preview",
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "pcm16"},
        messages=[{"role": "user", "content": order}],
        **options,
    )


async def keep_chatting(server: StubServer, tally: Tally) -> None:
    async with client_of(server) as client:
        while True:
            try:
                answer = await chat(client, "count 3", store=True)
            except OpenAIError:
                tally.failed += 1
            else:
                tally.answered += 1
                tally.stored.append(answer.id)
            await asyncio.sleep(REST_SECONDS)


async def keep_conversing(server: StubServer, tally: Tally) -> None:
    """In one Realtime session, until it is cut off."""
    async with client_of(server) as client:
        connecting: Any = client.realtime.connect(model="gpt-realtime")  # Its events are of fifty types.
        session = await connecting.enter()
        try:
            await session.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            while True:
                content: Any = [{"type": "input_text", "text": "count 3"}]
                await session.conversation.item.create(item={"type": "message", "role": "user", "content": content})
                await session.response.create()
                while (event := await session.recv()).type != "response.done":
                    pass
                if event.response.status == "completed":
                    tally.answered += 1
                else:
                    tally.failed += 1
                await asyncio.sleep(REST_SECONDS)
        except ConnectionClosed:
            tally.is_cut_off = True
        finally:
            await session.close()


async def replica_of(stream: Any) -> int:
    """The process that writes a reply: it introduces itself with the first words."""
    said = ""
    async for chunk in stream:
        audio = chunk.choices[0].delta.audio if chunk.choices else None
        said += (audio and audio.transcript) or ""
        if found := re.match(r"(\d+)\s", said):
            return int(found[1])
    raise AssertionError(f"Nobody introduced themselves: {said!r}")


async def test_people_go_on_talking_while_a_replica_a_node_and_a_server_are_killed(
    servers: list[StubServer], cluster: LocalCluster
) -> None:
    doomed, surviving = servers
    tallies = {name: Tally() for name in ("chat, doomed", "chat", "voice, doomed", "voice")}
    async with asyncio.TaskGroup() as people:
        talking = [
            people.create_task(keep_chatting(doomed, tallies["chat, doomed"])),
            people.create_task(keep_chatting(surviving, tallies["chat"])),
            people.create_task(keep_conversing(doomed, tallies["voice, doomed"])),
            people.create_task(keep_conversing(surviving, tallies["voice"])),
        ]

        async def all_go_on(*names: str) -> None:
            await asyncio.gather(*(tallies[name].goes_on() for name in names or tallies))

        await all_go_on()
        assert {name: tally.failed for name, tally in tallies.items()} == dict.fromkeys(tallies, 0)

        async with client_of(surviving) as client:  # A replica, in the middle of a reply.
            stream = await chat(client, "count 500", stream=True)
            os.kill(await replica_of(stream), signal.SIGKILL)
            with pytest.raises(OpenAIError):
                async for _ in stream:
                    pass
        await all_go_on()

        cluster.kill_other_node()
        await all_go_on()

        doomed.process.kill()
        await eventually(lambda: tallies["voice, doomed"].is_cut_off)
        await all_go_on("chat", "voice")
        assert not tallies["voice"].is_cut_off  # From the beginning to the end, in one session.

        for task in talking:
            task.cancel()
    async with client_of(surviving) as client:
        for tally in tallies.values():
            for stored in tally.stored[-10:]:
                assert (await client.chat.completions.retrieve(stored)).id == stored
