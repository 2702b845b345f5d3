"""The area: each attack comes from a process of its own, beside an honest client of another account."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil

from bench.attacks.attacks import ATTACKS
from bench.attacks.honest import ACCOUNT, DEPLOYMENT, ask_for
from bench.results import Result, overall
from bench.server import Server, create_account, running

_PROJECT = Path(__file__).parents[2]
_SECONDS = 6.0
_SECONDS_QUICK = 3.0
_SECONDS_TO_BEGIN = 2.0
"""What an attacker may take until it attacks."""
_SECONDS_TO_END = 30.0
_SECONDS_TO_FORGET = 10.0
_STALL_TARGET_MS = 100.0
_SLOWDOWN_TARGET = 2.0
_MEMORY_TARGET_MB = 32.0
"""What is left of an attack may be no more than what any use of the server leaves in its pools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    took_s: Sequence[float]
    """Of the honest client's answers."""
    stall_ms: float

    @property
    def p99_s(self) -> float:
        return float(np.percentile(self.took_s, 99))


def measure(*, only: Sequence[str] = (), quick: bool) -> list[Result]:
    """Attack a server of its own, with all attacks or those named. Raises `RequestFailed` and `ServerFailed`."""
    seconds = _SECONDS_QUICK if quick else _SECONDS
    with running([sys.executable, "-m", "bench.attacks.server"], where=_PROJECT) as server:
        key = create_account(server, ACCOUNT, deployment=DEPLOYMENT, model="gpt-4o-audio-preview")
        _warm_up(server, key)
        rest = _look(server, key, seconds)
        results = [
            overall("at rest: loop busy at a time, at most", "ms", rest.stall_ms, 1),
            overall("at rest: honest answers, 99th percentile", "ms", 1000 * rest.p99_s, len(rest.took_s)),
        ]
        for name in only or ATTACKS:
            results += _suffer(server, key, name, rest, seconds=seconds)
    return results


def _warm_up(server: Server, honest_key: str) -> None:
    """Use what nobody has used yet, so that what it keeps is not taken for what an attack leaves."""
    ask_for(1.0, port=server.port, key=honest_key)
    with _attacking(server, "large-audio", 0.0):
        pass


def _suffer(server: Server, honest_key: str, name: str, rest: _Seen, *, seconds: float) -> list[Result]:
    before_bytes = server.processes.resident_bytes()
    with _attacking(server, name, seconds) as attacker:
        began, before_s = time.monotonic(), _cpu_seconds(attacker)
        attacked = _look(server, honest_key, seconds)
        load = (_cpu_seconds(attacker) - before_s) / (time.monotonic() - began)
        peak_bytes = server.processes.resident_bytes()
    back_after_s, left_mb = _forget(server, before_bytes)
    count = len(attacked.took_s)
    return [
        overall(f"{name}: loop busy at a time, at most", "ms", attacked.stall_ms, 1, target=_STALL_TARGET_MS),
        overall(f"{name}: honest answers, 99th percentile", "ms", 1000 * attacked.p99_s, count),
        overall(f"{name}: of rest", "×", attacked.p99_s / rest.p99_s, count, target=_SLOWDOWN_TARGET),
        overall(f"{name}: cores that the attacker took", "", load, 1),
        overall(f"{name}: memory on top, at its end", "MB", (peak_bytes - before_bytes) / 1e6, 1),
        overall(f"{name}: the same, {back_after_s:.0f} s later", "MB", left_mb, 1, target=_MEMORY_TARGET_MB),
    ]


def _look(server: Server, key: str, seconds: float) -> _Seen:
    _stall_ms(server)
    took_s = ask_for(seconds, port=server.port, key=key)
    return _Seen(took_s=took_s, stall_ms=_stall_ms(server))


def _stall_ms(server: Server) -> float:
    return 1000 * httpx.get(f"{server.address}/stall", timeout=60, trust_env=False).json()["worst_s"]


@contextmanager
def _attacking(server: Server, name: str, seconds: float) -> Generator[psutil.Popen]:
    """While an attacker is at it, which ends by itself."""
    options = ["--port", str(server.port), "--key", server.key, "--seconds", str(seconds + _SECONDS_TO_BEGIN + 0.5)]
    attacker = psutil.Popen([sys.executable, "-m", "bench.attacks.attacker", name, *options], cwd=_PROJECT)
    try:
        time.sleep(_SECONDS_TO_BEGIN)
        yield attacker
    finally:
        _end(attacker)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _end(attacker: psutil.Popen) -> None:
    try:
        attacker.wait(_SECONDS_TO_END)
    except psutil.TimeoutExpired:
        attacker.kill()
        attacker.wait()


def _forget(server: Server, before_bytes: int) -> tuple[float, float]:
    """After how many seconds the memory was as it should be, ten at most; and how many MB more it was then."""
    began = time.monotonic()
    while True:
        left_mb, passed_s = (server.processes.resident_bytes() - before_bytes) / 1e6, time.monotonic() - began
        if left_mb <= _MEMORY_TARGET_MB or passed_s >= _SECONDS_TO_FORGET:
            return passed_s, left_mb
        time.sleep(0.5)
