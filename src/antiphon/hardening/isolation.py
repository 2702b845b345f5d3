"""`bare_environment`: the environment of our helper processes, without the server's secrets."""

from __future__ import annotations

import os

_INHERITED = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR")
"""What an interpreter may need to find its libraries."""


def bare_environment(**added: str) -> dict[str, str]:
    """An environment without what the server's contains, such as the sealing key."""
    inherited = {name: value for name in _INHERITED if (value := os.environ.get(name)) is not None}
    return {**inherited, **added}
