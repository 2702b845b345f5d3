"""Weights are read from PyTorch's own file, which cannot have anything run."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from antiphon.engines.embedded.speakers.torch_file import read_weights

NUMBERS = np.arange(6, dtype=np.float32)


class Storage:
    """Stands for a storage while a file is written."""


def rebuild(*_: object) -> None:
    """Named in the file, never called."""


class Tensor:
    def __reduce__(self) -> tuple[Any, ...]:
        hooks: OrderedDict[str, Any] = OrderedDict()
        return rebuild, (Storage(), 0, (2, 3), (3, 1), False, hooks)


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return exec, ("raise SystemExit",)


class Writer(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        return ("storage", "FloatStorage", "0", "cpu", 6, None) if isinstance(obj, Storage) else None


def write(path: Path, whole: Any, *, numbers: bytes = NUMBERS.tobytes()) -> Path:
    """A file as PyTorch wrote it."""
    with path.open("wb") as file:
        for each in (0x1950A86A20F9469CFC6C, 1001, {}):
            pickle.dump(each, file, protocol=2)
        Writer(file, protocol=2).dump(whole)
        pickle.dump(["0"], file, protocol=2)
        file.write(len(NUMBERS).to_bytes(8, "little") + numbers)
    data = path.read_bytes().replace(f"{__name__}\nrebuild".encode(), b"torch._utils\n_rebuild_tensor_v2")
    path.write_bytes(data)
    return path


def test_tensors_are_read_with_their_shapes(tmp_path: Path):
    path = write(tmp_path / "weights.pt", {"step": 5, "model_state": OrderedDict([("linear", Tensor())])})
    weights = read_weights(path, key="model_state")
    assert list(weights) == ["linear"]
    assert np.array_equal(weights["linear"], NUMBERS.reshape(2, 3))


def test_nothing_in_a_file_is_run(tmp_path: Path):
    path = write(tmp_path / "weights.pt", {"model_state": {"linear": Evil()}})
    with pytest.raises(ValueError, match="exec"):
        read_weights(path, key="model_state")


@pytest.mark.parametrize("cut", [0, 5, 40, 200])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, cut: int):
    path = write(tmp_path / "weights.pt", {"model_state": OrderedDict([("linear", Tensor())])})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"weights.pt|buffer"):
        read_weights(path, key="model_state")


def test_what_is_no_such_file_is_refused(tmp_path: Path):
    path = tmp_path / "weights.pt"
    path.write_bytes(b"PK\x03\x04 a newer format")
    with pytest.raises(ValueError, match="not a file of weights"):
        read_weights(path, key="model_state")
