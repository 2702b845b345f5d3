"""`bare_environment`: what programs of ours that run beside the server are told, which is none of its secrets."""

from __future__ import annotations

import os

_INHERITED = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR")
"""What an interpreter may need in order to find its libraries."""


def bare_environment(**added: str) -> dict[str, str]:
    """An environment without what the server was told in its own, such as the key that seals its data."""
    inherited = {name: value for name in _INHERITED if (value := os.environ.get(name)) is not None}
    return {**inherited, **added}
