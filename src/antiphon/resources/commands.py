"""`antiphon keys`: an account's keys, shown and replaced, whether a server runs on the data folder or not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from antiphon.errors import AccountNotFound, AntiphonError
from antiphon.identity.keys import AccountKeys, KeyName, KeyPair
from antiphon.resources.accounts import LOCAL_ACCOUNT, ensure_local_account, get_account
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory, default_data_directory

keys = typer.Typer(help="Show and replace the keys of an account.", no_args_is_help=True)

AccountOption = Annotated[str, typer.Option("--account", help="The account's name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        default_factory=default_data_directory,
        show_default="ANTIPHON_DATA, or the user's data folder",
        help="The data folder; a new one is set up.",
        file_okay=False,
    ),
]


@keys.command("list")
def list_keys(data: DataOption, account: AccountOption = LOCAL_ACCOUNT, as_json: JsonOption = False) -> None:
    """Print both keys of an account."""
    _print(keys_of(account, data), as_json=as_json)


@keys.command("regenerate")
def regenerate_key(
    name: Annotated[KeyName, typer.Argument(help="The key to replace.")],
    data: DataOption,
    account: AccountOption = LOCAL_ACCOUNT,
    as_json: JsonOption = False,
) -> None:
    """Replace one key and print both. A running server refuses the old one within seconds."""
    _print(keys_of(account, data, regenerate=name), as_json=as_json)


def keys_of(account: str, data: Path, *, regenerate: KeyName | None = None) -> KeyPair:
    """An account's keys, one of them made anew if you say so. Ends the command when that cannot be."""
    try:
        return asyncio.run(_read_keys(account, DataDirectory(path=data), regenerate))
    except AntiphonError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None


async def _read_keys(name: str, data: DataDirectory, regenerate: KeyName | None) -> KeyPair:
    async with await Database.open(data.database) as database:
        await ensure_local_account(database)
        account = await get_account(database, name)
        account_keys = AccountKeys(database)
        if regenerate is not None:
            await account_keys.regenerate(account.id, regenerate)
        pair = await account_keys.pair(account.id)
    if pair is None:  # Another process has deleted the account in between.
        raise AccountNotFound(name)
    return pair


def _print(pair: KeyPair, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"key1": pair.key1, "key2": pair.key2}))
    else:
        typer.echo(f"key1  {pair.key1}\nkey2  {pair.key2}")
