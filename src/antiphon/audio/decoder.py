"""`Decoder`: uploaded files as `Pcm`, decoded in processes that can be killed."""

from __future__ import annotations

import asyncio

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.decoder_handle import DecoderProcess, DecoderProcesses, DecodingRequest, took_too_long
from antiphon.audio.encode import Format, encode
from antiphon.audio.in_flight import InFlight
from antiphon.audio.pcm import Pcm
from antiphon.hardening.fair_turns import FairTurns, asking


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
        self._processes = DecoderProcesses(processes, name="decoder")
        self.max_seconds = max_seconds
        self._in_flight = InFlight(max_seconds)

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
        await self._processes.close()

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
        request = DecodingRequest(
            data=data, declared_format=declared_format, sample_rate=sample_rate, limits=self._limits
        )
        await self.turns.acquire()
        process = self._processes.idle.pop(0)
        work = asyncio.get_running_loop().run_in_executor(self._processes.threads, process.decode, request)
        work.add_done_callback(lambda _: self._end_turn(process))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.shield(work)
        except TimeoutError:
            raise took_too_long() from None
        finally:
            if not work.done():
                process.kill()
                work.add_done_callback(lambda work: work.exception())  # Retrieve the exception: nobody waits for it.

    def _end_turn(self, process: DecoderProcess) -> None:
        self._processes.idle.append(process)
        self.turns.release()
