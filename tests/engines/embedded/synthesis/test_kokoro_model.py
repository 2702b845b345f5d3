"""Files that are given as Kokoro."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from antiphon.engines.embedded.synthesis.kokoro_model import KokoroModel
from antiphon.models.errors import ModelError


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.onnx").write_text("not a model")
    with pytest.raises(ModelError, match=r"notes\.onnx cannot be loaded"):
        KokoroModel(tmp_path / "notes.onnx", threads=1)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.onnx cannot be loaded"):
        KokoroModel(tmp_path / "absent.onnx", threads=1)


def test_another_model_is_refused() -> None:
    with (
        resources.as_file(resources.files("hibari") / "assets" / "hibari.onnx") as path,
        pytest.raises(ModelError, match="is not a Kokoro model: its inputs are"),
    ):
        KokoroModel(path, threads=1)
