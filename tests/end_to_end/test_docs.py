"""Somebody follows README.md and docs/*.md to the letter, each page from top to bottom, in one terminal a page."""

from __future__ import annotations

import os
import re
import shutil
import sys
import wave
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from antiphon.models.disk import DIRECTORY_VARIABLE, default_directory

from ..docs.examples import EXAMPLES, PAGES, ROOT, Example, is_run
from .running_server import RunningServer, run_program

AZ = ROOT / ".venv" / "az" / "bin"
README = PAGES[0]
PROGRAM = "your_program.py"
"""What docs/identity.md calls the reader's own program: here, the first program of its page."""


def run_on(page: Path) -> list[Example]:
    return [example for example in EXAMPLES if example.page == page and is_run(example)]


class Terminal:
    """A shell whose variables last from one example to the next, in an empty home folder."""

    def __init__(self, server: RunningServer, home: Path, principal: Mapping[str, str]) -> None:
        self._home = home
        self._state = home / "state"
        self._state.touch()
        (home / ".venv").symlink_to(sys.prefix)
        programs = (str(Path(sys.executable).parent), str(AZ), os.environ["PATH"])
        self._environment = {
            "PATH": ":".join(programs),
            "ANTIPHON_DATA": str(server.data),
            DIRECTORY_VARIABLE: str(default_directory()),  # Models are not downloaded again.
        }
        self._meant = {
            "localhost:8080": f"localhost:{server.port}",
            "localhost:8443": f"localhost:{server.tls_port}",
            "CLIENT_ID": principal["client_id"],
            "SECRET": principal["client_secret"],
            "TENANT_ID": principal["tenant"],
            "KEY": server.key,
        }
        """What the reader puts in place of what an example has."""

    def run(self, example: Example) -> str:
        """Run an example, which has to succeed. Returns what it prints."""
        if example.language == "python":
            self.write(example, "program.py")
            return self._shell("python program.py", example.place)
        said = self._shell(self._as_meant(example.commands), example.place)
        for placeholder, field in (("CLIENT_ID", "client_id"), ("SECRET", "client_secret")):
            if made := re.search(rf"^{field} +(\S+)$", said, re.MULTILINE):
                self._meant[placeholder] = made[1]
        return said

    def write(self, example: Example, name: str) -> None:
        (self._home / name).write_text(self._as_meant(example.code))

    def _shell(self, commands: str, place: str) -> str:
        script = f"set -eo pipefail\n. {self._state}\n{commands}\nexport -p > {self._state}\n"
        done = run_program("bash", "-c", script, folder=self._home, environment=self._environment)
        assert done.returncode == 0, f"{place}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _as_meant(self, text: str) -> str:
        names = "|".join(re.escape(name) for name in self._meant)
        return re.sub(rf"(?<![A-Z_])({names})(?![A-Z_])", lambda found: self._meant[found[1]], text)


@pytest.fixture
def terminal(server: RunningServer, tmp_path: Path) -> Generator[Terminal]:
    principal = server.told("principals", "add", "reader")
    server.run("roles", "assign", "reader", "Owner")
    yield Terminal(server, tmp_path, principal)
    for made in server.told("principals", "list"):
        if made["name"] in ("reader", "robot"):
            server.run("principals", "remove", made["name"])


def test_the_readme_lets_a_question_be_asked_and_the_answer_be_heard(terminal: Terminal, tmp_path: Path) -> None:
    for said in (said for said in follow(terminal, README) if said):
        assert re.search(r"dog|retriever|famil", said.lower())
        with wave.open(str(tmp_path / "dog.wav")) as recording:
            assert recording.getnframes() > recording.getframerate()
        (tmp_path / "dog.wav").unlink()


@pytest.mark.parametrize("page", [page for page in PAGES[1:] if run_on(page)], ids=lambda page: page.name)
def test_the_examples_of_a_page_succeed_one_after_the_other(terminal: Terminal, page: Path) -> None:
    said = "".join(follow(terminal, page))
    for expected in SAID.get(page.name, ()):
        assert re.search(expected, said), f"{expected} is not in:\n{said}"


SAID = {
    "identity.md": ["gpt-4o-audio-preview"],
    "management.md": ["contoso", "InsufficientQuota|GlobalStandard", "https?://local"],
    "realtime.md": [r"\w+ \w+ \w+"],
}
"""What a page's examples print, beside others."""


def follow(terminal: Terminal, page: Path) -> Generator[str]:
    """What each of its examples prints. Those for `az` are left out, and the test is skipped at its end, without it."""
    examples = run_on(page)
    if programs := [example for example in examples if example.language == "python"]:
        terminal.write(programs[0], PROGRAM)
    left_out: list[str] = []
    for example in examples:
        if re.search(r"^az ", example.commands, re.MULTILINE) and shutil.which("az", path=str(AZ)) is None:
            left_out.append(example.place)
        else:
            yield terminal.run(example)
    if left_out:
        pytest.skip(f"all others succeeded; {', '.join(left_out)} need the Azure CLI, which `make az` installs")
