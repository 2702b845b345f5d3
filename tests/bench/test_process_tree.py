"""The cost of work, as seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from bench.process_tree import ProcessTree

MEGABYTE = 1_000_000


def test_memory_that_was_held_for_a_moment_counts():
    def work() -> None:
        held = b"x" * (80 * MEGABYTE)
        time.sleep(0.2)
        del held

    _, cost = ProcessTree(os.getpid()).cost_of(work)
    assert cost.extra_bytes > 60 * MEGABYTE


def test_cpu_time_of_children_that_have_ended_counts():
    processes = ProcessTree(os.getpid())
    _, cost = processes.cost_of(
        lambda: subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass"], check=True)
    )
    assert cost.cpu_s > 0.2


def test_the_outcome_of_the_work_is_handed_on():
    outcome, _ = ProcessTree(os.getpid()).cost_of(lambda: "done")
    assert outcome == "done"
