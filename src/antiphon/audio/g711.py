"""G.711, telephony's eight bits a sample, in its two laws."""

from __future__ import annotations

from enum import Enum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import INT16_SCALE, Pcm

SAMPLE_RATE = 8_000


class Law(Enum):
    """By OpenAI's names."""

    MU = "g711_ulaw"
    A = "g711_alaw"


def decode(data: bytes, law: Law) -> Pcm:
    """Every byte is a sample: 16-bit values of the law's table (G.711 tables 1 and 2) at 8 kHz."""
    values = np.concatenate([_levels(law), -_levels(law)]).astype(np.float32) / INT16_SCALE
    return Pcm(values[_code_order(np.frombuffer(data, np.uint8), law)], SAMPLE_RATE)


def encode(audio: Pcm, law: Law) -> bytes:
    """One byte a sample, from audio at 8 kHz, which is clipped to full scale.

    Values on the border of two intervals go where ITU-T's reference (G.191) puts them.
    """
    if audio.sample_rate != SAMPLE_RATE:
        raise ValueError(f"G.711 is at {SAMPLE_RATE} Hz, not at {audio.sample_rate}.")
    values = np.rint(np.clip(audio.samples, -1.0, 1.0) * INT16_SCALE).astype(np.int16)
    magnitudes = np.where(values < 0, ~values, values)
    intervals = np.searchsorted(_borders(law), magnitudes, side="right") - 1
    return _code_order((intervals + 128 * (values < 0)).astype(np.uint8), law).tobytes()


def _code_order(codes: NDArray[np.uint8], law: Law) -> NDArray[np.uint8]:
    """Between the codes on the wire and the order of this file: 0–127 up from silence, 128–255 down from it."""
    return codes ^ np.uint8(0xFF if law is Law.MU else 0x55 ^ 0x80)


@cache
def _borders(law: Law) -> NDArray[np.int32]:
    """Where each of a sign's 128 intervals begins, as 16-bit magnitudes."""
    return _starts(law) * _unit(law)


@cache
def _levels(law: Law) -> NDArray[np.int32]:
    """The value of each of a sign's 128 intervals, its middle, as 16-bit magnitudes."""
    return (_starts(law) + _half_widths(law)) * _unit(law)


def _unit(law: Law) -> int:
    """The laws are defined on 14 and on 13 bits."""
    return 4 if law is Law.MU else 8


def _starts(law: Law) -> NDArray[np.int32]:
    segments, steps = np.divmod(np.arange(128, dtype=np.int32), 16)
    if law is Law.MU:
        return (steps + 16) * 2 * _half_widths(law) - 33
    return (steps + 16 * np.minimum(segments, 1)) * 2 * _half_widths(law)


def _half_widths(law: Law) -> NDArray[np.int32]:
    """Widths double from segment to segment, except for the A-law's first two, which are equal."""
    segments = np.arange(128, dtype=np.int32) // 16
    return 1 << (segments if law is Law.MU else np.maximum(segments - 1, 0))
