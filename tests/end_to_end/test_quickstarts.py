"""The quickstarts' REST programs, with a key in place of their token, as the README promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from .conftest import RunningServer

pytestmark = pytest.mark.models

QUICKSTARTS = Path(__file__).parents[3] / "shared" / "quickstarts" / "python_rest"


def with_a_key(program: str) -> str:
    """The program without azure-identity, which is not installed here: its bearer token is the key."""
    program = re.sub(r"from azure.identity import .*\n", "from types import SimpleNamespace\n", program)
    program = re.sub(r"credential = .*\n", "", program)
    return re.sub(r"token = .*\n", "token = SimpleNamespace(token=os.environ['AZURE_OPENAI_API_KEY'])\n", program)


def run(name: str, server: RunningServer, folder: Path) -> str:
    program = folder / name
    program.write_text(with_a_key((QUICKSTARTS / name).read_text()))
    environment = os.environ | server.environment
    done = subprocess.run([sys.executable, program], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not QUICKSTARTS.is_dir(), reason="the quickstarts in ../shared are not on this machine")
def test_the_quickstarts_speak_describe_and_go_on(server: RunningServer, tmp_path: Path):
    run("to-audio.py", server, tmp_path)
    with wave.open(str(tmp_path / "dog.wav")) as file:
        assert file.getnframes() / file.getframerate() > 1

    description = run("from-audio.py", server, tmp_path)
    assert re.search(r"dog|retriever", description.lower())
    assert (tmp_path / "analysis.wav").stat().st_size > 20_000

    turns = run("multi-turn.py", server, tmp_path)
    assert "audio_" in turns
    assert turns.rstrip().rpartition("Very briefly, summarize the favorability.")[2].strip()
