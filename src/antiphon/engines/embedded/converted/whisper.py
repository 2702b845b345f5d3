"""Converts Whisper from the ONNX files of its publishers into CTranslate2's format, in which it runs here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from filelock import FileLock
from numpy.typing import NDArray

from antiphon.engines.embedded.converted.onnx_weights import OnnxWeights

CONVERTED = "ctranslate2"
"""The folder, in the model's, that the converted model is in."""

_ENCODER = "onnx/encoder_model_quantized.onnx"
_DECODER = "onnx/decoder_model_merged_quantized.onnx"


def converted_whisper(folder: Path) -> Path:
    """The folder of the model in CTranslate2's format. One that has only ONNX files is converted first, which takes
    some seconds and as much disk again.

    Raises `ValueError` if the files are not those of a Whisper, and `OSError`.
    """
    if (folder / "model.bin").exists() or not (folder / _ENCODER).exists():
        return folder
    converted = folder / CONVERTED
    if not converted.exists():
        with FileLock(folder / f".{CONVERTED}.lock"):
            if not converted.exists():
                _convert(folder, converted)
    return converted


def _convert(folder: Path, converted: Path) -> None:
    """Put it in its place only when it is whole."""
    unfinished = folder / f".{CONVERTED}.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        _write(folder, unfinished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.rename(converted)


def _write(folder: Path, into: Path) -> None:
    shape, generation = _json(folder / "config.json"), _json(folder / "generation_config.json")
    spec: Any = WhisperSpec(
        shape["encoder_layers"],
        shape["encoder_attention_heads"],
        shape["decoder_layers"],
        shape["decoder_attention_heads"],
    )
    _fill_encoder(spec.encoder, _Names(OnnxWeights(folder / _ENCODER), "", "", ""))
    prefix = "model.decoder."
    _fill_decoder(spec.decoder, _Names(OnnxWeights(folder / _DECODER), prefix, "/model/decoder", "_merged_0"))
    spec.config.suppress_ids = generation["suppress_tokens"]
    spec.config.suppress_ids_begin = generation["begin_suppress_tokens"]
    spec.config.alignment_heads = generation["alignment_heads"]
    spec.config.lang_ids = sorted(generation["lang_to_id"].values())
    spec.register_vocabulary(_vocabulary(_json(folder / "tokenizer.json"), shape["vocab_size"]))
    spec.validate()
    spec.optimize()  # Keeps the embeddings, which are the projection as well, once.
    spec.save(str(into))
    shutil.copy(folder / "tokenizer.json", into)


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _vocabulary(tokenizer: Mapping[str, Any], size: int) -> Sequence[str]:
    """Every token by its number; those that the tokenizer does not have are the times, 20 ms apart."""
    named: dict[int, str] = {number: text for text, number in tokenizer["model"]["vocab"].items()}
    named |= {each["id"]: each["content"] for each in tokenizer["added_tokens"]}
    first_time = next((number for number, text in sorted(named.items()) if text == "<|0.00|>"), len(named))
    return [named.get(number, f"<|{(number - first_time) * 0.02:.2f}|>") for number in range(size)]


class _Names:
    """A file's weights by the names that they have in Whisper."""

    def __init__(self, weights: OnnxWeights, prefix: str, node_prefix: str, suffix: str) -> None:
        self._weights = weights
        self._prefix = prefix
        self._node_prefix = node_prefix
        self._suffix = suffix

    def vector(self, name: str) -> NDArray[np.float32]:
        return self._weights.named(f"{self._prefix}{name}{self._suffix}")

    def matrix(self, name: str) -> NDArray[np.float32]:
        """Shape (outputs, inputs)."""
        node = f"{self._node_prefix}/{name.replace('.', '/').replace('layers/', 'layers.')}/MatMul"
        return self._weights.of_product(node).T


def _fill_encoder(spec: Any, names: _Names) -> None:
    for conv, name in ((spec.conv1, "conv1"), (spec.conv2, "conv2")):
        _set_weight(conv, names.vector(f"{name}.weight"))
        conv.bias = names.vector(f"{name}.bias")
    spec.position_encodings.encodings = names.vector("embed_positions.weight")
    _fill_norm(spec.layer_norm, names, "layer_norm")
    for number, layer in enumerate(spec.layer):
        _fill_layer(layer, names, f"layers.{number}")


def _fill_decoder(spec: Any, names: _Names) -> None:
    _set_weight(spec.embeddings, names.vector("embed_tokens.weight"))
    spec.projection.weight, spec.projection.weight_scale = spec.embeddings.weight, spec.embeddings.weight_scale
    spec.position_encodings.encodings = names.vector("embed_positions.weight")
    _fill_norm(spec.layer_norm, names, "layer_norm")
    for number, layer in enumerate(spec.layer):
        _fill_layer(layer, names, f"layers.{number}")
        attention = f"layers.{number}.encoder_attn"
        _fill_linear(layer.attention.linear[0], names, f"{attention}.q_proj")
        _fill_linear(layer.attention.linear[1], names, f"{attention}.k_proj", f"{attention}.v_proj")
        _fill_linear(layer.attention.linear[2], names, f"{attention}.out_proj")
        _fill_norm(layer.attention.layer_norm, names, f"{attention}_layer_norm")


def _fill_layer(spec: Any, names: _Names, layer: str) -> None:
    attention = f"{layer}.self_attn"
    _fill_linear(spec.self_attention.linear[0], names, *(f"{attention}.{each}_proj" for each in "qkv"))
    _fill_linear(spec.self_attention.linear[1], names, f"{attention}.out_proj")
    _fill_norm(spec.self_attention.layer_norm, names, f"{attention}_layer_norm")
    _fill_linear(spec.ffn.linear_0, names, f"{layer}.fc1")
    _fill_linear(spec.ffn.linear_1, names, f"{layer}.fc2")
    _fill_norm(spec.ffn.layer_norm, names, f"{layer}.final_layer_norm")


def _fill_norm(spec: Any, names: _Names, name: str) -> None:
    spec.gamma, spec.beta = names.vector(f"{name}.weight"), names.vector(f"{name}.bias")


def _fill_linear(spec: Any, names: _Names, *parts: str) -> None:
    """CTranslate2 has the matrices of queries, keys and values in one. Keys have no bias in Whisper."""
    matrices = [names.matrix(part) for part in parts]
    _set_weight(spec, np.concatenate(matrices))
    spec.bias = np.concatenate(
        [
            np.zeros(len(matrix), np.float32) if part.endswith("k_proj") else names.vector(f"{part}.bias")
            for part, matrix in zip(parts, matrices, strict=True)
        ]
    )


def _set_weight(spec: Any, weight: NDArray[np.float32]) -> None:
    """As CTranslate2 keeps it: int8, with a scale for each output (row)."""
    rows = weight.reshape(len(weight), -1)
    largest = np.abs(rows).max(axis=1)
    scale = (127 / np.where(largest == 0, 127, largest)).astype(np.float32)
    spec.weight = np.rint(rows * scale[:, None]).astype(np.int8).reshape(weight.shape)
    spec.weight_scale = scale
