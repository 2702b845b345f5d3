from __future__ import annotations

import pytest

from antiphon.dialogue.language import LanguageIdentifier


@pytest.fixture(scope="session")
def languages() -> LanguageIdentifier:
    return LanguageIdentifier()
