from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from antiphon.cli.keys import keys
from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import get_account
from antiphon.store.database import Database

APP = typer.Typer()
APP.add_typer(keys, name="keys")


def antiphon(*arguments: str) -> str:
    """Run the command and return all that it wrote to standard output."""
    result = CliRunner().invoke(APP, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def test_keys_can_be_listed_before_a_server_has_ever_run(data: str) -> None:
    lines = antiphon("keys", "list", "--data", data).splitlines()
    assert [line.split()[0] for line in lines] == ["key1", "key2"]
    assert all(len(line.split()[1]) == 84 for line in lines)


def test_listing_twice_shows_the_same_keys(data: str) -> None:
    assert antiphon("keys", "list", "--data", data) == antiphon("keys", "list", "--data", data)


def test_standard_output_is_json_when_that_is_asked_for(data: str) -> None:
    assert json.loads(antiphon("keys", "list", "--json", "--data", data)).keys() == {"key1", "key2"}


def test_the_environment_names_the_data_folder(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTIPHON_DATA", data)
    assert antiphon("keys", "list") == antiphon("keys", "list", "--data", data)


def test_regenerating_replaces_one_key_and_keeps_the_other(data: str) -> None:
    before = json.loads(antiphon("keys", "list", "--json", "--data", data))
    after = json.loads(antiphon("keys", "regenerate", "key2", "--json", "--data", data))
    assert after["key1"] == before["key1"]
    assert after["key2"] != before["key2"]
    assert json.loads(antiphon("keys", "list", "--json", "--data", data)) == after


def test_a_key_can_be_regenerated_while_a_server_has_the_database_open(data: str) -> None:
    old_key = json.loads(antiphon("keys", "list", "--json", "--data", data))["key1"]

    async def serve() -> str | None:
        async with await Database.open(Path(data) / "antiphon.db") as database:
            account = await get_account(database, "local")
            served_keys = AccountKeys(database, remembered_seconds=0.0)
            assert await served_keys.verify(account.id, old_key)
            await asyncio.to_thread(antiphon, "keys", "regenerate", "key1", "--data", data)
            return await served_keys.verify(account.id, old_key)

    assert asyncio.run(serve()) is None


@pytest.mark.parametrize("arguments", [["list", "--account", "nobody"], ["regenerate", "key1", "--account", "nobody"]])
def test_an_unknown_account_is_named_on_standard_error_alone(data: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(APP, ["keys", *arguments, "--data", data])
    assert result.exit_code == 1
    assert result.stderr == "There is no account named 'nobody'.\n"
    assert result.stdout == ""


def test_there_is_no_third_key(data: str) -> None:
    result = CliRunner().invoke(APP, ["keys", "regenerate", "key3", "--data", data])
    assert result.exit_code == 2
    assert "key3" in result.stderr
