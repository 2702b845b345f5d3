"""Weights are read from ONNX files as they are, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from antiphon.engines.embedded.converted.onnx_weights import OnnxWeights

from .onnx_file import SCALE, branch, constant, graph_of, product, quantized, write_onnx

BIAS = np.array([1.5, -2.5], np.float32)
WEIGHT = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)


@pytest.fixture
def weights(tmp_path: Path) -> OnnxWeights:
    graph = graph_of({"bias": BIAS}, {"conv.weight": WEIGHT}, {"/layers.0/fc1/MatMul": WEIGHT})
    return OnnxWeights(write_onnx(tmp_path / "model.onnx", graph))


def test_a_weight_is_found_by_its_name(weights: OnnxWeights):
    assert weights.named("bias").tolist() == BIAS.tolist()


def test_a_quantized_weight_is_what_it_was_but_for_rounding(weights: OnnxWeights):
    assert weights.named("conv.weight") == pytest.approx(WEIGHT, abs=SCALE / 2 + 1e-6)


def test_a_products_weight_is_found_by_the_node_that_multiplies_by_it(weights: OnnxWeights):
    assert weights.of_product("/layers.0/fc1/MatMul") == pytest.approx(WEIGHT, abs=SCALE / 2 + 1e-6)


def test_signed_bytes_are_read_as_such(tmp_path: Path):
    levels = np.array([-128, 0, 127], np.int8)
    assert OnnxWeights(write_onnx(tmp_path / "a.onnx", constant("w", levels))).named("w").tolist() == [-128, 0, 127]


def test_nodes_in_the_branches_of_a_condition_are_read_too(tmp_path: Path):
    graph = quantized("w", WEIGHT) + branch(product("/fc1/MatMul_quant", "w"))
    assert OnnxWeights(write_onnx(tmp_path / "a.onnx", graph)).of_product("/fc1/MatMul").shape == (2, 3)


def test_what_is_not_there_is_told(weights: OnnxWeights):
    with pytest.raises(ValueError, match="has no weight nothing"):
        weights.named("nothing")
    with pytest.raises(ValueError, match="no weight for /fc3"):
        weights.of_product("/fc3")


@pytest.mark.parametrize("content", [b"\xff" * 40, b"PK\x03\x04" + b"x" * 50, b"\x3a\x7fshort"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ValueError, match="is not an ONNX file"):
        OnnxWeights(tmp_path / "a.onnx")
