"""Kokoro's voices on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from antiphon.engines.embedded.synthesis.style_packs import StylePacks
from antiphon.models.errors import ModelError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = np.repeat(np.arange(510, dtype=np.float32)[:, None], 256, axis=1)
    rows.tofile(tmp_path / "one.bin")
    (rows + 1000).tofile(tmp_path / "two.bin")
    return tmp_path


def test_the_style_is_that_for_the_number_of_phonemes(folder: Path) -> None:
    assert StylePacks(folder, ["one"]).style({"one": 1.0}, phonemes=7)[0] == 6


def test_a_blend_is_the_weighted_mean(folder: Path) -> None:
    style = StylePacks(folder, ["one", "two"]).style({"one": 0.75, "two": 0.25}, phonemes=1)
    assert style == pytest.approx(np.full(256, 250.0))


def test_more_phonemes_than_rows_take_the_last(folder: Path) -> None:
    assert StylePacks(folder, ["one"]).style({"one": 1.0}, phonemes=9999)[0] == 509


def test_a_missing_voice_is_named(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.bin cannot be read"):
        StylePacks(folder, ["absent"])


def test_a_file_of_another_kind_is_refused(folder: Path) -> None:
    (folder / "short.bin").write_bytes(b"\0" * 40)
    with pytest.raises(ModelError, match="not a Kokoro style pack"):
        StylePacks(folder, ["short"])
