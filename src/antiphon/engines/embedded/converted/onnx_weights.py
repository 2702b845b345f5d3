"""Reads the weights in an ONNX file, without the package `onnx` and without running anything.

An ONNX file is a protocol buffer: a graph of nodes, and constants that the nodes take as inputs. A quantized weight W
is the constants W_quantized, W_scale and W_zero_point. Weights of products have no names that would tell what they
are, but the nodes that take them do.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {1: "<f4", 2: "u1", 3: "i1"}
"""ONNX's numbers of the types that weights have."""


class _Model:
    """The field numbers of ONNX's ModelProto."""

    graph = 7


class _Graph:
    node = 1
    constant = 5


class _Node:
    input = 1
    name = 3
    attribute = 5
    attribute_graph = 6
    """In the attribute."""


class _Constant:
    shape = 1
    type = 2
    floats = 4
    integers = 5
    name = 8
    data = 9


class OnnxWeights:
    """The constants of a file that holds them itself, and which of them each node takes.

    Raises `ValueError` for a file of another kind.
    """

    def __init__(self, path: Path) -> None:
        self._file_name = path.name
        self._constants: dict[str, memoryview] = {}
        self._inputs: dict[str, list[str]] = {}
        try:
            with path.open("rb") as file:
                whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))  # Lives as long as its parts.
            for number, value in _fields(whole):
                if number == _Model.graph:
                    self._read_graph(value)
        except (IndexError, TypeError, ValueError, struct.error) as error:
            raise ValueError(f"{path.name} is not an ONNX file: {error}.") from error

    def named(self, name: str) -> NDArray[np.float32]:
        """A weight, quantized or not. Raises `ValueError` if there is none."""
        if name in self._constants:
            return self._array(name)
        return (self._array(f"{name}_quantized") - self._array(f"{name}_zero_point")) * self._array(f"{name}_scale")

    def of_product(self, node: str) -> NDArray[np.float32]:
        """The weight that a node multiplies by, shape (inputs, outputs). Raises `ValueError` if there is none."""
        for taken in self._inputs.get(f"{node}_quant", ()):
            if taken in self._constants and taken.endswith("_quantized"):
                return self.named(taken.removesuffix("_quantized"))
        raise ValueError(f"{self._file_name} has no weight for {node}.")

    def _read_graph(self, graph: memoryview) -> None:
        for number, value in _fields(graph):
            if number == _Graph.node:
                self._read_node(value)
            elif number == _Graph.constant:
                name = next(bytes(each).decode() for field, each in _fields(value) if field == _Constant.name)
                self._constants[name] = value

    def _read_node(self, node: memoryview) -> None:
        name, inputs = "", list[str]()
        for number, value in _fields(node):
            if number == _Node.name:
                name = bytes(value).decode()
            elif number == _Node.input:
                inputs.append(bytes(value).decode())
            elif number == _Node.attribute:
                for field, each in _fields(value):
                    if field == _Node.attribute_graph:
                        self._read_graph(each)
        self._inputs[name] = inputs

    def _array(self, name: str) -> NDArray[np.float32]:
        if name not in self._constants:
            raise ValueError(f"{self._file_name} has no weight {name}.")
        shape: list[int] = []
        found: dict[int, Any] = {}
        for number, value in _fields(self._constants[name]):
            if number == _Constant.shape:
                shape.extend(_numbers(value) if isinstance(value, memoryview) else [value])
            else:
                found[number] = value
        if found.get(_Constant.type) not in _TYPES:
            raise ValueError(f"{self._file_name} has a weight {name} of an unknown type.")
        if _Constant.data in found:
            array = np.frombuffer(found[_Constant.data], _TYPES[found[_Constant.type]])
        elif _Constant.floats in found:
            array = np.frombuffer(found[_Constant.floats], "<f4")
        else:
            array = np.array(list(_numbers(found.get(_Constant.integers, memoryview(b"")))), np.int64)
        return array.reshape(shape).astype(np.float32)


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """Each field's number and its value: a number, or the bytes of anything longer."""
    position = 0
    while position < len(message):
        key, position = _number(message, position)
        kind = key & 7
        if kind == 0:
            value, position = _number(message, position)
            yield key >> 3, value
            continue
        if kind == 2:  # Its length comes first.
            length, position = _number(message, position)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"a field of the unknown kind {kind}")
        if position + length > len(message):
            raise ValueError("its end is missing")
        yield key >> 3, message[position : position + length]
        position += length


def _numbers(packed: memoryview) -> Iterator[int]:
    position = 0
    while position < len(packed):
        value, position = _number(packed, position)
        yield value - 2**64 if value >= 2**63 else value


def _number(message: memoryview, position: int) -> tuple[int, int]:
    """The number at a position, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
