"""llama.cpp's threads give up a core to others while they wait for each other."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from antiphon.engines.embedded.llama.library import SPINS

_LOAD = """
import antiphon.compose.app, antiphon.cli.main, antiphon.compose.profiles  # All that a server loads before its models.
from antiphon.engines.embedded.llama.library import load_library
load_library()
"""


def _openmp(**environment: str) -> str:
    """What OpenMP says of its settings when llama.cpp loads it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GOMP_", "OMP_"))}
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD],
        env={**clean, **environment, "OMP_DISPLAY_ENV": "verbose"},
        capture_output=True,
        text=True,
        check=True,
    )
    # Others bring an OpenMP of their own, which may be loaded before; llama.cpp's is the last to speak.
    return loaded.stderr.rsplit("OPENMP DISPLAY ENVIRONMENT BEGIN", 1)[-1]


def test_threads_look_for_each_other_only_for_a_moment_before_they_sleep() -> None:
    assert f"GOMP_SPINCOUNT = '{SPINS}'" in _openmp()


@pytest.mark.parametrize(
    ("setting", "value", "shown"),
    [("GOMP_SPINCOUNT", "77", "GOMP_SPINCOUNT = '77'"), ("OMP_WAIT_POLICY", "PASSIVE", "OMP_WAIT_POLICY = 'PASSIVE'")],
)
def test_what_the_user_has_set_holds(setting: str, value: str, shown: str) -> None:
    assert shown in _openmp(**{setting: value})
