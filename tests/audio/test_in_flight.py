"""How much decoded audio is in memory, and on whose behalf."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from antiphon.audio.decoder import Decoder
from antiphon.audio.encode import Format, encode
from antiphon.audio.in_flight import InFlight
from antiphon.audio.pcm import Pcm
from antiphon.hardening.errors import ServerBusy
from antiphon.hardening.fair_turns import Asking, asking

pytestmark = pytest.mark.anyio

RATE = 16_000


def silence(seconds: float) -> Pcm:
    return Pcm.silence(seconds, RATE)


def test_an_account_has_half_and_two_have_all():
    in_flight = InFlight(100)
    kept = [silence(25), silence(25), silence(25), silence(25)]
    in_flight.take("a", kept[0])
    in_flight.take("a", kept[1])
    with pytest.raises(ServerBusy):
        in_flight.take("a", silence(1))
    in_flight.take("b", kept[2])
    in_flight.take("b", kept[3])
    with pytest.raises(ServerBusy):
        in_flight.check("c")


def test_what_leaves_memory_makes_room():
    in_flight = InFlight(100)
    for _ in range(50):
        in_flight.take("a", silence(30))
    kept = silence(50)
    in_flight.take("a", kept)
    with pytest.raises(ServerBusy):
        in_flight.check("a")
    del kept
    in_flight.check("a")
    assert not in_flight._held


def test_one_recording_may_be_longer_than_an_accounts_half():
    in_flight = InFlight(100)
    kept = silence(90)
    in_flight.take("a", kept)
    with pytest.raises(ServerBusy):
        in_flight.check("a")
    in_flight.check("b")


@pytest.fixture
async def decoder() -> AsyncGenerator[Decoder]:
    decoder = Decoder(processes=1, max_seconds=600)
    await decoder.start()
    yield decoder
    await decoder.close()


async def test_small_files_do_not_become_more_audio_than_there_is_room_for(decoder: Decoder):
    """Each is 0.1 % of what it becomes."""
    file = encode([silence(120)], audio_format=Format.FLAC, sample_rate=RATE)
    assert len(file) < 120 * RATE * 4 // 100

    async def decode(account: str) -> Pcm:
        asking.set(Asking(account=account))
        return await decoder.decode(file, declared_format="flac", sample_rate=RATE)

    decoded = await asyncio.gather(*(decode("greedy") for _ in range(6)), return_exceptions=True)
    kept = [one for one in decoded if isinstance(one, Pcm)]
    assert len(kept) == 2
    assert all(isinstance(one, ServerBusy) for one in decoded if not isinstance(one, Pcm))
    assert (await asyncio.create_task(decode("modest"))).seconds == 120
    decoded.clear()
    kept.clear()
    assert (await asyncio.create_task(decode("greedy"))).seconds == 120
