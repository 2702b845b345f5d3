"""Ray's token, without which anybody who reaches a cluster could run programs on it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MODE = "RAY_AUTH_MODE"
"""The variable that decides it, if the operator has set it."""
_TOKENS = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")


def environment(*, of_head: bool = False) -> Mapping[str, str]:
    """What to add to the environment of a process that uses Ray, before it imports Ray: that there is a token, if this
    user has one, or is to have one as the user of a head."""
    if MODE in os.environ:
        return {}
    has_token = any(name in os.environ for name in _TOKENS) or Path("~/.ray/auth_token").expanduser().exists()
    return {MODE: "token"} if has_token or of_head else {}
