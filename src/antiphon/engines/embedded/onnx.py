"""ONNX models on the processor, or on a GPU by CUDA."""

from __future__ import annotations

import mmap
from pathlib import Path

import onnxruntime

_CPU = "CPUExecutionProvider"
_CUDA = "CUDAExecutionProvider"
_INTEGER_OPERATORS = b"ConvInteger", b"DynamicQuantizeLinear"
"""In models whose weights are int8. onnxruntime has no CUDA code for them: around each, it would copy to the processor
and back."""


def has_cuda() -> bool:
    """Whether this onnxruntime was built with CUDA. Whether it works is only known once a model has been loaded."""
    return _CUDA in onnxruntime.get_available_providers()


def is_quantized(model: Path) -> bool:
    """Whether the file has int8 weights, which CUDA would only slow down."""
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(operator) >= 0 for operator in _INTEGER_OPERATORS)


def open_session(model: Path, *, threads: int, device: str = "cpu") -> onnxruntime.InferenceSession:
    """Load a model on `device`, "cpu" or "cuda". Its `threads` sleep while they wait.

    Raises onnxruntime's errors, which have no common base class, and `RuntimeError` if it has left out CUDA, which it
    does with no more than a printed warning.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if device == "cpu":
        return onnxruntime.InferenceSession(str(model), options, providers=[_CPU])
    onnxruntime.preload_dlls()  # CUDA's libraries may be Python packages, whose folders the loader does not search.
    session = onnxruntime.InferenceSession(str(model), options, providers=[_CUDA, _CPU])
    if _CUDA not in session.get_providers():
        raise RuntimeError("onnxruntime cannot use the GPU: it, its driver, CUDA or cuDNN is missing")
    return session
