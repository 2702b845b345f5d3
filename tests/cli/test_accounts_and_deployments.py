from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from antiphon.cli.accounts import accounts
from antiphon.cli.deployments import deployments
from antiphon.cli.keys import keys

APP = typer.Typer()
APP.add_typer(accounts, name="accounts")
APP.add_typer(deployments, name="deployments")
APP.add_typer(keys, name="keys")

AUDIO = ("--model", "gpt-4o-audio-preview")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTIPHON_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)  # Where antiphon.toml is looked for.


def run(*arguments: str) -> Result:
    return CliRunner().invoke(APP, arguments, catch_exceptions=False)


def antiphon(*arguments: str) -> str:
    """Run the command and return all that it wrote to standard output."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refusal(*arguments: str) -> str:
    """Run a command that must fail and return what it wrote to standard error alone."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_a_new_data_folder_has_one_account_with_the_usual_deployments() -> None:
    assert [line.split()[0] for line in antiphon("accounts", "list").splitlines()] == ["NAME", "local"]
    assert [each["name"] for each in json.loads(antiphon("deployments", "list", "--json"))] == [
        "gpt-4o-audio-preview",
        "gpt-4o-mini-transcribe",
        "gpt-4o-mini-tts",
        "gpt-4o-realtime-preview",
        "gpt-4o-transcribe",
        "gpt-audio",
        "gpt-audio-mini",
        "gpt-realtime",
        "gpt-realtime-mini",
        "tts",
        "whisper",
    ]


def test_an_account_is_made_shown_and_deleted() -> None:
    made = antiphon("accounts", "create", "contoso", "--location", "East US 2", "--resource-group", "rg", "--json")
    assert json.loads(made)["location"] == "eastus2"
    assert antiphon("accounts", "show", "CONTOSO", "--json") == made
    assert "resource group  rg" in antiphon("accounts", "show", "contoso")
    assert json.loads(antiphon("keys", "list", "--account", "contoso", "--json")).keys() == {"key1", "key2"}
    antiphon("accounts", "delete", "contoso")
    assert refusal("accounts", "show", "contoso") == "There is no account named 'contoso'.\n"


def test_a_deployment_is_made_changed_and_deleted() -> None:
    antiphon("accounts", "create", "contoso")
    antiphon("deployments", "create", "voice", *AUDIO, "--capacity", "5", "--account", "contoso")
    changed = json.loads(
        antiphon("deployments", "update", "voice", "--capacity", "7", "--account", "contoso", "--json")
    )
    assert (changed["capacity"], changed["sku"], changed["model_version"]) == (7, "GlobalStandard", "2024-12-17")
    assert "voice" in antiphon("deployments", "list", "--account", "contoso")
    assert "accounts/contoso/deployments/voice" in refusal("accounts", "delete", "contoso")
    antiphon("deployments", "delete", "voice", "--account", "contoso")
    assert refusal("deployments", "show", "voice") == "The account 'local' has no deployment named 'voice'.\n"
    antiphon("accounts", "delete", "contoso")


def test_a_profile_is_one_of_the_servers_configuration(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[profiles.default]\n[profiles.fast]\n")
    assert "'fast'" in refusal("deployments", "create", "voice", *AUDIO, "--profile", "fast")
    made = antiphon("deployments", "create", "voice", *AUDIO, "--profile", "fast", "--config", "other.toml", "--json")
    assert json.loads(made)["profile"] == "fast"
    antiphon("deployments", "update", "voice", "--profile", "default")
    assert json.loads(antiphon("deployments", "show", "voice", "--json"))["profile"] == "default"


def test_the_pool_is_that_of_the_servers_configuration(tmp_path: Path) -> None:
    (tmp_path / "antiphon.toml").write_text("[quotas]\ncapacity_per_model = 10005\n")
    antiphon("deployments", "create", "voice", *AUDIO, "--capacity", "5")
    assert "the quota limit is 10005" in refusal("deployments", "create", "more", *AUDIO)


def test_a_deployment_without_a_capacity_is_like_those_that_a_new_data_folder_has() -> None:
    made = json.loads(antiphon("deployments", "create", "voice", *AUDIO, "--json"))
    local = json.loads(antiphon("deployments", "show", "gpt-4o-audio-preview", "--json"))
    assert made["capacity"] == local["capacity"] == 10_000


def test_a_deployment_that_is_made_anew_without_a_capacity_keeps_its_own() -> None:
    antiphon("deployments", "create", "voice", *AUDIO, "--capacity", "5")
    assert json.loads(antiphon("deployments", "create", "voice", *AUDIO, "--json"))["capacity"] == 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("accounts", "delete", "nobody"),
        ("accounts", "create", "no_host"),
        ("deployments", "list", "--account", "nobody"),
        ("deployments", "create", "voice", "--model", "gpt-9"),
        ("deployments", "update", "nothing", "--capacity", "1"),
        ("deployments", "delete", "nothing"),
    ],
)
def test_what_cannot_be_done_is_told_on_standard_error_alone(arguments: tuple[str, ...]) -> None:
    assert refusal(*arguments)
