"""Writes ONNX files with quantized weights, as far as those who read weights look at them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SCALE, ZERO_POINT = 0.02, 120


def number(value: int) -> bytes:
    written = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        written.append(low | (0x80 if value else 0))
        if not value:
            return bytes(written)


def field(tag: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    return number(tag << 3 | 2) + number(len(value)) + value


def constant(name: str, array: NDArray[np.generic]) -> bytes:
    kind = {"float32": 1, "uint8": 2, "int8": 3}[array.dtype.name]
    shape = b"".join(field(1, size) for size in array.shape)
    return field(5, shape + field(2, kind) + field(8, name.encode()) + field(9, array.tobytes()))


def quantized(name: str, weight: NDArray[np.float32]) -> bytes:
    """As unsigned bytes, whose scale and zero point are not raw but packed numbers."""
    levels = np.clip(np.rint(weight / SCALE) + ZERO_POINT, 0, 255).astype(np.uint8)
    scale = field(2, 1) + field(4, np.float32(SCALE).tobytes()) + field(8, f"{name}_scale".encode())
    zero = field(2, 2) + field(5, number(ZERO_POINT)) + field(8, f"{name}_zero_point".encode())
    return constant(f"{name}_quantized", levels) + field(5, scale) + field(5, zero)


def product(node: str, weight: str) -> bytes:
    return field(1, field(1, b"x_quantized") + field(1, f"{weight}_quantized".encode()) + field(3, node.encode()))


def branch(graph: bytes) -> bytes:
    """A node that has a graph of its own."""
    return field(1, field(3, b"if") + field(5, field(1, b"then_branch") + field(6, graph)))


def write_onnx(path: Path, graph: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(field(1, 8) + field(7, graph))
    return path


def graph_of(
    vectors: Mapping[str, NDArray[np.float32]],
    kept_quantized: Mapping[str, NDArray[np.float32]],
    products: Mapping[str, NDArray[np.float32]],
) -> bytes:
    """`products` are the weights that nodes multiply by, by the node's name."""
    graph = b"".join(constant(name, array) for name, array in vectors.items())
    graph += b"".join(quantized(name, array) for name, array in kept_quantized.items())
    for index, (node, weight) in enumerate(products.items()):
        graph += quantized(f"onnx::MatMul_{index}", weight) + product(f"{node}_quant", f"onnx::MatMul_{index}")
    return graph
