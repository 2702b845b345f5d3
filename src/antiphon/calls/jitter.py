"""`JitterBuffer`: packets as a network delivers them, turned into audio that runs as time does.

A recognizer needs audio in order, not at an even pace, so what comes in order is passed on at once. Three rules do the
rest:

- What comes out of order waits for what is missing, at most `hold_ms`; then the missing audio becomes silence.
- When nothing comes, as while the sender suppresses silence, time goes on: the audio passed on is never more than
  `hold_ms` behind the clock. Silence makes up for it.
- Silence never runs ahead of the clock, whatever timestamps say, and audio only as far as a burst after a stall does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

HOLD_MS = 60
_AHEAD_MS = 100
"""How far the audio may be ahead of the clock in the long run: what a burst brings beyond that moves the clock, or the
next silence would be heard as much later."""
_BURST_MS = 3_000
"""How much audio may come at once; a sender that goes on faster than time is not believed."""
_MOST_MISORDER = 500
"""A sequence number further away than that begins a new stream."""
_MOST_WAITING = 50
"""How many packets may wait for one that is missing."""
_FILL_MS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioPacket:
    """What is needed of an RTP packet (RFC 3550)."""

    sequence: int
    """16 bits, which wrap."""
    timestamp: int
    """32 bits, which wrap, at the rate of the payload's clock."""
    payload: bytes
    samples: int
    """How much the payload holds, by the same clock."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was said, or what was said is lost."""

    samples: int


Stretch: TypeAlias = AudioPacket | Silence


class JitterBuffer:
    """`clock_rate` is in samples a second; the clock stands at `now_ms` when the stream begins."""

    def __init__(self, clock_rate: int, *, now_ms: float, hold_ms: int = HOLD_MS) -> None:
        self._per_ms = clock_rate / 1000
        self._hold_ms = hold_ms
        self._began_ms = now_ms
        self._passed_on = 0
        """Samples since the clock stood at `_began_ms`."""
        self._next_sequence: int | None = None
        self._next_timestamp: int | None = None
        self._waiting: dict[int, AudioPacket] = {}
        """By sequence number, counted on where it wraps."""
        self._missing_since_ms: float | None = None
        self._filled = 0
        """Samples of silence since the last packet."""
        self._credit_ms, self._credited_ms = float(_BURST_MS), now_ms

    def put(self, packet: AudioPacket, *, now_ms: float) -> None:
        """Take a packet, unless it is late or was there before."""
        if self._next_sequence is None:
            self._next_sequence = packet.sequence
        distance = _signed(packet.sequence - self._next_sequence, 16)
        if abs(distance) > _MOST_MISORDER:
            self._waiting.clear()
            self._missing_since_ms = self._next_timestamp = None
            self._next_sequence, distance = packet.sequence, 0
        if distance < 0:
            return
        self._waiting.setdefault(self._next_sequence + distance, packet)
        if distance > 0 and self._missing_since_ms is None:
            self._missing_since_ms = now_ms

    def take(self, *, now_ms: float) -> list[Stretch]:
        """What can be passed on by now."""
        self._credit_ms = min(_BURST_MS, self._credit_ms + now_ms - self._credited_ms)
        self._credited_ms = now_ms
        taken: list[Stretch] = []
        while packet := self._next_packet(now_ms):
            taken += self._pass_on(packet, now_ms)
        behind_ms = self._behind_ms(now_ms)
        if not self._waiting and behind_ms > self._hold_ms:
            frames = -int(-(behind_ms - self._hold_ms) // _FILL_MS)
            taken.append(self._silence(round(frames * _FILL_MS * self._per_ms)))
        self._began_ms -= max(0.0, -self._behind_ms(now_ms) - _AHEAD_MS)
        return taken

    def _next_packet(self, now_ms: float) -> AudioPacket | None:
        if not self._waiting or self._next_sequence is None:
            return None
        if self._next_sequence not in self._waiting:
            waited_ms = 0.0 if self._missing_since_ms is None else now_ms - self._missing_since_ms
            if waited_ms < self._hold_ms and len(self._waiting) <= _MOST_WAITING:
                return None
            self._next_sequence = min(self._waiting)
        packet = self._waiting.pop(self._next_sequence)
        self._next_sequence += 1
        if not self._waiting:
            self._missing_since_ms = None
        elif self._next_sequence not in self._waiting:
            self._missing_since_ms = now_ms
        return packet

    def _pass_on(self, packet: AudioPacket, now_ms: float) -> list[Stretch]:
        gap = 0 if self._next_timestamp is None else _signed(packet.timestamp - self._next_timestamp, 32)
        room = round((self._behind_ms(now_ms) + _AHEAD_MS) * self._per_ms)
        silence = min(gap - self._filled, room)
        stretches: list[Stretch] = [self._silence(silence)] if silence > 0 else []
        self._filled = 0
        self._next_timestamp = packet.timestamp + packet.samples
        packet_ms = packet.samples / self._per_ms
        if packet_ms <= self._credit_ms:
            self._credit_ms -= packet_ms
            self._passed_on += packet.samples
            stretches.append(packet)
        return stretches

    def _silence(self, samples: int) -> Silence:
        self._passed_on += samples
        self._filled += samples
        return Silence(samples)

    def _behind_ms(self, now_ms: float) -> float:
        return now_ms - self._began_ms - self._passed_on / self._per_ms


def _signed(difference: int, bits: int) -> int:
    """The difference of two numbers that wrap."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
