"""`Connection`: a session, and the clients that talk with it: one, or a call and those who listen in.

- The session is touched only on the event loop, by `_receive`, which carries out what comes of each input in order.
- Frames never wait there: they go to the outbox, and a task of their own sends them. When the client reads more slowly
  than replies are made, the replies wait; when it reads nothing at all, it is disconnected.
- Everything that runs for the connection is in one task group and ends with it, except for counting what a response has
  used, which happens even if the client has gone. Who listens in has a task group of its own and may leave at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from antiphon.api.domain_errors import as_api_error
from antiphon.api.draining import Draining
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.measures import ApiMeasures
from antiphon.api.realtime.client import Client, ClientGone
from antiphon.api.realtime.engine_tasks import EngineTasks
from antiphon.api.realtime.limits import Limits
from antiphon.api.realtime.outbox import Goodbye, Outbox
from antiphon.api.realtime.quota import Quota
from antiphon.api.realtime.recorder import Recorder
from antiphon.api.realtime.reply_request import Recordings
from antiphon.api.realtime.resumption import Lost
from antiphon.api.realtime.stopwatch import ResponseSpans, Stopwatch
from antiphon.calls.floor import Ruling
from antiphon.dialogue.profile import Profile
from antiphon.hardening.pace import Pace
from antiphon.realtime.commands import Close, Command, CountUsage, Output, StartReply
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.events import ErrorReported, ResponseDone, ServerEvent
from antiphon.realtime.inputs import (
    AppendAudio,
    ClientCommand,
    ClientLeft,
    Input,
    RatesChanged,
    ServerStops,
    TimePassed,
    TruncateItem,
)
from antiphon.realtime.session import Session
from antiphon.vocabulary.usage import Usage

_log = logging.getLogger(__name__)

_GOING_AWAY = 1001
_INTERNAL_ERROR = 1011
_CLOSE_SECONDS = 1.0
_ENDED = "The call has ended."


@dataclass(slots=True)
class _Over(Exception):
    """The connection has ended. `code` is None if there is nobody to tell."""

    code: int | None = None
    reason: str = ""
    is_resumable: bool = False


class Speaker(Protocol):
    """Plays a session's audio, in place of its client."""

    def take(self, event: ServerEvent) -> Ruling:
        """Process an event before it is shown to anybody."""
        ...

    async def wait_for_room(self) -> None:
        """Return once more can be played."""
        ...


class Connection:
    def __init__(
        self,
        client: Client,
        *,
        session: Session,
        dialect: Dialect,
        profile: Profile,
        limits: Limits,
        quota: Quota,
        recorder: Recorder | None,
        large_json: LargeJsonReader,
        draining: Draining,
        refusals: Pace,
        measures: ApiMeasures,
        speaker: Speaker | None = None,
        recordings: Recordings | None = None,
        on_end: Callable[[Lost | None], None] | None = None,
    ) -> None:
        """`on_end` is told what another connection can go on with; `recordings` are those of an earlier one."""
        self._client = client
        self._session = session
        self._dialect = dialect
        self._profile = profile
        self._limits = limits
        self._quota = quota
        self._recorder = recorder
        self._large_json = large_json
        self._draining = draining
        self._refusals = refusals
        self._mistakes = 0
        """Of the client, since it was last read."""
        self._replies = Pace(at_once=limits.replies, per_second=limits.replies_per_second)
        self._begun = 0
        """Replies, since the client was last read."""
        self._counting: set[asyncio.Task[None]] = set()
        self._outbox = Outbox()
        self._audience = [(client, self._outbox)]
        """Everybody who sees events; the first is the client whose leaving ends the session."""
        self._speaker = speaker
        self._measures = measures
        self._recordings = recordings or Recordings()
        self._on_end = on_end
        self._given_up = asyncio.Event()
        self._ended = asyncio.Event()
        self._stopwatch = Stopwatch(time.monotonic)
        self._engines: EngineTasks

    async def run(self) -> None:
        """Serve the client until either side ends the session; then tell the client."""
        over = _Over(_INTERNAL_ERROR, "The server had an error")
        try:
            async with asyncio.TaskGroup() as tasks:
                self._engines = EngineTasks(
                    self._profile,
                    tasks,
                    report=self._receive,
                    room=self._wait_for_room_for_replies,
                    on_stage=self._stopwatch.mark_stage,
                    check=self._quota.check,
                    recordings=self._recordings,
                )
                self._carry_out([*self._session.open(), *self._session.resume()])
                tasks.create_task(self._write(self._client, self._outbox))
                tasks.create_task(self._tell_time())
                tasks.create_task(self._tell_of_the_end())
                tasks.create_task(self._end_when_given_up())
                await self._read(self._client, self._outbox)
        except* _Over as group:
            ended = next(each for each in group.exceptions if isinstance(each, _Over))
            over = _Over(ended.code, ended.reason, ended.is_resumable)
            del ended
            _forget(group)
        except* Exception as group:
            _log.error("A session failed", exc_info=group)
            _forget(group)
        finally:
            for _, outbox in self._audience[1:]:
                outbox.put(Goodbye(_GOING_AWAY, _ENDED))
            self._break_off()
            if self._on_end is not None:
                lost = Lost(kept=self._session.keep(), recordings=self._recordings) if over.is_resumable else None
                self._on_end(lost)
            self._ended.set()
            vars(self).pop("_engines", None)  # They refer to this connection: a cycle.
        if over.code is not None:
            with contextlib.suppress(ClientGone, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._client.close(over.code, over.reason)
        if self._counting:
            await asyncio.wait(self._counting)

    async def give_up(self) -> None:
        """End the session as if its client were lost; return once it has ended."""
        self._given_up.set()
        await self._ended.wait()

    async def attend(self, client: Client) -> None:
        """Serve another client until it leaves or the session ends, which must have begun; then tell it."""
        outbox = Outbox()
        for event in self._session.open():
            if not isinstance(event, Command) and (frame := self._dialect.write(event)):
                outbox.put(frame)
        self._audience.append((client, outbox))
        over = _Over()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._write(client, outbox))
                await self._read(client, outbox)
        except* _Over as group:
            over = next(each for each in group.exceptions if isinstance(each, _Over))
        finally:
            self._audience.remove((client, outbox))
        if over.code is not None:
            with contextlib.suppress(ClientGone, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await client.close(over.code, over.reason)

    def hear(self, audio: bytes) -> None:
        """Take audio that came by another way, in the session's format."""
        self._receive(AppendAudio(audio=audio))

    def show(self, event: ServerEvent) -> None:
        """Show an event to everybody who may see it."""
        if frame := self._dialect.write(event):
            for client, outbox in self._audience:
                if client.may_see(event):
                    outbox.put(frame)

    # --- the session -------------------------------------------------------------------------------------------------

    def _receive(self, received: Input) -> None:
        self._carry_out(self._session.receive(received))

    def _carry_out(self, outputs: Sequence[Output]) -> None:
        truncated: list[TruncateItem] = []
        for each in outputs:
            output = self._with_usage(each)
            if self._recorder is not None:
                self._recorder.watch(output)
            if isinstance(output, Close):
                for _, outbox in self._audience:
                    outbox.put(Goodbye(_GOING_AWAY, output.reason, output.is_resumable))
            elif isinstance(output, CountUsage):
                self._count(output)
            elif isinstance(output, Command):
                self._begun += isinstance(output, StartReply)
                self._engines.execute(output)
            else:
                truncated += self._present(output)
        for command in truncated:
            self._receive(command)

    def _present(self, event: ServerEvent) -> Sequence[TruncateItem]:
        """Show or play an event; return what the session has to be told of that."""
        if isinstance(event, ErrorReported):
            self._mistakes += 1
        if spans := self._stopwatch.watch(event):
            self._measure(spans)
        if self._speaker is None:
            self.show(event)
            return []
        ruling = self._speaker.take(event)
        for shown in ruling.shown:
            self.show(shown)
        return ruling.truncated

    def _measure(self, spans: ResponseSpans) -> None:
        self._measures.responses.add(spans.status)
        for name, milliseconds in asdict(spans).items():
            if name.endswith("_ms") and milliseconds is not None:
                self._measures.response_seconds.add(max(0.0, milliseconds / 1000), name.removesuffix("_ms"))

    def _break_off(self) -> None:
        """Nobody hears the session any more; record and count what it has said."""
        for each in self._session.receive(ClientLeft()):
            output = self._with_usage(each)
            if self._recorder is not None:
                self._recorder.watch(output)
            if isinstance(output, CountUsage):
                self._count(output)

    def _with_usage(self, output: Output) -> Output:
        """Add to a response that broke off what it had used by then, if anything was made."""
        if not isinstance(output, ResponseDone) or output.response.status not in {"cancelled", "failed"}:
            return output
        usage = self._engines.used_so_far(output.generation)
        return output if usage is None else replace(output, response=replace(output.response, usage=usage))

    def _count(self, command: CountUsage) -> None:
        """Count outside the connection's task group, since clients leave as soon as a response is done."""
        usage = self._engines.used_so_far(command.generation) if command.usage is None else command.usage
        self._engines.forget_use(command.generation)
        counting = asyncio.create_task(self._count_usage(usage))
        self._counting.add(counting)
        counting.add_done_callback(self._counting.discard)

    async def _count_usage(self, usage: Usage | None) -> None:
        try:
            limits = await self._quota.count(usage)
        except Exception as error:
            as_api_error(error)
            return
        self._receive(RatesChanged(limits=limits))

    # --- tasks -------------------------------------------------------------------------------------------------------

    async def _read(self, client: Client, outbox: Outbox) -> None:
        """Read what a client sends, as fast as it can be handled; more slowly if it makes many mistakes, or has very
        many replies made."""
        engines = self._engines
        while True:
            await outbox.wait_for_room(2 * self._limits.outgoing_bytes)
            await engines.detection.wait_for_room(self._limits.undetected_ms)
            await engines.wait_for_room(self._limits.untranscribed_bytes)
            command = await self._next_command(client)
            await self._wait_for_counting(self._limits.uncounted_responses)
            self._receive(command)
            del command
            mistakes, begun, self._mistakes, self._begun = self._mistakes, self._begun, 0, 0
            for _ in range(mistakes):
                await self._refusals.wait()
            for _ in range(begun):
                await self._replies.wait()

    async def _wait_for_counting(self, most: int) -> None:
        """Return once fewer responses than `most` are being counted: they may be made faster than that."""
        while len(self._counting) >= most:
            await asyncio.wait(self._counting, return_when=asyncio.FIRST_COMPLETED)

    async def _next_command(self, client: Client) -> ClientCommand:
        """The next command. Kept apart from `_read`, which would hold on to a frame until the next one comes."""
        try:
            frame = await client.receive()
        except ClientGone as gone:
            raise _Over(is_resumable=not gone.left) from None
        return await self._large_json.read(frame, self._dialect.read)

    async def _write(self, client: Client, outbox: Outbox) -> None:
        while True:
            frame = await outbox.take()
            if isinstance(frame, Goodbye):
                raise _Over(frame.code, frame.reason, frame.is_resumable)
            try:
                async with asyncio.timeout(self._limits.stalled_seconds):
                    await client.send(frame)
            except ClientGone as gone:
                raise _Over(is_resumable=not gone.left) from None
            except TimeoutError:
                _log.warning("A client has read nothing for %.0f s; its session ends", self._limits.stalled_seconds)
                raise _Over(is_resumable=True) from None

    async def _tell_time(self) -> None:
        began = time.monotonic()
        while True:
            await asyncio.sleep(self._limits.tick_seconds)
            self._receive(TimePassed(now_ms=round((time.monotonic() - began) * 1000)))

    async def _tell_of_the_end(self) -> None:
        seconds = await self._draining.begun()
        self._receive(ServerStops(within_ms=round(seconds * 1000)))

    async def _end_when_given_up(self) -> None:
        await self._given_up.wait()
        raise _Over(_GOING_AWAY, "The session goes on over another connection.", is_resumable=True)

    async def _wait_for_room_for_replies(self) -> None:
        await self._outbox.wait_for_room(self._limits.outgoing_bytes)
        if self._speaker is not None:
            await self._speaker.wait_for_room()


def _forget(group: BaseExceptionGroup[Exception]) -> None:
    """Release what is held by the frames that the exceptions passed through, the exceptions among it: otherwise all
    that a session has said and heard would stay in memory until the garbage collector looks at everything."""
    for error in (group, *group.exceptions):
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
