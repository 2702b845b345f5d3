"""Azure's quickstarts, unchanged and without a key, after `eval "$(antiphon env)"`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from filelock import FileLock

from .running_server import RunningServer, run_program

QUICKSTARTS = Path(__file__).parents[3] / "shared" / "quickstarts"
JAVASCRIPT = Path(__file__).with_name("javascript")
INSTALLED = Path(__file__).parents[2] / ".venv" / "quickstarts-node"

pytestmark = pytest.mark.skipif(not QUICKSTARTS.is_dir(), reason="the quickstarts in ../shared are not on this machine")


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """What the programs in JavaScript need, installed once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the quickstarts in JavaScript need node and npm")
    lock = JAVASCRIPT / "package-lock.json"
    done = INSTALLED / "done"  # The lock file that was followed to its end.
    with FileLock(INSTALLED.with_suffix(".lock")):  # Other processes run tests, too.
        if not done.exists() or done.read_bytes() != lock.read_bytes():
            shutil.rmtree(INSTALLED, ignore_errors=True)
            shutil.copytree(JAVASCRIPT, INSTALLED)
            install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(install, cwd=INSTALLED, check=True)
            shutil.copy(lock, done)
    return INSTALLED / "node_modules"


def run(interpreter: str, name: str, server: RunningServer, folder: Path) -> str:
    done = run_program(interpreter, name, folder=folder, environment=server.environment())
    assert done.returncode == 0, done.stderr
    assert "Error occurred:" not in done.stderr, done.stderr  # With which those in JavaScript end well.
    return done.stdout


def seconds(file: Path) -> float:
    with wave.open(str(file)) as recording:
        return recording.getnframes() / recording.getframerate()


def test_the_programs_in_python_that_use_rest(server: RunningServer, tmp_path: Path):
    folder = shutil.copytree(QUICKSTARTS / "python_rest", tmp_path / "programs")
    speak_describe_and_go_on(server, folder)


def test_the_programs_in_python_that_use_the_sdk(server: RunningServer, tmp_path: Path):
    folder = shutil.copytree(QUICKSTARTS / "python_sdk", tmp_path / "programs")
    program = (folder / "from-audio.py").read_text()
    (folder / "from-audio.py").write_text(program.replace("azure_endpoint=endpoint\n", "azure_endpoint=endpoint,\n"))
    speak_describe_and_go_on(server, folder)


def speak_describe_and_go_on(server: RunningServer, folder: Path) -> None:
    run(sys.executable, "to-audio.py", server, folder)
    assert seconds(folder / "dog.wav") > 1

    description = run(sys.executable, "from-audio.py", server, folder)
    assert re.search(r"dog|retriever", description.lower())
    assert seconds(folder / "analysis.wav") > 0.5

    turns = run(sys.executable, "multi-turn.py", server, folder)
    assert "audio_" in turns
    assert turns.rstrip().rpartition("Very briefly, summarize the favorability.")[2].strip()


def test_the_programs_in_javascript(server: RunningServer, node_modules: Path, tmp_path: Path):
    folder = shutil.copytree(QUICKSTARTS / "javascript", tmp_path / "programs")
    (folder / "node_modules").symlink_to(node_modules)

    run("node", "to-audio.js", server, folder)
    assert seconds(folder / "dog.wav") > 1

    description = run("node", "from-audio.js", server, folder)
    assert re.search(r"dog|retriever", description.lower())
    assert seconds(folder / "analysis.wav") > 0.5

    turns = run("node", "multi-turn.js", server, folder)
    assert "id: 'audio_" in turns
    assert turns.rpartition("\n}\n")[2].strip()
