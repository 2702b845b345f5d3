"""`DecoderProcess`: the server's end of a process that decodes uploads."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import BinaryIO, cast

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.decoder_process import ENVIRONMENT
from antiphon.audio.errors import DecoderFailed, InvalidAudio
from antiphon.audio.pcm import Pcm
from antiphon.hardening.isolation import bare_environment

_FAULT_OF_THE_FILE = frozenset(
    {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGPROF, signal.SIGSEGV}
)
"""Signals that end a process because of its file. Any other signal came from outside."""

_MAX_REPLY_LINE = 65_536

_NO_ANSWER = (OSError, EOFError, ValueError, TypeError, LookupError)
"""Raised by reading a reply if the process has died or breaks the protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodingRequest:
    data: bytes | memoryview
    declared_format: str
    sample_rate: int
    limits: DecodingLimits
    is_stream: bool = False


class DecoderProcess:
    """One decoding process. `decode` blocks, in one thread at a time; `kill` and `close` may be called from another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._closed = False

    def decode(self, request: DecodingRequest) -> Pcm:
        process = self._running()
        try:
            samples = _exchange(process, request)
        except _NO_ANSWER as error:
            _end(process)
            with contextlib.suppress(DecoderFailed):
                self._running()  # Replace it, so that the next request finds a warm process.
            raise _fault(process) from error
        return Pcm.from_int16(samples, request.sample_rate)

    def begin(self, request: DecodingRequest) -> None:
        """Send the request for a stream, whose pieces `next` returns. Raises `DecoderFailed`."""
        try:
            _send(self._running(), request)
        except OSError as error:
            raise DecoderFailed from error

    def next(self, sample_rate: int) -> tuple[Pcm, bool]:
        """The next piece of a stream, and whether it is the last. Raises `InvalidAudio` and `DecoderFailed`."""
        process = self._process
        if process is None:
            raise DecoderFailed
        try:
            samples, is_last = _receive(process)
        except _NO_ANSWER as error:
            _end(process)
            raise _fault(process) from error
        return Pcm.from_int16(samples, sample_rate), is_last

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


class DecoderProcesses:
    """Decoding processes, with a thread for each that waits for it."""

    def __init__(self, count: int, *, name: str) -> None:
        self._all = [DecoderProcess() for _ in range(count)]
        self.idle = list(self._all)
        self.threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    def __iter__(self) -> Iterator[DecoderProcess]:
        """All of them, idle or not."""
        return iter(self._all)

    async def close(self) -> None:
        """Stop the processes; decoding in progress fails."""
        for process in self._all:
            process.close()
        await asyncio.to_thread(self.threads.shutdown)
        for process in self._all:
            process.reap()


def took_too_long() -> InvalidAudio:
    return InvalidAudio("The audio takes too long to decode. Send it in shorter pieces.")


def _exchange(process: subprocess.Popen[bytes], request: DecodingRequest) -> bytes:
    """Send a request and wait for its samples. Raises the `InvalidAudio` reported, or one of `_NO_ANSWER`."""
    _send(process, request)
    samples, _ = _receive(process)
    return samples


def _send(process: subprocess.Popen[bytes], request: DecodingRequest) -> None:
    requests = cast(BinaryIO, process.stdin)
    header = {
        "bytes": len(request.data),
        "declared_format": request.declared_format,
        "sample_rate": request.sample_rate,
        "limits": asdict(request.limits),
        "stream": request.is_stream,
    }
    requests.write(json.dumps(header).encode() + b"\n")
    requests.write(request.data)
    requests.flush()


def _receive(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """The samples of a reply, and whether it is the last of a stream."""
    replies = cast(BinaryIO, process.stdout)
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
    return samples, "end" in reply


def _fault(process: subprocess.Popen[bytes]) -> InvalidAudio | DecoderFailed:
    """Why a process that has ended did not answer."""
    if -process.returncode in _FAULT_OF_THE_FILE:
        return InvalidAudio("The audio file cannot be decoded. Save it again, as WAV or MP3, and send that.")
    return DecoderFailed()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # Unsent data will never be sent.
            cast(BinaryIO, pipe).close()
