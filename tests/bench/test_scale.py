"""The simulation: what is known without it, it finds as well."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from bench.scale import Plan, Rhythm, Simulation, Stage, equipment_for, read_plans

from bench import scale


def plan(*, until_s: float = 0.2, held_s: float = 1.0, at_once: int = 1, max_waiting: int = 32) -> Plan:
    return Plan(
        stages={"answer": Stage(unit="machine", until_s=until_s, held_s=held_s, at_once=at_once)},
        calls_a_worker=100,
        unit_costs={"core": 1.0, "machine": 10.0},
        rhythm=Rhythm(question_s=3.0, answer_s=4.5, think_s=2.0, silence_s=0.5),
        max_waiting=max_waiting,
    )


def test_alone_everyone_is_answered_when_the_turn_is_over():
    outcome = Simulation(plan(), 1, {"machine": 1}).run()
    assert outcome.percentile(50) == 0.5
    assert outcome.refused == 0


def test_a_machine_is_as_busy_as_its_work_takes():
    outcome = Simulation(plan(held_s=0.5), 10, {"machine": 1}).run()
    assert outcome.busy["machine"] == pytest.approx(10 * 0.5 / 10, rel=0.15)


def test_past_what_it_carries_some_are_refused_and_the_others_wait_no_longer_than_the_queue_is():
    outcome = Simulation(plan(max_waiting=2), 100, {"machine": 1}).run()
    assert outcome.refused > 0
    assert outcome.busy["machine"] == pytest.approx(1, rel=0.1)
    assert outcome.percentile(95) < 3 * 1.0 * 2.5


def test_no_less_equipment_would_do():
    found = equipment_for(plan(), 200)
    (machines,) = found.units.values()
    assert found.workers == 2
    assert found.cost == 2 * 1.0 + machines * 10.0
    assert found.outcome.percentile(95) <= plan().target_s
    assert found.bottleneck == "machine"
    assert Simulation(plan(), 200, {"machine": machines - 2}).run().percentile(95) > plan().target_s


def test_a_hundred_times_the_calls_take_a_hundred_times_the_equipment():
    few, many = equipment_for(plan(at_once=8), 1_000), equipment_for(plan(at_once=8), 100_000)
    assert {unit: 100 * count for unit, count in few.units.items()} == many.units
    assert many.cost == pytest.approx(100 * few.cost)


def test_what_takes_longer_than_it_may_is_told():
    with pytest.raises(ValueError, match="whatever there is"):
        equipment_for(plan(until_s=5.0, held_s=5.0), 1)


def test_the_plans_that_come_along_can_be_read_and_misspelt_ones_cannot(tmp_path: Path):
    assert len(read_plans(Path(scale.__file__).with_name("scale.toml"))) == 2
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[x]\ncalls_a_worker = 1\nunit_costs = {}\nstages = {}\nsped = 1\n")
    with pytest.raises(msgspec.ValidationError, match="sped"):
        read_plans(wrong)
