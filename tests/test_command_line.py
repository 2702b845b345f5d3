"""What is printed for somebody to run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from antiphon.command_line import CommandLine, command_line
from antiphon.identity.errors import PrincipalNotFound
from antiphon.store.location import user_data_directory


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command, in a folder that is not on PATH."""
    program = tmp_path / "my tools" / "bin" / "antiphon"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program), "serve"])
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    for name in ("ANTIPHON_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return program


def test_the_program_is_called_by_its_path_where_the_terminal_does_not_find_it(installed: Path):
    assert command_line().about_server("portal") == f"{shlex.quote(str(installed))} portal"


def test_the_program_is_called_by_its_name_where_every_terminal_finds_it(
    installed: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{installed.parent}{os.pathsep}/usr/bin")
    assert command_line().about_server("portal") == "antiphon portal"


def test_a_link_on_the_path_is_the_same_program(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "antiphon").symlink_to(installed)
    monkeypatch.setenv("PATH", str(tmp_path / "local"))
    assert command_line().program == "antiphon"


def test_another_installation_on_the_path_is_not_called(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = tmp_path / "other" / "antiphon"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert command_line().program == str(installed)


def test_an_environment_that_is_activated_is_not_so_in_other_terminals(
    installed: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{installed.parent}{os.pathsep}/usr/bin")
    monkeypatch.setenv("VIRTUAL_ENV", str(installed.parent.parent))
    assert command_line().program == str(installed)


def test_a_program_called_by_a_relative_path_is_told_by_its_absolute_one(
    installed: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(installed.parent.parent)
    monkeypatch.setattr(sys, "argv", ["bin/antiphon", "serve"])
    assert command_line().program == str(installed)


def test_the_usual_folder_and_port_are_not_told(installed: Path):
    assert command_line(user_data_directory(), port=8080).server_options == ""


@pytest.mark.parametrize("name", ["ANTIPHON_DATA", "XDG_DATA_HOME"])
def test_the_usual_folder_is_told_where_this_terminal_has_another_one(
    installed: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setenv(name, "/srv/voice")
    assert "--data" in command_line(user_data_directory()).folder_options


@pytest.mark.parametrize("folder", ["plain", "with space", "it's $HOME; `rm`"])
def test_what_is_printed_runs_in_a_shell_as_it_stands(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
):
    monkeypatch.chdir(tmp_path)
    commands = command_line(Path(folder), port=9000)
    run = subprocess.run(["sh", "-c", commands.about_server("portal")], cwd="/", capture_output=True, check=True)
    assert run.stdout.decode().split("|")[:-1] == ["portal", "--port", "9000", "--data", str(tmp_path / folder)]


def test_commands_in_messages_are_made_to_fit():
    commands = CommandLine(program="/opt/bin/antiphon", data=Path("/srv/my data"), port=9000)
    told = commands.fitted(PrincipalNotFound("ada").message)
    assert told.endswith("To list them: `/opt/bin/antiphon principals list --data '/srv/my data'`.")


def test_commands_without_a_data_folder_get_none():
    commands = CommandLine(program="/opt/bin/antiphon", data=Path("/srv/voice"))
    assert (
        commands.fitted("Run `antiphon models pull kokoro-82m`.") == "Run `/opt/bin/antiphon models pull kokoro-82m`."
    )
