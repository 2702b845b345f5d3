"""`antiphon` as its command runs it, but without a model: arguments are those of the command.

With DAMAGED_MODEL in the environment, loading the models fails as it does for a damaged file, beside other work.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any

from antiphon.cli.main import main
from antiphon.dialogue.profile import Profile


async def load_profiles(*_: Any) -> Mapping[str, Profile]:
    async with asyncio.TaskGroup() as loading:
        loading.create_task(load())
        loading.create_task(asyncio.sleep(0))
    return {}


async def load() -> None:
    if model := os.environ.get("DAMAGED_MODEL"):
        from antiphon.engines.embedded.kinds import damage_told

        with damage_told(model):
            raise RuntimeError("Unable to open file 'model.bin'.\nSecond line")


def needed_models(*_: Any) -> list[str]:
    return []


if __name__ == "__main__":
    if "serve" in sys.argv:  # The others need not wait for the engines' libraries.
        from antiphon.cli import serve

        serve.load_profiles = load_profiles
        serve.needed_models = needed_models
    main()
