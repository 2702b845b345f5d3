"""A Whisper in ONNX's format becomes one that CTranslate2 runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest
from numpy.typing import NDArray

from antiphon.engines.embedded.converted.whisper import converted_whisper

from .onnx_file import graph_of, write_onnx

WIDTH, WIDER, TOKENS, FRAMES = 8, 16, 12, 1500
TOKENIZER = {
    "model": {"vocab": {"a": 0, "b": 1}},
    "added_tokens": [
        {"id": number, "content": token}
        for number, token in enumerate(
            ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>", "<|0.00|>"], 2
        )
    ],
}
SHAPE = {
    "encoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_layers": 1,
    "decoder_attention_heads": 2,
    "vocab_size": TOKENS,
}
GENERATION = {
    "suppress_tokens": [1],
    "begin_suppress_tokens": [0],
    "alignment_heads": [[0, 1]],
    "lang_to_id": {"<|en|>": 4},
}

random = np.random.default_rng(5)


def weight(*shape: int) -> NDArray[np.float32]:
    return random.uniform(-1, 1, shape).astype(np.float32)


def norm(name: str) -> dict[str, NDArray[np.float32]]:
    return {f"{name}.weight": weight(WIDTH), f"{name}.bias": weight(WIDTH)}


def layer(name: str, attentions: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Its vectors, and its products by their nodes."""
    vectors = norm(f"{name}.final_layer_norm") | {f"{name}.fc1.bias": weight(WIDER), f"{name}.fc2.bias": weight(WIDTH)}
    products = {f"{name}/fc1/MatMul": weight(WIDTH, WIDER), f"{name}/fc2/MatMul": weight(WIDER, WIDTH)}
    for attention in attentions:
        vectors |= norm(f"{name}.{attention}_layer_norm")
        vectors |= {f"{name}.{attention}.{each}_proj.bias": weight(WIDTH) for each in ("q", "v", "out")}
        products |= {f"{name}/{attention}/{each}_proj/MatMul": weight(WIDTH, WIDTH) for each in ("q", "k", "v", "out")}
    return vectors, products


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vectors, products = layer("layers.0", ["self_attn"])
    vectors |= norm("layer_norm") | {"embed_positions.weight": weight(FRAMES, WIDTH)}
    vectors |= {"conv1.bias": weight(WIDTH), "conv2.bias": weight(WIDTH)}
    convolutions = {"conv1.weight": weight(WIDTH, 80, 3), "conv2.weight": weight(WIDTH, WIDTH, 3)}
    graph = graph_of(vectors, convolutions, {f"/{node}": each for node, each in products.items()})
    write_onnx(tmp_path / "onnx" / "encoder_model_quantized.onnx", graph)

    vectors, products = layer("layers.0", ["self_attn", "encoder_attn"])
    vectors |= norm("layer_norm") | {"embed_positions.weight": weight(448, WIDTH)}
    graph = graph_of(
        {f"model.decoder.{name}_merged_0": each for name, each in vectors.items()},
        {"model.decoder.embed_tokens.weight_merged_0": weight(TOKENS, WIDTH)},
        {f"/model/decoder/{node}": each for node, each in products.items()},
    )
    write_onnx(tmp_path / "onnx" / "decoder_model_merged_quantized.onnx", graph)
    for name, content in (("config", SHAPE), ("generation_config", GENERATION), ("tokenizer", TOKENIZER)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    return tmp_path


def test_ctranslate2_runs_what_has_been_converted(folder: Path):
    converted = converted_whisper(folder)
    model: Any = ctranslate2.models.Whisper(str(converted), compute_type="int8")
    assert model.n_mels == 80
    features = ctranslate2.StorageView.from_array(np.zeros((1, 80, 100), np.float32))
    assert model.generate(features, [[3, 4, 5]], max_length=6)[0].sequences_ids


def test_the_vocabulary_has_the_times_that_the_tokenizer_lacks(folder: Path):
    converted = converted_whisper(folder)
    vocabulary = json.loads((converted / "vocabulary.json").read_text())
    assert vocabulary[:3] == ["a", "b", "<|endoftext|>"]
    assert vocabulary[-5:] == ["<|0.00|>", "<|0.02|>", "<|0.04|>", "<|0.06|>", "<|0.08|>"]
    assert json.loads((converted / "config.json").read_text())["lang_ids"] == [4]


def test_it_is_converted_once(folder: Path):
    written = (converted_whisper(folder) / "model.bin").stat()
    assert (converted_whisper(folder) / "model.bin").stat() == written


def test_a_conversion_that_fails_leaves_nothing_that_could_be_taken_for_one(folder: Path):
    (folder / "onnx" / "decoder_model_merged_quantized.onnx").write_bytes(b"damaged" * 9)
    with pytest.raises(ValueError, match="decoder_model_merged_quantized"):
        converted_whisper(folder)
    assert not list(folder.glob("*ctranslate2*/*"))


def test_a_model_that_is_in_ctranslate2s_format_is_taken_as_it_is(tmp_path: Path):
    (tmp_path / "model.bin").touch()
    assert converted_whisper(tmp_path) == tmp_path
