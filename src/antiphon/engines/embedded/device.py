"""Where an engine of this process computes: on the processor, or on a GPU that its library can use."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import ctranslate2

from antiphon.engines.embedded import onnx
from antiphon.engines.embedded.llama.library import load_library
from antiphon.engines.kind import Placement
from antiphon.errors import ConfigurationError
from antiphon.machine import Device

_log = logging.getLogger(__name__)

T = TypeVar("T")

CPU = "cpu"
CUDA = "cuda"


@dataclass(frozen=True, slots=True)
class Accelerator:
    """What a library finds besides the processor."""

    device: str | None
    """Such as "cuda" or "metal"; None if it finds nothing."""
    lacking: str = ""
    """Why it is not CUDA."""
    advice: str = ""
    """What to do for CUDA."""


def of_ctranslate2() -> Accelerator:
    """Its packages have CUDA built in, and load cuBLAS when they first need it."""
    if ctranslate2.get_cuda_device_count():
        return Accelerator(CUDA)
    return Accelerator(None, "CTranslate2 finds no NVIDIA GPU", "Install one, and its driver")


def of_onnxruntime() -> Accelerator:
    """Whether CUDA is built in. Whether there is a GPU as well is only known once a model has been loaded."""
    if onnx.has_cuda():
        return Accelerator(CUDA)
    return Accelerator(None, "this onnxruntime has no CUDA", "Install onnxruntime-gpu in its place")


def of_llama_cpp() -> Accelerator:
    """The first GPU that this build of llama.cpp can use, whoever made it."""
    types = load_library().ggml_backend_dev_type
    gpus = {types.GGML_BACKEND_DEVICE_TYPE_GPU, types.GGML_BACKEND_DEVICE_TYPE_IGPU}
    names = [device["name"] for device in load_library().get_device_info() if device["type"] in gpus]
    if not names:
        return Accelerator(None, "this xllamacpp finds no GPU", "Install its build with CUDA, and the GPU's driver")
    first = re.sub(r"\W*\d+$", "", names[0]).lower()
    return Accelerator(first, f"this xllamacpp uses {first}", "Install its build with CUDA")


def place(engine: str, wanted: Device, look: Callable[[], Accelerator]) -> Placement:
    """`look` is one of those above. Raises `ConfigurationError` if CUDA is wanted and lacks something."""
    if wanted == CPU:
        return Placement(device=CPU)
    found = look()
    if wanted == CUDA and found.device != CUDA:
        raise ConfigurationError(
            f'The engine {engine} cannot use CUDA, as device = "cuda" asks: {found.lacking}. {found.advice}; or write '
            'device = "auto", which uses the processor where there is nothing better.'
        )
    return Placement(device=found.device or CPU, note="" if found.device else found.lacking)


async def load(
    engine: str, wanted: Device, placement: Placement, loader: Callable[[str], Awaitable[T]]
) -> tuple[T, Placement]:
    """Load and warm an engine on the device where it is placed. `loader` takes the device.

    If "auto" has found a GPU, but the engine does not run on it, as without CUDA's own libraries, it runs on the
    processor and the log tells why. Raises `ConfigurationError`, and what `loader` raises.
    """
    if placement.device == CPU:
        return await loader(CPU), placement
    try:
        return await loader(placement.device), placement
    except Exception as error:
        reason = first_line(error)
        if wanted == CUDA:
            raise ConfigurationError(
                f"The engine {engine} does not run on CUDA: {reason}. docs/engines.md tells what CUDA needs; device = "
                '"cpu" does without.'
            ) from error
        _log.warning("The engine %s does not run on %s but on the processor: %s", engine, placement.device, reason)
        return await loader(CPU), Placement(device=CPU, note=f"{placement.device} failed: {reason}")


def first_line(error: Exception) -> str:
    """What an error says, as a part of a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removesuffix(".")
