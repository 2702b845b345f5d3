"""`Call`: a session and a caller's audio, as long as both last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from antiphon.api.calls.caller import Caller
from antiphon.api.calls.limits import CallLimits
from antiphon.api.realtime.client import ClientGone
from antiphon.api.realtime.connection import Connection
from antiphon.api.realtime.endpoint import Admission, Realtime
from antiphon.audio.opus import FRAME_MS
from antiphon.calls.floor import Floor, Ruling, shown
from antiphon.calls.jitter import AudioPacket
from antiphon.calls.sound import Sound, new_playout
from antiphon.calls.webrtc.ice import Network
from antiphon.calls.webrtc.peer import Peer
from antiphon.realtime.events import ServerEvent

_log = logging.getLogger(__name__)

_LATE_SECONDS = 0.2
"""How late a frame may be; whatever should have been said in the meantime is said now."""


class Call:
    """It is silent until the caller has connected, and ends with the caller, its session or `hang_up`."""

    def __init__(
        self, realtime: Realtime, admission: Admission, network: Network, limits: CallLimits, *, is_beta: bool
    ) -> None:
        self._is_beta = is_beta
        self._limits = limits
        self._realtime = realtime
        self._admission = admission
        self._peer = Peer(network, on_packet=self._take)
        self._playout = new_playout()
        self._floor = Floor(self._playout)
        self._sound: Sound | None = None
        self._has_room = asyncio.Event()
        self._connection: Connection | None = None

    @property
    def account_id(self) -> str:
        return self._admission.caller.account.id

    @property
    def connection(self) -> Connection | None:
        """Its session; None before it has begun."""
        return self._connection

    async def answer(self, offer: str) -> str:
        """The answer to the caller's offer. Raises `InvalidRequest` and `NoFreePort`, and then there is no call."""
        try:
            return await self._peer.answer(offer)
        except BaseException:
            await self._peer.close()
            raise

    async def run(self, *, is_filtered: bool) -> None:
        """Serve the caller until the call ends."""
        caller = Caller(self._peer, is_filtered=is_filtered)
        self._connection = self._realtime.connect(caller, self._admission, is_beta=self._is_beta, speaker=self)
        try:
            async with asyncio.TaskGroup() as tasks:
                beside = [tasks.create_task(self._converse(self._connection)), tasks.create_task(_open(caller))]
                await self._realtime.run(self._connection)
                for task in beside:
                    task.cancel()
        finally:
            await self._peer.close()

    async def hang_up(self) -> None:
        await self._peer.close()

    # --- what the session says ---------------------------------------------------------------------------------------

    def take(self, event: ServerEvent) -> Ruling:
        return self._floor.take(event, now_ms=_now_ms())

    async def wait_for_room(self) -> None:
        while self._playout.waiting_ms > self._limits.unplayed_ms:
            self._has_room.clear()
            await self._has_room.wait()

    # --- audio -------------------------------------------------------------------------------------------------------

    def _take(self, packet: AudioPacket) -> None:
        if self._sound is None or self._connection is None:
            return
        now_ms = _now_ms()
        self._sound.put(packet, now_ms=now_ms)
        self._hear(self._sound, self._connection, now_ms)

    def _hear(self, sound: Sound, connection: Connection, now_ms: float) -> None:
        if heard := sound.hear(now_ms=now_ms):
            connection.hear(heard)

    async def _converse(self, connection: Connection) -> None:
        """Keep time for both directions until nothing more is heard of the caller."""
        try:
            await self._connect()
            sound = self._sound = Sound(self._playout, now_ms=_now_ms())
            due = time.monotonic()
            while time.monotonic() - self._peer.heard_at < self._limits.silent_seconds:
                now_ms = _now_ms()
                self._hear(sound, connection, now_ms)
                packet, progress = sound.speak(now_ms=now_ms)
                self._peer.send_audio(packet)
                for each in progress:
                    connection.show(shown(each))
                self._has_room.set()
                due += FRAME_MS / 1000
                late = time.monotonic() - due
                if late > _LATE_SECONDS:
                    missed = int(late * 1000 / FRAME_MS)
                    self._peer.skip_audio(missed)
                    due += missed * FRAME_MS / 1000
                await asyncio.sleep(max(0.0, -late))
            _log.info("Nothing comes from a caller any more; its call ends")
        except TimeoutError:
            _log.info("A caller has not connected within %.0f s", self._limits.connect_seconds)
        except Exception:
            _log.exception("A call failed")
        await self._peer.close()

    async def _connect(self) -> None:
        async with asyncio.timeout(self._limits.connect_seconds):
            await self._peer.connected.wait()


async def _open(caller: Caller) -> None:
    with contextlib.suppress(ClientGone):
        await caller.open()


def _now_ms() -> float:
    return time.monotonic() * 1000
