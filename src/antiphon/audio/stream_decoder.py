"""`StreamDecoder`: uploads of any length, decoded while they are being used, so that little of them is in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.decoder_handle import DecoderProcess, DecoderProcesses, DecodingRequest, took_too_long
from antiphon.audio.errors import InvalidAudio
from antiphon.audio.pcm import Pcm
from antiphon.hardening.fair_turns import FairTurns

T = TypeVar("T")

MAX_FILE_BYTES = 25 * 1024 * 1024
"""What OpenAI accepts for a transcription."""
MAX_SECONDS = 6 * 3600.0
"""The largest file has more only below 9 kbit/s."""
LIMITS = DecodingLimits(
    max_file_bytes=MAX_FILE_BYTES, max_seconds=MAX_SECONDS, max_source_samples=round(MAX_SECONDS) * 48_000 * 2
)


class StreamDecoder:
    """Decodes up to `processes` files at a time; `max_waiting` more wait, as `FairTurns` determines.

    A process waits while what it has decoded is not taken, and stands by for the next file afterwards. If a piece takes
    longer than `timeout_seconds`, or nobody wants any more, it is killed and replaced.
    """

    def __init__(
        self,
        *,
        processes: int = 4,
        max_waiting: int = 32,
        timeout_seconds: float = 30.0,
        limits: DecodingLimits = LIMITS,
    ) -> None:
        self._turns = FairTurns(processes, max_waiting=max_waiting)
        self._timeout_seconds = timeout_seconds
        self._limits = limits
        self._processes = DecoderProcesses(processes, name="stream-decoder")

    async def close(self) -> None:
        """Stop the processes; decoding in progress fails."""
        await self._processes.close()

    async def decode(self, data: bytes | memoryview, *, declared_format: str, sample_rate: int) -> AsyncGenerator[Pcm]:
        """Yield the file's audio at `sample_rate` Hz, mixed down to mono, some seconds at a time. Once the first piece
        is there, `data` is no longer needed.

        Raises `InvalidAudio`, possibly after some pieces, `ServerBusy` when too many files wait already, and
        `DecoderFailed` when the process was ended from outside.
        """
        request = DecodingRequest(
            data=data, declared_format=declared_format, sample_rate=sample_rate, limits=self._limits, is_stream=True
        )
        await self._turns.acquire()
        process = self._processes.idle.pop()  # The one used last, which is warm.
        is_over = False
        try:
            await self._run(process, lambda: process.begin(request))
            while not is_over:
                piece, is_over = await self._run(process, lambda: process.next(sample_rate))
                yield piece
        except InvalidAudio:
            is_over = True
            raise
        finally:
            if not is_over:
                process.kill()
            self._processes.idle.append(process)
            self._turns.release()

    async def _run(self, process: DecoderProcess, work: Callable[[], T]) -> T:
        """`work` in a thread, which has returned even if this is cancelled or takes too long."""
        running = asyncio.get_running_loop().run_in_executor(self._processes.threads, work)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.shield(running)
        except TimeoutError:
            raise took_too_long() from None
        finally:
            if not running.done():
                process.kill()
                await asyncio.wait([running])
                running.exception()
