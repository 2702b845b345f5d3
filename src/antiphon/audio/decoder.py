"""`Decoder`: uploaded files as `Pcm`, decoded in processes that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import BinaryIO, cast

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.decoder_process import ENVIRONMENT
from antiphon.audio.encode import Format, encode
from antiphon.audio.errors import DecoderFailed, InvalidAudio
from antiphon.audio.in_flight import InFlight
from antiphon.audio.pcm import Pcm
from antiphon.hardening.fair_turns import FairTurns, asking
from antiphon.hardening.isolation import bare_environment

_FAULT_OF_THE_FILE = frozenset(
    {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGPROF, signal.SIGSEGV}
)
"""Signals that end a process because of its file. Any other signal came from outside."""

_MAX_REPLY_LINE = 65_536

_NO_ANSWER = (OSError, EOFError, ValueError, TypeError, LookupError)
"""Raised by reading a reply if the process has died or breaks the protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    data: bytes
    declared_format: str
    sample_rate: int
    limits: DecodingLimits


class Decoder:
    """Decodes up to `processes` files at a time; `max_waiting` more wait, as `FairTurns` determines.

    If a file takes longer than `timeout_seconds`, or nobody waits for it any more, its process is killed and replaced.
    With a bad file, the limits end the work long before that. Up to `max_seconds` of decoded audio may be in memory,
    half of it on behalf of one account.
    """

    def __init__(
        self,
        *,
        processes: int = 2,
        max_waiting: int = 32,
        timeout_seconds: float = 30.0,
        limits: DecodingLimits | None = None,
        max_seconds: float = 7200.0,
    ) -> None:
        self.turns = FairTurns(processes, max_waiting=max_waiting)
        self._timeout_seconds = timeout_seconds
        self._limits = limits or DecodingLimits()
        self._processes = [_Process() for _ in range(processes)]
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="decoder")
        self.max_seconds = max_seconds
        self._in_flight = InFlight(max_seconds)
        self._idle = list(self._processes)

    @property
    def held_seconds(self) -> float:
        """How much decoded audio is in memory, of at most `max_seconds`."""
        return self._in_flight.held_seconds

    async def start(self) -> None:
        """Start the processes and warm them up for the first request."""
        nothing_much = encode([Pcm.silence(0.1, 16_000)], audio_format=Format.WAV, sample_rate=16_000)
        async with asyncio.TaskGroup() as tasks:
            for _ in self._processes:
                tasks.create_task(self.decode(nothing_much, declared_format="wav", sample_rate=16_000))

    async def close(self) -> None:
        """Stop the processes; decoding in progress fails."""
        for process in self._processes:
            process.close()
        await asyncio.to_thread(self._threads.shutdown)
        for process in self._processes:
            process.reap()

    async def decode(self, data: bytes, *, declared_format: str, sample_rate: int) -> Pcm:
        """The file's audio at `sample_rate` Hz, mixed down to mono.

        Its container is recognized by its first bytes; `declared_format` only helps to explain a refusal. Cancelling
        stops the work at once.

        Raises `InvalidAudio` when the file cannot be read, `ServerBusy` when too many files wait already or too much
        decoded audio is in memory, and `DecoderFailed` when the process was ended from outside.
        """
        account = asking.get().account
        self._in_flight.check(account)
        audio = await self._decode(data, declared_format=declared_format, sample_rate=sample_rate)
        self._in_flight.take(account, audio)
        return audio

    async def _decode(self, data: bytes, *, declared_format: str, sample_rate: int) -> Pcm:
        request = _Request(data=data, declared_format=declared_format, sample_rate=sample_rate, limits=self._limits)
        await self.turns.acquire()
        process = self._idle.pop(0)
        work = asyncio.get_running_loop().run_in_executor(self._threads, process.decode, request)
        work.add_done_callback(lambda _: self._end_turn(process))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.shield(work)
        except TimeoutError:
            raise InvalidAudio("The audio takes too long to decode. Send it in shorter pieces.") from None
        finally:
            if not work.done():
                process.kill()
                work.add_done_callback(lambda work: work.exception())  # Retrieve the exception: nobody waits for it.

    def _end_turn(self, process: _Process) -> None:
        self._idle.append(process)
        self.turns.release()


class _Process:
    """One decoding process. `decode` blocks, in one thread at a time; `kill` and `close` may be called from another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._closed = False

    def decode(self, request: _Request) -> Pcm:
        process = self._running()
        try:
            samples = _exchange(process, request)
        except _NO_ANSWER as error:
            _end(process)
            with contextlib.suppress(DecoderFailed):
                self._running()  # Replace it, so that the next request finds a warm process.
            if -process.returncode in _FAULT_OF_THE_FILE:
                raise InvalidAudio(
                    "The audio file cannot be decoded. Save it again, as WAV or MP3, and send that."
                ) from error
            raise DecoderFailed from error
        return Pcm.from_int16(samples, request.sample_rate)

    def kill(self) -> None:
        """Kill the process and whatever it is decoding."""
        with self._lock:
            if self._process is not None:
                self._killed = True
                self._process.kill()

    def close(self) -> None:
        self._closed = True
        self.kill()

    def reap(self) -> None:
        """Release everything of a stopped process. No thread may be in `decode` any more."""
        if self._process is not None:
            _end(self._process)

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise DecoderFailed
            if self._process is None or self._killed or self._process.poll() is not None:
                if self._process is not None:
                    _end(self._process)
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "antiphon.audio.decoder_process"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=bare_environment(**ENVIRONMENT),
                    process_group=0,  # A keyboard interrupt is meant for the server only.
                )
                self._killed = False
            return self._process


def _exchange(process: subprocess.Popen[bytes], request: _Request) -> bytes:
    """Send a request and wait for its samples. Raises the `InvalidAudio` reported, or one of `_NO_ANSWER`."""
    requests, replies = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
    header = {
        "bytes": len(request.data),
        "declared_format": request.declared_format,
        "sample_rate": request.sample_rate,
        "limits": asdict(request.limits),
    }
    requests.write(json.dumps(header).encode() + b"\n")
    requests.write(request.data)
    requests.flush()
    line = replies.readline(_MAX_REPLY_LINE)
    if not line.endswith(b"\n"):
        raise EOFError
    reply = json.loads(line)
    if "refused" in reply:
        raise InvalidAudio(str(reply["refused"]))
    size = int(reply["bytes"])
    samples = replies.read(size)
    if len(samples) < size:
        raise EOFError
    return samples


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # Unsent data will never be sent.
            cast(BinaryIO, pipe).close()
