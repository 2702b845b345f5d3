from __future__ import annotations

import asyncio
import fcntl
import signal
import sys
import termios
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.decoder import Decoder
from antiphon.audio.encode import Format, encode
from antiphon.audio.errors import DecoderFailed, InvalidAudio
from antiphon.audio.pcm import Pcm
from antiphon.hardening.errors import ServerBusy

from ..waiting import eventually, settled

pytestmark = pytest.mark.anyio

_PIPE_BYTES = 65_536


@pytest.fixture
def file(humming: Pcm) -> bytes:
    return encode([humming], audio_format=Format.WAV, sample_rate=24_000)


@asynccontextmanager
async def started(**options: Any) -> AsyncGenerator[Decoder]:
    options.setdefault("processes", 1)
    decoder = Decoder(**options)
    await decoder.start()
    try:
        yield decoder
    finally:
        await decoder.close()


def decode(decoder: Decoder, file: bytes) -> asyncio.Task[Pcm]:
    return asyncio.ensure_future(decoder.decode(file, declared_format="wav", sample_rate=16_000))


def the_process() -> psutil.Process:
    """The one process that decodes."""
    (process,) = (child for child in psutil.Process().children() if "antiphon.audio.decoder_process" in child.cmdline())
    return process


def bytes_on_their_way(decoder: Decoder) -> int:
    """What waits in the pipe to the process."""
    (holder,) = decoder._processes
    assert holder._process is not None
    assert holder._process.stdin is not None
    return int.from_bytes(fcntl.ioctl(holder._process.stdin, termios.FIONREAD, bytes(4)), sys.byteorder)


@asynccontextmanager
async def at_work(decoder: Decoder, file: bytes) -> AsyncGenerator[tuple[asyncio.Task[Pcm], psutil.Process]]:
    """A decoding that has begun and does not end, since its process is held."""
    process = the_process()
    process.suspend()
    task = decode(decoder, file)
    await eventually(lambda: bytes_on_their_way(decoder) >= _PIPE_BYTES // 2)  # The file is larger: it is stuck.
    yield task, process


async def test_a_file_comes_back_at_the_wanted_rate(file: bytes, humming: Pcm) -> None:
    async with started() as decoder:
        decoded = await decode(decoder, file)
    assert (decoded.sample_rate, decoded.seconds) == (16_000, humming.seconds)


async def test_a_refusal_says_what_the_process_said() -> None:
    async with started() as decoder:
        with pytest.raises(InvalidAudio, match="not a readable wav file"):
            await decode(decoder, b"Hello, how are you?")


async def test_a_refusal_leaves_the_process_as_it_was(file: bytes) -> None:
    async with started() as decoder:
        before = the_process()
        with pytest.raises(InvalidAudio):
            await decode(decoder, file[:1_000])
        await decode(decoder, file)
        assert the_process() == before


async def test_limits_reach_the_process(file: bytes) -> None:
    async with started(limits=DecodingLimits(max_seconds=1)) as decoder:
        with pytest.raises(InvalidAudio, match="longer than"):
            await decode(decoder, file)


async def test_files_are_decoded_side_by_side_and_in_turn(humming: Pcm) -> None:
    files = [
        encode([Pcm.silence(tenths / 10, 16_000)], audio_format=Format.FLAC, sample_rate=16_000)
        for tenths in range(1, 21)
    ]
    async with started(processes=2) as decoder:
        decoded = await asyncio.gather(*(decode(decoder, file) for file in files))
    assert [audio.seconds for audio in decoded] == [tenths / 10 for tenths in range(1, 21)]


async def test_one_more_than_may_wait_is_turned_away(file: bytes) -> None:
    async with started(max_waiting=1) as decoder, at_work(decoder, file) as (first, process):
        second = decode(decoder, file)
        await settled()
        with pytest.raises(ServerBusy):
            await decode(decoder, file)
        process.resume()
        await asyncio.gather(first, second)


@pytest.mark.parametrize("fault", [signal.SIGSEGV, signal.SIGABRT, signal.SIGPROF])
async def test_a_file_that_breaks_its_process_is_refused(fault: signal.Signals, file: bytes) -> None:
    async with started() as decoder, at_work(decoder, file) as (task, process):
        process.send_signal(fault)
        process.resume()
        with pytest.raises(InvalidAudio, match="cannot be decoded"):
            await task


async def test_a_process_ended_from_outside_is_the_servers_fault(file: bytes) -> None:
    async with started() as decoder, at_work(decoder, file) as (task, process):
        process.kill()
        with pytest.raises(DecoderFailed):
            await task


async def test_the_next_file_finds_another_process(file: bytes, humming: Pcm) -> None:
    async with started() as decoder, at_work(decoder, file) as (task, process):
        process.kill()
        with pytest.raises(DecoderFailed):
            await task
        assert (await decode(decoder, file)).seconds == humming.seconds


async def test_a_process_that_died_while_idle_is_not_noticed(file: bytes, humming: Pcm) -> None:
    async with started() as decoder:
        process = the_process()
        process.kill()
        psutil.wait_procs([process], timeout=5)
        assert (await decode(decoder, file)).seconds == humming.seconds


async def test_a_decoding_that_takes_too_long_is_refused(file: bytes) -> None:
    decoder = Decoder(processes=1, timeout_seconds=0.001)  # Not even the process can start in that.
    with pytest.raises(InvalidAudio, match="takes too long"):
        await decode(decoder, file)
    await decoder.close()


async def test_cancelling_frees_the_process_for_the_next(file: bytes, humming: Pcm) -> None:
    async with started() as decoder, at_work(decoder, file) as (task, process):
        task.cancel()
        await asyncio.wait([task])
        assert (await decode(decoder, file)).seconds == humming.seconds
        assert not process.is_running()


async def test_cancelling_while_waiting_leaves_the_others_alone(file: bytes, humming: Pcm) -> None:
    async with started() as decoder, at_work(decoder, file) as (first, process):
        waiting, last = decode(decoder, file), decode(decoder, file)
        await settled()
        waiting.cancel()
        process.resume()
        assert [audio.seconds for audio in await asyncio.gather(first, last)] == [humming.seconds] * 2


async def test_closing_leaves_no_process_behind(file: bytes) -> None:
    others = psutil.Process().children()
    async with started(processes=2):
        children = set(psutil.Process().children()).difference(others)
        assert len(children) == 2
    assert not [child for child in children if child.is_running()]


async def test_closing_ends_what_is_at_work(file: bytes) -> None:
    async with started() as decoder, at_work(decoder, file) as (task, _):
        await decoder.close()
        with pytest.raises(DecoderFailed):
            await task


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks of memory are read from Linux's /proc")
async def test_a_bomb_costs_little_memory(flac_bomb: bytes) -> None:
    async with started() as decoder:
        process = the_process()
        before = process.memory_info().rss
        with pytest.raises(InvalidAudio, match="longer than 30 minutes"):
            await decode(decoder, flac_bomb)
        assert peak_memory(process) - before < 100_000_000


def peak_memory(process: psutil.Process) -> int:
    """The most bytes that the process has ever had in memory."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
