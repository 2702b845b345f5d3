from __future__ import annotations

from pathlib import Path

import pytest

from antiphon import machine


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The limits of a container, as files to be written."""
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    return tmp_path


def test_the_quota_of_a_container_limits_its_processors(container: Path):
    (container / "cpu.max").write_text("50000 100000\n")
    assert machine.cpu_count() == 0.5


def test_without_a_quota_every_processor_may_be_used(container: Path):
    (container / "cpu.max").write_text("max 100000\n")
    assert machine.cpu_count() >= 1


def test_the_limit_of_a_container_limits_its_memory(container: Path):
    (container / "memory.max").write_text("2000000\n")
    (container / "memory.current").write_text("500000\n")
    assert machine.memory_bytes() == 1_500_000


def test_without_a_limit_the_memory_is_that_of_the_machine(container: Path):
    (container / "memory.max").write_text("max\n")
    assert machine.memory_bytes() > 1_500_000
