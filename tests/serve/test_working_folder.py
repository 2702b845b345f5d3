"""Nothing that lies in the folder from which the server is started is taken for a module and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import antiphon
from antiphon.audio.decoder import Decoder
from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.models.registries import Registries

HOSTILE = "from pathlib import Path\nPath(__file__).with_name('was_run').touch()\n"
MODULES = ("antiphon", "pip", "espeakng_loader", "ctypes", "json", "av", "numpy", "encodings", "sitecustomize", "runpy")


@pytest.fixture
def hostile_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, full of modules by the names of those that are imported."""
    for name in MODULES:
        (tmp_path / f"{name}.py").write_text(HOSTILE)
    for name in ("pip", "antiphon"):
        package = tmp_path / name
        package.mkdir()
        for module in ("__init__", "__main__"):
            (package / f"{module}.py").write_text(HOSTILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found_running(folder: Path) -> list[Path]:
    return list(folder.rglob("was_run"))


def test_phonemes_are_made_without_it(hostile_folder: Path):
    espeak = Espeak()
    try:
        assert espeak.phonemes("bonjour", "fr")
    finally:
        espeak.close()
    assert not found_running(hostile_folder)


def test_pip_is_asked_without_it(hostile_folder: Path):
    registries = Registries({"PIP_CONFIG_FILE": "/dev/null"}, read=lambda url, accept: pytest.fail(f"{url} was read"))
    assert registries.python_index.startswith("https://")
    assert not found_running(hostile_folder)


@pytest.mark.anyio
async def test_recordings_are_decoded_without_it(hostile_folder: Path):
    decoder = Decoder(processes=1)
    file = encode([Pcm.silence(0.1, 16_000)], audio_format=Format.WAV, sample_rate=16_000)
    try:
        assert len((await decoder.decode(file, declared_format="wav", sample_rate=16_000)).samples) == 1600
    finally:
        await decoder.close()
    assert not found_running(hostile_folder)


def test_no_module_is_run_by_name_from_the_working_folder():
    sources = Path(antiphon.__file__).parent.rglob("*.py")
    commands = [
        command for source in sources for command in re.findall(r"sys\.executable,\s*(\S+)", source.read_text())
    ]
    assert commands
    assert set(commands) == {'"-P",'}
