"""`python -m bench.scale`: how much equipment so many calls take, simulated from measured service times.

A call is a person who asks, waits, hears the answer, thinks, and asks again. Each question goes through the stages of a
reply; each stage needs a unit of some equipment for a while, and waits for one if all are taken. What is found is the
least equipment with which 19 of 20 answers are heard in time. docs/scale.md explains what follows from it.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

_CELL = 1_000
"""The most calls that are simulated together: with more, there is more of the same equipment."""
_SIMULATED_S = 240.0
_SETTLING_S = 60.0


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    unit: str
    """What it occupies: a core, a GPU."""
    until_s: float
    """How long it takes on average until the next stage can begin."""
    held_s: float
    """How long it occupies its share of a unit: a language model writes on while the first clause is spoken."""
    at_once: int = 1
    """How many such stages a unit carries at the same time without being slower."""


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people talk, in seconds."""

    question_s: float = 3.0
    answer_s: float = 5.0
    think_s: float = 2.0
    silence_s: float = 0.5
    """After which a turn is over. Preparing the reply begins at once, so only what takes longer is waited for."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured."""

    stages: dict[str, Stage]
    calls_a_worker: int
    """How many Realtime sessions one server process carries on its core."""
    unit_costs: dict[str, float]
    """Of one of each for an hour, in whatever currency; a worker is a core."""
    rhythm: Rhythm = Rhythm()
    spread: float = 0.4
    """The standard deviation of a service time's logarithm."""
    target_s: float = 1.5
    """By when 19 of 20 answers should be heard, from the end of the question."""
    max_waiting: int = 32
    """How many questions may wait for a stage, for each of its units, before further ones are refused."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people got."""

    first_audio_s: Sequence[float]
    refused: int
    busy: Mapping[str, float]
    """What part of each unit's time was used."""

    def percentile(self, percent: float) -> float:
        return float(np.percentile(self.first_audio_s, percent)) if self.first_audio_s else math.inf


@dataclass(slots=True)
class _Pool:
    """The equipment of one stage. `free` is how many more it carries now."""

    free: int
    waiting: deque[Callable[[], None]] = field(default_factory=deque[Callable[[], None]])
    held_s: float = 0.0


class Simulation:
    """One of `calls` calls with so many units of each kind. Stages of the same unit share it."""

    def __init__(self, plan: Plan, calls: int, units: Mapping[str, int], *, seed: int = 1) -> None:
        self._plan = plan
        self._units = units
        self._random = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._now_s = 0.0
        self._stages = list(plan.stages.items())
        self._pools = {unit: _Pool(count * _at_once(plan, unit)) for unit, count in units.items()}
        self._first_audio_s: list[float] = []
        self._refused = 0
        cycle_s = plan.rhythm.question_s + plan.rhythm.answer_s + plan.rhythm.think_s
        for _ in range(calls):
            self._after(self._random.uniform(0.0, cycle_s), self._ask)

    def run(self) -> Outcome:
        while self._events and self._events[0][0] < _SIMULATED_S:
            self._now_s, _, happen = heapq.heappop(self._events)
            happen()
        busy = {
            unit: pool.held_s / (self._units[unit] * _at_once(self._plan, unit) * _SIMULATED_S)
            for unit, pool in self._pools.items()
        }
        return Outcome(self._first_audio_s, self._refused, busy)

    def _ask(self) -> None:
        self._go_through(0, self._now_s)

    def _go_through(self, index: int, asked_s: float) -> None:
        """Take a unit for this stage, or wait for one, or be refused."""
        if index == len(self._stages):
            self._answer(asked_s)
            return
        _, stage = self._stages[index]
        pool = self._pools[stage.unit]

        def begin() -> None:
            pool.free -= 1
            factor = self._random.lognormvariate(-(self._plan.spread**2) / 2, self._plan.spread)
            pool.held_s += stage.held_s * factor
            self._after(stage.until_s * factor, lambda: self._go_through(index + 1, asked_s))
            self._after(stage.held_s * factor, lambda: self._give_back(pool))

        if pool.free > 0:
            begin()
        elif len(pool.waiting) < self._plan.max_waiting * self._units[stage.unit]:
            pool.waiting.append(begin)
        else:
            self._refused += 1
            self._after(self._pause_s(), self._ask)

    def _give_back(self, pool: _Pool) -> None:
        pool.free += 1
        if pool.waiting:
            pool.waiting.popleft()()

    def _answer(self, asked_s: float) -> None:
        rhythm = self._plan.rhythm
        if asked_s >= _SETTLING_S:
            self._first_audio_s.append(max(rhythm.silence_s, self._now_s - asked_s))
        self._after(rhythm.answer_s + self._pause_s(), self._ask)

    def _pause_s(self) -> float:
        """Until the next question is at its end."""
        return self._random.expovariate(1 / self._plan.rhythm.think_s) + self._plan.rhythm.question_s

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self._now_s + seconds, next(self._numbers), happen))


def _at_once(plan: Plan, unit: str) -> int:
    """As many as the stage allows that allows fewest."""
    return min(stage.at_once for stage in plan.stages.values() if stage.unit == unit)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What so many calls take."""

    calls: int
    workers: int
    units: Mapping[str, int]
    outcome: Outcome
    """Of one cell of them."""
    cost: float

    @property
    def bottleneck(self) -> str:
        return max(self.outcome.busy, key=lambda unit: self.outcome.busy[unit])


def equipment_for(plan: Plan, calls: int) -> Equipment:
    """The least with which they are answered in time. Raises `ValueError` if even an idle machine is too slow."""
    cells = math.ceil(calls / _CELL)
    in_a_cell = math.ceil(calls / cells)
    units = _least(plan, in_a_cell)
    outcome = Simulation(plan, in_a_cell, units).run()
    needed = {unit: count * cells for unit, count in units.items()}
    workers = math.ceil(calls / plan.calls_a_worker)
    cost = sum(plan.unit_costs[unit] * count for unit, count in needed.items()) + plan.unit_costs["core"] * workers
    return Equipment(calls, workers, needed, outcome, cost)


def _least(plan: Plan, calls: int) -> Mapping[str, int]:
    """Beginning with what the work takes on average, more of whatever is busiest."""
    rhythm = plan.rhythm
    turns_a_second = calls / (rhythm.question_s + rhythm.answer_s + rhythm.think_s + rhythm.silence_s)
    units: dict[str, int] = {}
    for unit in {stage.unit for stage in plan.stages.values()}:
        held_s = sum(stage.held_s for stage in plan.stages.values() if stage.unit == unit)
        units[unit] = max(1, math.floor(turns_a_second * held_s / _at_once(plan, unit)))
    most = {unit: 4 * count + 64 for unit, count in units.items()}
    while not _is_enough(plan, outcome := Simulation(plan, calls, units).run()):
        busiest = max(units, key=lambda unit: outcome.busy[unit])
        if units[busiest] >= most[busiest]:
            raise ValueError(f"{calls} calls are not answered within {plan.target_s:g} s, whatever there is.")
        units[busiest] += max(1, units[busiest] // 20)
    return units


def _is_enough(plan: Plan, outcome: Outcome) -> bool:
    return not outcome.refused and outcome.percentile(95) <= plan.target_s


def past_the_knee(plan: Plan, equipment: Equipment, factor: float) -> Outcome:
    """What people get who are `factor` times too many for it. Only for what fits into one cell."""
    return Simulation(plan, round(equipment.calls * factor), equipment.units).run()


def read_plans(path: Path) -> Mapping[str, Plan]:
    """The plans of a TOML file, by name. Raises `msgspec.ValidationError`."""
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, Plan])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plans", type=Path, default=Path(__file__).with_name("scale.toml"), help="what was measured")
    parser.add_argument("--calls", type=int, nargs="+", default=[10, 1_000, 100_000], help="how many at once")
    options = parser.parse_args()
    for name, plan in read_plans(options.plans).items():
        print(name)
        for calls in options.calls:
            print("  " + _told(plan, equipment_for(plan, calls)))


def _told(plan: Plan, found: Equipment) -> str:
    units: Sequence[Any] = [f"{count:,} × {unit}" for unit, count in found.units.items()]
    busy = ", ".join(f"{unit} {100 * part:.0f} %" for unit, part in found.outcome.busy.items())
    said = (
        f"{found.calls:>7,} calls: {found.workers:,} workers, {', '.join(units)} (busy: {busy}); "
        f"first audio p50 {found.outcome.percentile(50):.2f} s, p95 {found.outcome.percentile(95):.2f} s; "
        f"{found.cost:,.2f} an hour, {found.cost / found.calls:.4f} a call"
    )
    if found.calls <= _CELL:
        late = past_the_knee(plan, found, 2.0)
        said += f"; with twice the calls p95 {late.percentile(95):.1f} s, {late.refused} refused"
    return said


if __name__ == "__main__":
    main()
