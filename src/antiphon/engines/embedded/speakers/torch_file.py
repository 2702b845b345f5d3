"""Reads the weights in a file that PyTorch wrote before its version 1.6, without PyTorch and without running anything.

Such a file is a sequence of pickles (a magic number, a version, the machine's sizes, the object, the storages' names)
and then each storage's raw numbers. Of what a pickle can do, only tensors and plain containers are allowed.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

_PICKLES_BEFORE_OBJECT = 3
_MOST_NUMBERS = 50_000_000


class _Tensor:
    """A view of a storage, whose numbers come later in the file."""

    def __init__(self, storage: str, offset: int, shape: Sequence[int]) -> None:
        self.storage = storage
        self.offset = offset
        self.shape = tuple(shape)


class _FloatStorage:
    """Stands for PyTorch's class of that name."""


def _rebuild(storage: str, offset: int, shape: Sequence[int], *_: object) -> _Tensor:
    return _Tensor(storage, offset, shape)


_ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch", "FloatStorage"): _FloatStorage,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        found = _ALLOWED.get((module_name, global_name))
        return found if found is not None else _refuse(f"{module_name}.{global_name}")

    def persistent_load(self, pid: Any, /) -> str:
        """The name of a storage: `("storage", class, name, device, size, view)`."""
        return str(pid[2])


def _refuse(what: str) -> NoReturn:
    raise ValueError(f"The file needs {what}, which a file of weights has no use for.")


def read_weights(path: Path, *, key: str) -> Mapping[str, NDArray[np.float32]]:
    """The tensors under `key`, by name. Raises `ValueError` for a file of another kind."""
    file = io.BytesIO(path.read_bytes())
    try:
        *_, whole, names = [_Unpickler(file).load() for _ in range(_PICKLES_BEFORE_OBJECT + 2)]
        storages = {str(name): _storage(file) for name in names}
        return {name: _array(tensor, storages) for name, tensor in whole[key].items() if isinstance(tensor, _Tensor)}
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"{path.name} is not a file of weights: {error!r}.") from error


def _storage(file: BinaryIO) -> NDArray[np.float32]:
    size = int.from_bytes(file.read(8), "little")
    if size > _MOST_NUMBERS:
        _refuse(f"{size} numbers at a time")
    return np.frombuffer(file.read(4 * size), "<f4", size)


def _array(tensor: _Tensor, storages: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    end = tensor.offset + int(np.prod(tensor.shape))
    return storages[tensor.storage][tensor.offset : end].reshape(tensor.shape)
