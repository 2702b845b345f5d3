from __future__ import annotations

import pytest

from antiphon.store.sealing import Seal


@pytest.fixture
def seal() -> Seal:
    return Seal(bytes(32))
