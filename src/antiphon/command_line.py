"""Formats `antiphon` commands so that users can paste them into their terminal."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from antiphon.store.location import user_data_directory

DEFAULT_PORT = 8080
DEFAULT_TLS_PORT = 8443
_NAME = "antiphon"
_DATA_VARIABLES = ("ANTIPHON_DATA", "XDG_DATA_HOME")
"""Variables that can move the default data folder, in one terminal but not in another."""
_WITHOUT_DATA = frozenset({"cluster", "doctor", "engines", "models"})
_COMMAND = re.compile(rf"`{_NAME} (?P<what>[a-z-]+)(?P<rest>[^`]*)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """Commands for one data folder, and for one server on it."""

    program: str = _NAME
    data: Path | None = None
    """None if it is the default in all of the user's terminals."""
    port: int | None = None
    """None for the default one."""

    @property
    def folder_options(self) -> str:
        """The options of a command on the data folder, with a leading space; "" if none are needed."""
        return "" if self.data is None else f" --data {shlex.quote(str(self.data))}"

    @property
    def server_options(self) -> str:
        """The options of a command on the running server, likewise."""
        return ("" if self.port is None else f" --port {self.port}") + self.folder_options

    def about_folder(self, words: str) -> str:
        """The command `words`, such as `keys list`."""
        return f"{shlex.quote(self.program)} {words}{self.folder_options}"

    def about_server(self, words: str) -> str:
        """The command `words`, such as `portal`."""
        return f"{shlex.quote(self.program)} {words}{self.server_options}"

    def fitted(self, message: str) -> str:
        """A message to the user, with the commands in it, which are in backticks, completed so that they run."""

        def fit(found: re.Match[str]) -> str:
            words = found["what"] + found["rest"]
            if found["what"] in _WITHOUT_DATA:
                return f"`{shlex.quote(self.program)} {words}`"
            return f"`{self.about_folder(words)}`"

        return _COMMAND.sub(fit, message)


def command_line(data: Path | None = None, *, port: int | None = None) -> CommandLine:
    """The commands of this installation. `data` is the folder in use, `port` the server's; None omits them."""
    is_usual = data is None or (
        data.absolute() == user_data_directory() and not any(map(os.environ.get, _DATA_VARIABLES))
    )
    return CommandLine(
        program=_program(),
        data=None if is_usual or data is None else data.absolute(),
        port=None if port == DEFAULT_PORT else port,
    )


def _program() -> str:
    """The program's bare name if every terminal finds this very program by it; otherwise its path."""
    own = _own_path()
    if own is None:
        return _NAME
    found = shutil.which(_NAME, path=_lasting_path())
    return _NAME if found is not None and Path(found).resolve() == own.resolve() else str(own)


def _own_path() -> Path | None:
    """The path of the running program; None if it was not started as one and is not beside the interpreter."""
    for candidate in (Path(sys.argv[0]), Path(sys.executable).with_name(_NAME)):
        if candidate.name == _NAME and candidate.is_file():
            return candidate.absolute()
    return None


def _lasting_path() -> str:
    """PATH without environments that are active only in this terminal, and without relative folders."""
    passing = [Path(root) / "bin" for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if (root := os.environ.get(name))]
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(each for each in folders if os.path.isabs(each) and Path(each) not in passing)
