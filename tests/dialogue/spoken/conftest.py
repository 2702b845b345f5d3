from __future__ import annotations

import pytest

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.fixture(scope="session")
def pronouncer() -> Pronouncer:
    return Pronouncer()
