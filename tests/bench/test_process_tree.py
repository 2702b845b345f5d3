"""The cost of work, as seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.process_tree import ProcessTree

MEGABYTE = 1_000_000


HOLD_FOR_A_MOMENT = """
import time
print("ready", flush=True)
input()
held = b"x" * 80_000_000
time.sleep(0.5)
del held
print("done", flush=True)
input()
"""


def test_memory_that_was_held_for_a_moment_counts():
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_A_MOMENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        orders, said = child.stdin, child.stdout
        assert orders is not None
        assert said is not None
        assert said.readline() == "ready\n"

        def work() -> str:
            print(file=orders, flush=True)
            return said.readline()

        answer, cost = ProcessTree(child.pid).cost_of(work)
        print(file=orders, flush=True)
    assert answer == "done\n"
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
