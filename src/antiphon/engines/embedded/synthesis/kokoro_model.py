"""`KokoroModel`: any ONNX export of Kokoro 1.0, from phonemes and a style to samples."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail

from antiphon.engines.embedded.onnx import open_session
from antiphon.models.errors import ModelError

SAMPLE_RATE = 24_000
STYLE_SIZE = 256

_NUMPY_TYPES: Mapping[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


class Interrupted(Exception):
    """The computation was interrupted."""


@dataclass(frozen=True, slots=True)
class _Input:
    """One input of the model; exports differ in the names and number types."""

    name: str
    type: type[np.generic]

    def tensor(self, value: Any) -> dict[str, NDArray[Any]]:
        return {self.name: np.asarray(value, self.type)}


class KokoroModel:
    """Loads the file at `path`: fp32, fp16 or int8.

    Raises `ModelError` if the file cannot be loaded, on `device` ("cpu" or "cuda"), or is a different model.
    """

    def __init__(self, path: Path, *, threads: int, device: str = "cpu") -> None:
        try:
            self._session = open_session(path, threads=threads, device=device)
        except Exception as error:  # onnxruntime's errors have no common base class.
            raise ModelError(f"{path} cannot be loaded as an ONNX model: {error}") from error
        inputs = [_Input(node.name, _NUMPY_TYPES.get(node.type, np.float32)) for node in self._session.get_inputs()]
        if len(inputs) != 3 or inputs[0].name not in {"tokens", "input_ids"}:
            names = ", ".join(node.name for node in inputs)
            raise ModelError(f"{path} is not a Kokoro model: its inputs are {names}, not tokens, style and speed.")
        self._tokens, self._style, self._speed = inputs
        self._vocabulary: dict[str, int] = json.loads(
            resources.files("hibari").joinpath("assets/vocab.json").read_text(encoding="utf-8")
        )

    def pronounceable(self, phonemes: str) -> str:
        """The phonemes without those that the model has no token for."""
        return "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)

    def speak(
        self,
        phonemes: str,
        style: NDArray[np.float32],
        *,
        speed: float,
        on_start: Callable[[Callable[[], None]], None],
    ) -> NDArray[np.float32]:
        """Samples of shape (n,) at `SAMPLE_RATE`.

        `phonemes` are pronounceable, at most 510; `style` has shape (256,). `on_start` is given a function that stops
        the computation from another thread, upon which this raises `Interrupted`.
        """
        tokens = [0, *(self._vocabulary[phoneme] for phoneme in phonemes), 0]
        run = onnxruntime.RunOptions()
        on_start(lambda: setattr(run, "terminate", True))
        inputs = self._tokens.tensor([tokens]) | self._style.tensor([style]) | self._speed.tensor([speed])
        try:
            outputs = self._session.run(None, inputs, run)
        except Fail as error:
            if run.terminate:
                raise Interrupted from error
            raise
        return np.asarray(outputs[0], np.float32).reshape(-1)
