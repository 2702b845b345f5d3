"""Where engines compute, with a GPU and without one. What the libraries find is made up: no test needs a GPU."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import onnxruntime
import pytest

from antiphon.engines.embedded import device
from antiphon.engines.embedded.device import Accelerator, load, place
from antiphon.engines.embedded.kinds import KOKORO, KokoroSettings
from antiphon.engines.embedded.onnx import is_quantized, open_session
from antiphon.engines.kind import Placement
from antiphon.errors import ConfigurationError
from antiphon.machine import Device
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError

pytestmark = pytest.mark.anyio

GPU = Accelerator("cuda")
NO_GPU = Accelerator(None, "the library finds no GPU", "Install one")


class XllamacppDouble:
    """What of `xllamacpp` tells of GPUs."""

    ggml_backend_dev_type = SimpleNamespace(GGML_BACKEND_DEVICE_TYPE_GPU=1, GGML_BACKEND_DEVICE_TYPE_IGPU=2)

    def __init__(self, *gpus: str) -> None:
        self._gpus = gpus

    def get_device_info(self) -> list[dict[str, Any]]:
        return [{"name": name, "type": 1} for name in self._gpus] + [{"name": "CPU", "type": 0}]


class SessionDouble:
    """A session of an onnxruntime that has left out CUDA, as it does without cuDNN."""

    def __init__(self, *_: Any, providers: list[str]) -> None:
        assert providers == ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]


class LoaderDouble:
    """Loads an engine, but not on a GPU if that `fails`."""

    def __init__(self, fails: Exception | None = None) -> None:
        self._fails = fails

    async def __call__(self, on: str) -> str:
        if self._fails is not None and on != "cpu":
            raise self._fails
        return f"an engine on {on}"


@pytest.mark.parametrize(
    ("wanted", "found", "on"),
    [("auto", GPU, "cuda"), ("auto", Accelerator("metal"), "metal"), ("cuda", GPU, "cuda"), ("cpu", GPU, "cpu")],
)
def test_an_engine_is_on_the_gpu_unless_told_otherwise(wanted: Device, found: Accelerator, on: str):
    assert place("ears", wanted, lambda: found) == Placement(device=on)


def test_without_a_gpu_an_engine_is_on_the_processor_and_says_why():
    assert place("ears", "auto", lambda: NO_GPU) == Placement(device="cpu", note=NO_GPU.lacking)


@pytest.mark.parametrize("found", [NO_GPU, Accelerator("metal", "this build uses metal", "Install one with CUDA")])
def test_cuda_that_is_not_there_is_refused_with_what_to_do(found: Accelerator):
    with pytest.raises(
        ConfigurationError, match=rf"The engine ears cannot use CUDA.*{found.lacking}. {found.advice}.*\"auto\""
    ):
        place("ears", "cuda", lambda: found)


def test_nobody_looks_for_a_gpu_that_is_not_wanted():
    place("ears", "cpu", lambda: pytest.fail("it looked"))


async def test_an_engine_that_fails_on_the_gpu_is_on_the_processor_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture,
):
    fails = RuntimeError("Library libcublas.so.12 is not found or cannot be loaded.\nat …")
    with caplog.at_level(logging.WARNING):
        loaded = await load("ears", "auto", Placement(device="cuda"), LoaderDouble(fails))
    note = "cuda failed: Library libcublas.so.12 is not found or cannot be loaded"
    assert loaded == ("an engine on cpu", Placement(device="cpu", note=note))
    assert "The engine ears does not run on cuda but on the processor: Library libcublas.so.12" in caplog.text


async def test_an_engine_that_fails_on_the_gpu_it_asks_for_does_not_start():
    with pytest.raises(ConfigurationError, match="The engine ears does not run on CUDA: out of memory"):
        await load("ears", "cuda", Placement(device="cuda"), LoaderDouble(RuntimeError("out of memory")))


async def test_a_damaged_model_is_told_as_one_whatever_the_device():
    async def damaged(_: str) -> str:
        raise ModelError("Is it a whole GGUF file?")

    for placement in (Placement(device="cuda"), Placement(device="cpu")):
        with pytest.raises(ModelError, match="whole"):
            await load("writer", "auto", placement, damaged)


@pytest.mark.parametrize(("count", "on"), [(0, None), (2, "cuda")])
def test_ctranslate2_tells_how_many_gpus_there_are(count: int, on: str | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: count)
    assert device.of_ctranslate2().device == on


@pytest.mark.parametrize(("providers", "on"), [(["CPUExecutionProvider"], None), (["CUDAExecutionProvider"], "cuda")])
def test_onnxruntime_tells_whether_it_has_cuda(providers: list[str], on: str | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: providers)
    assert device.of_onnxruntime().device == on


@pytest.mark.parametrize(
    ("gpus", "on"), [((), None), (("CUDA0", "CUDA1"), "cuda"), (("Vulkan0",), "vulkan"), (("Metal",), "metal")]
)
def test_llama_cpp_tells_the_gpus_of_its_build(gpus: tuple[str, ...], on: str | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device, "load_library", lambda: XllamacppDouble(*gpus))
    assert device.of_llama_cpp().device == on


def test_a_session_that_has_left_out_cuda_is_no_session(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnxruntime, "InferenceSession", SessionDouble)
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: None)
    with pytest.raises(RuntimeError, match="cannot use the GPU"):
        open_session(Path("model.onnx"), threads=1, device="cuda")


@pytest.mark.parametrize(
    ("content", "wanted", "on"),
    [(b"..Conv..", "auto", "cuda"), (b"..ConvInteger..", "auto", "cpu"), (b"..ConvInteger..", "cuda", "cuda")],
)
def test_int8_weights_are_left_to_the_processor_unless_cuda_is_asked_for(
    content: bytes, wanted: Device, on: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    model = tmp_path / "voice.onnx"
    model.write_bytes(content)
    assert is_quantized(model) == (b"Integer" in content)
    placement = KOKORO.place("voice", KokoroSettings(model=str(model)), ModelCache(tmp_path), wanted)
    assert placement is not None
    assert placement.device == on


def test_an_engines_own_device_comes_before_the_common_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnxruntime, "get_available_providers", list)
    assert KOKORO.place("voice", KokoroSettings(device="cpu"), ModelCache(tmp_path), "cuda") == Placement(device="cpu")
