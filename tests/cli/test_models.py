from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antiphon.cli import models as commands
from antiphon.models.model import HubRepository, Model

FILES = {"model.bin": b"weights", "config.json": b"{}"}


@pytest.fixture
def tiny(make_model) -> Model:
    return make_model(FILES, HubRepository(repository="some/tiny"))


@pytest.fixture
def run(web, page, tiny, make_cache, monkeypatch):
    """Run `antiphon models …` with a catalogue of one tiny model that the fake hub has."""
    for path, body in FILES.items():
        web.pages[f"/hub/some/tiny/resolve/main/{path}"] = page(body)
    cache = make_cache(tiny)
    monkeypatch.setattr(commands, "CATALOGUE", cache.catalogue)
    monkeypatch.setattr(commands, "DEFAULTS", ("tiny",))
    monkeypatch.setattr(commands, "ModelCache", lambda directory: cache)
    return lambda *arguments: CliRunner().invoke(commands.app, arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "tiny"


def test_list_shows_role_licence_size_and_state(run):
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split() == ["tiny", "recognizer", "MIT", "9", "bytes", "missing", "yes"]


def test_list_as_json_tells_everything(run, folder):
    assert json.loads(run("list", "--json").stdout) == [
        {
            "name": "tiny",
            "role": "recognizer",
            "title": "Tiny",
            "licence": "MIT",
            "homepage": "https://example.org/tiny",
            "bytes": 9,
            "state": "missing",
            "default": True,
            "path": str(folder),
        }
    ]


def test_pull_fetches_the_default_models_and_tells_on_standard_error(run, folder):
    result = run("pull")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("tiny: fetching 9 bytes\n")
    assert (folder / "model.bin").read_bytes() == b"weights"


def test_pull_of_an_unknown_name_fails_with_the_names_there_are(run):
    result = run("pull", "huge")
    assert result.exit_code == 1
    assert result.stderr == "There is no model 'huge'. The catalogue has: tiny.\n"


def test_verify_says_what_is_whole(run):
    run("pull")
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "Whole: tiny.\n")


def test_verify_names_a_damaged_file_and_what_to_do(run, folder):
    run("pull")
    (folder / "model.bin").write_bytes(b"weighty")
    result = run("verify")
    assert result.exit_code == 1
    assert f"tiny: {folder / 'model.bin'} is damaged (its sha256 differs)" in result.stdout
    assert result.stderr.endswith("antiphon models pull tiny` to download the damaged models again.\n")


def test_verify_can_fetch_again_what_is_damaged(run, folder):
    run("pull")
    (folder / "model.bin").write_bytes(b"weighty")
    assert run("verify", "--repair").exit_code == 0
    assert (folder / "model.bin").read_bytes() == b"weights"


def test_path_prints_where_a_model_lies(run, folder):
    assert run("path", "tiny").stdout == f"{folder}\n"
    assert run("path").stdout == f"{folder.parent}\n"


def test_path_of_something_unknown_fails(run):
    assert run("path", "huge").exit_code == 1
