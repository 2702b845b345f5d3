"""Engines on a Ray cluster of two nodes: what they answer, and what happens when replicas, nodes and the head die."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import ContextLengthExceeded, EngineFailed, NotSupportedByEngine
from antiphon.engines.interfaces import Clause, LanguageModel, Message, Prompt, Synthesizer, TextDelta
from antiphon.engines.kind import Built, Kind, Site
from antiphon.engines.ray.kind import PlacedSettings, on_ray
from antiphon.engines.ray.link import Link
from antiphon.engines.ray.settings import RaySettings
from antiphon.hardening.errors import ServerBusy
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.models.cache import ModelCache

from ...waiting import eventually
from .doubles import HUMMING, OBEDIENT, NoSettings, ObedientSettings
from .local_cluster import LocalCluster

pytestmark = [pytest.mark.anyio, pytest.mark.cluster, pytest.mark.filterwarnings("default")]


@dataclass(frozen=True)
class OnRay:
    link: Link
    model: LanguageModel
    """`ObedientLanguageModel`, in a replica on each node."""
    synthesizer: Synthesizer
    """`HummingSynthesizer`."""
    folder: Path


@pytest.fixture(scope="module")
async def on_cluster(
    anyio_backend: Any, cluster: LocalCluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[OnRay]:
    folder = tmp_path_factory.mktemp("obedient")
    link = Link(cluster.address, patience_seconds=60.0)  # The machine may be busy.
    async with AsyncExitStack() as closing:
        closing.push_async_callback(link.aclose)
        site = Site(
            cache=ModelCache(folder),
            cores=1,
            max_waiting=4,
            opening=Message(role="system", text=""),
            closing=closing,
            cluster=link,
        )

        async def built(kind: Kind[Any], own: Any, ray: RaySettings) -> Built:
            return await on_ray(kind).build(kind.role, PlacedSettings(own=own, ray=ray, address=link.address), site)

        two = RaySettings(replicas=2, num_cpus=0.6)  # More than half a node: one on each.
        model = await built(OBEDIENT, ObedientSettings(folder=str(folder)), two)
        synthesizer = await built(HUMMING, NoSettings(), RaySettings(num_cpus=0.2))
        yield OnRay(link, model.engine, synthesizer.engine, folder)


def prompt(order: str, *, first: str = "hello") -> Prompt:
    return Prompt(messages=[Message(role="user", text=first), Message(role="user", text=order)])


async def answer(model: LanguageModel, order: str, *, first: str = "hello") -> str:
    async with aclosing(model.generate(prompt(order, first=first))) as pieces:
        return "".join([piece.text async for piece in pieces if isinstance(piece, TextDelta)])


async def both_replicas(model: LanguageModel) -> dict[str, str]:
    """How a conversation begins that each of the two replicas holds, by the replica's process."""

    async def asked() -> dict[str, str]:
        beginnings = [f"conversation {number}" for number in range(16)]
        return {await answer(model, "introduce yourself", first=first): first for first in beginnings}

    while len(await asked()) < 2:
        pass
    return await asked()  # Conversations move when the second one comes.


def is_alive(process: int) -> bool:
    return psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE


async def test_a_conversation_stays_with_the_replica_that_has_its_beginning(on_cluster: OnRay):
    for process, first in (await both_replicas(on_cluster.model)).items():
        assert {await answer(on_cluster.model, f"turn {number}", first=first) for number in range(4)} == {process}


async def test_all_of_a_client_s_session_goes_to_the_same_replica(on_cluster: OnRay):
    token = asking.set(Asking(account="a", session="s"))
    try:
        processes = {await answer(on_cluster.model, "x", first=f"other beginning {number}") for number in range(8)}
    finally:
        asking.reset(token)
    assert len(processes) == 1


async def test_a_replica_knows_on_whose_behalf_it_works(on_cluster: OnRay):
    token = asking.set(Asking(account="contoso"))
    try:
        assert (await answer(on_cluster.model, "account")).endswith(" for contoso")
    finally:
        asking.reset(token)


async def test_what_is_read_ahead_is_read_in_a_replica(on_cluster: OnRay):
    await on_cluster.model.prefill(prompt("beginning"))
    assert (on_cluster.folder / "beginning").exists()


async def test_audio_comes_whole_and_in_pieces_worth_sending(on_cluster: OnRay):
    clause = Clause(text="a", language="en", voice="alloy")
    async with aclosing(on_cluster.synthesizer.synthesize(clause)) as pieces:
        audio = [piece async for piece in pieces]
    assert all(isinstance(piece, Pcm) for piece in audio)
    assert sum(piece.seconds for piece in audio) == pytest.approx(0.5)
    assert on_cluster.synthesizer.sample_rate == 24_000
    assert on_cluster.synthesizer.voices == {"alloy"}


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ("refuse", NotSupportedByEngine("tools")),
        ("exceed", ContextLengthExceeded.by(context_tokens=10, tokens="11")),
        ("be busy", ServerBusy()),
    ],
)
async def test_errors_of_an_engine_arrive_as_they_were_raised(on_cluster: OnRay, order: str, error: Exception):
    with pytest.raises(type(error)) as raised:
        await answer(on_cluster.model, order)
    assert (raised.value.args, vars(raised.value)) == (error.args, vars(error))


async def test_an_engine_that_breaks_is_told_to_the_operator_alone(on_cluster: OnRay, caplog: pytest.LogCaptureFixture):
    with pytest.raises(EngineFailed):
        await answer(on_cluster.model, "break")
    assert "ZeroDivisionError: broken on purpose" in caplog.text


@pytest.mark.parametrize("order", ["hang", "flood"])
async def test_a_reply_that_nobody_waits_for_is_stopped_in_its_replica(on_cluster: OnRay, order: str):
    async with aclosing(on_cluster.model.generate(prompt(f"{order} {order}-stopped"))) as pieces:
        await anext(pieces)
    await eventually((on_cluster.folder / f"{order}-stopped").exists)


async def test_a_replica_that_dies_fails_its_reply_and_no_other(on_cluster: OnRay):
    async with aclosing(on_cluster.model.generate(prompt("hang nobody-sees"))) as pieces:
        process = await anext(pieces)
        assert isinstance(process, TextDelta)
        os.kill(int(process.text), signal.SIGKILL)
        with pytest.raises(EngineFailed):
            await anext(pieces)
    assert await answer(on_cluster.model, "introduce yourself") != process.text


async def test_a_request_waiting_for_its_answer_survives_the_loss_of_the_way_to_the_cluster(on_cluster: OnRay):
    driver = await on_cluster.link._joined()
    driver._process.kill()
    assert await answer(on_cluster.model, "introduce yourself")


async def test_a_node_that_dies_takes_none_but_its_own_replies_along(on_cluster: OnRay, cluster: LocalCluster):
    replicas = [int(process) for process in await both_replicas(on_cluster.model)]  # The one that died is there again.
    cluster.kill_other_node()
    await eventually(lambda: not all(map(is_alive, replicas)))  # It outlives its node by a moment.
    for number in range(4):
        assert await answer(on_cluster.model, "introduce yourself", first=f"conversation {number}")


async def test_engines_are_put_back_on_a_cluster_that_was_started_anew(on_cluster: OnRay, cluster: LocalCluster):
    cluster.restart_head()
    answers: list[str] = []

    async def is_back() -> bool:
        try:
            answers.append(await answer(on_cluster.model, "introduce yourself"))
        except EngineFailed:
            return False
        return True

    while not await is_back():
        pass
    assert answers
