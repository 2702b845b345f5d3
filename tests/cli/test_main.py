"""The list of commands, and what it costs to show it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from antiphon.cli.main import COMMANDS, app

LIST = """
import sys
from antiphon.cli.main import app
try:
    app()
finally:
    print(*sorted(name for name in sys.modules if name.startswith("antiphon.")), "sqlalchemy" in sys.modules)
"""


def test_listing_the_commands_imports_none_of_them() -> None:
    shown = subprocess.run([sys.executable, "-c", LIST, "--help"], capture_output=True, text=True, check=True).stdout
    *modules, has_database = shown.splitlines()[-1].split()
    assert "signing-keys" in shown
    assert has_database == "False"
    assert [name for name in modules if name.startswith("antiphon.cli.")] == [
        "antiphon.cli.deferred",
        "antiphon.cli.main",
        "antiphon.cli.options",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_describes_itself_as_the_list_does(name: str) -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert COMMANDS[name][1] in result.stdout


def test_a_command_that_is_misspelt_is_told_of_its_likeness() -> None:
    result = CliRunner().invoke(app, ["modles"])
    assert result.exit_code == 2
    assert "Did you mean 'models'" in result.stderr
