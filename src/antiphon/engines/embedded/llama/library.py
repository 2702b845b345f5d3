"""Loads llama.cpp so that its threads share the cores with other processes."""

from __future__ import annotations

import os
from typing import Any

SPINS = 2000
"""How often a thread checks whether the others have reached the barrier before it sleeps: a tenth of a millisecond.
That is usually enough if each thread has its own core. If another process delays one of them, OpenMP's default of
300,000 checks takes the core from the very thread being waited for, at each of some thousand barriers per token.
Sleeping at once would cost a tenth of the speed on idle cores. docs/performance.md has the measurements."""


def load_library() -> Any:
    """The module `xllamacpp`.

    OpenMP reads its environment when it is loaded, so this happens only when llama.cpp is needed. The user's own
    settings take precedence.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
    import xllamacpp

    return xllamacpp
