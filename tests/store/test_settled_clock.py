from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from antiphon.store.settled_clock import SETTLING, SettledClock

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROUND = timedelta(minutes=5)


class Machine:
    """Its clock, which may be set, and the time that really passes."""

    def __init__(self) -> None:
        self.now = NOW
        self.monotonic = 0.0

    def pass_(self, time: timedelta) -> None:
        self.now += time
        self.monotonic += time.total_seconds()

    def clock(self, memory: Path | None = None) -> SettledClock:
        return SettledClock(memory, clock=lambda: self.now, monotonic=lambda: self.monotonic)

    def told(self, clock: Callable[[], datetime], time: timedelta) -> list[datetime]:
        """What is told every five minutes until so much time has passed."""
        told: list[datetime] = []
        for _ in range(time // ROUND):
            self.pass_(ROUND)
            told.append(clock())
        return told


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_clock_that_goes_steadily_is_believed(machine: Machine) -> None:
    clock = machine.clock()
    for told in machine.told(clock, timedelta(days=2)):
        assert told <= machine.now
    assert clock() == machine.now


@pytest.mark.parametrize("jump", [timedelta(hours=8), timedelta(days=45), timedelta(days=3650)])
def test_a_jump_ahead_is_not_followed_until_the_clock_has_kept_to_it(machine: Machine, jump: timedelta) -> None:
    clock = machine.clock()
    machine.now += jump
    assert clock() == NOW
    assert max(machine.told(clock, SETTLING - ROUND)) == NOW + SETTLING - ROUND
    machine.told(clock, ROUND)
    assert clock() == NOW + jump + SETTLING


def test_a_jump_that_is_put_right_leaves_nothing(machine: Machine) -> None:
    clock = machine.clock()
    machine.now += timedelta(days=400)
    machine.told(clock, SETTLING / 2)
    machine.now -= timedelta(days=400)
    assert clock() == machine.now
    machine.now += timedelta(days=400)  # And the next one waits for its whole time again.
    machine.told(clock, SETTLING / 2)
    assert clock() < NOW + timedelta(days=1)


def test_a_clock_that_goes_on_jumping_is_never_believed(machine: Machine) -> None:
    clock = machine.clock()
    for _ in range(20):
        machine.now += timedelta(days=1)
        machine.told(clock, SETTLING / 2)
    assert clock() == NOW + 10 * SETTLING


def test_small_corrections_are_followed_at_once(machine: Machine) -> None:
    clock = machine.clock()
    machine.now += timedelta(minutes=10)
    assert clock() == machine.now


def test_a_clock_that_is_put_back_is_believed(machine: Machine) -> None:
    clock = machine.clock()
    machine.now -= timedelta(days=100)
    assert clock() == machine.now


def test_a_restart_does_not_make_a_jump_believed(machine: Machine, tmp_path: Path) -> None:
    memory = tmp_path / "settled-clock"
    machine.clock(memory)()
    machine.now += timedelta(days=100)
    for _ in range(5):  # Each server lives for too short a time.
        machine.told(machine.clock(memory), SETTLING / 4)
    assert machine.clock(memory)() < NOW + timedelta(days=1)
    machine.told(clock := machine.clock(memory), SETTLING + ROUND)
    assert clock() == machine.now


@pytest.mark.parametrize("content", ["", "soon", "9" * 40, "\x00"])
def test_a_memory_that_cannot_be_read_is_none(machine: Machine, tmp_path: Path, content: str) -> None:
    memory = tmp_path / "settled-clock"
    memory.write_text(content)
    assert machine.clock(memory)() == NOW
    assert machine.clock(tmp_path / "missing" / "settled-clock")() == NOW
