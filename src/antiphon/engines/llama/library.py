"""llama.cpp's library, loaded so that its threads share the cores with whatever else runs there."""

from __future__ import annotations

import os
from typing import Any

SPINS = 2000
"""How often a thread looks whether the others have come as far as it has, before it sleeps until they have: a tenth of
a millisecond. They seldom take longer while each has a core of its own. Where another process holds one of them up,
OpenMP's own 300,000 looks take the core from the very thread that is waited for, at each of some thousand barriers a
token. Sleeping at once would cost a tenth of the speed on idle cores. docs/performance.md has the figures."""


def load_library() -> Any:
    """The module `xllamacpp`.

    OpenMP reads its environment when it is loaded, and so not before llama.cpp is needed. What the user has set holds.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
    import xllamacpp

    return xllamacpp
