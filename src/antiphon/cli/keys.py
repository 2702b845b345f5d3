"""`antiphon keys`: show and replace an account's keys, whether or not a server runs on the data folder.

Also what the commands on accounts and deployments share with it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from antiphon.cli.options import AccountOption, DataOption, JsonOption
from antiphon.command_line import command_line
from antiphon.errors import AntiphonError
from antiphon.identity.keys import AccountKeys, KeyName, KeyPair
from antiphon.resources.accounts import LOCAL_ACCOUNT, ensure_local_account, get_account
from antiphon.resources.errors import AccountNotFound
from antiphon.store.database import Database
from antiphon.store.errors import StorageUnavailable
from antiphon.store.location import DataDirectory
from antiphon.store.opening import open_database, remembered
from antiphon.store.space import DiskSpace

keys = typer.Typer(no_args_is_help=True)

Result = TypeVar("Result")


@keys.command("list")
def list_keys(data: DataOption, account: AccountOption = LOCAL_ACCOUNT, as_json: JsonOption = False) -> None:
    """Print an account's two keys."""
    _print(keys_of(account, data), as_json=as_json)


@keys.command("regenerate")
def regenerate_key(
    name: Annotated[KeyName, typer.Argument(help="The key to replace.")],
    data: DataOption,
    account: AccountOption = LOCAL_ACCOUNT,
    as_json: JsonOption = False,
) -> None:
    """Replace one key and print both. Running servers refuse the old one within a second."""
    _print(keys_of(account, data, regenerate=name), as_json=as_json)


def keys_of(account: str, data: Path, *, regenerate: KeyName | None = None) -> KeyPair:
    """An account's keys, after replacing the key `regenerate`. Exits with a message if that fails."""

    async def read(database: Database) -> KeyPair:
        found = await get_account(database, account)
        account_keys = AccountKeys(database)
        if regenerate is not None:
            await account_keys.regenerate(found.id, regenerate)
        pair = await account_keys.pair(found.id)
        if pair is None:  # Another process has just deleted the account.
            raise AccountNotFound(account)
        return pair

    return in_store(data, read)


def in_store(data: Path, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `work` on the data folder's database, setting it up if it is new. Exits with a message if that fails."""

    async def run(database: Database) -> Result:
        await ensure_local_account(database)
        return await work(database)

    return in_database(data, run)


def in_database(data: Path, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """The same, without setting the database up."""

    async def run() -> Result:
        DiskSpace(data).release_if_full()
        folder = DataDirectory(path=data)
        async with await open_database(remembered(folder), folder) as database:
            return await work(database)

    try:
        return asyncio.run(run())
    except AntiphonError as error:
        told = error.told_to_operator(data) if isinstance(error, StorageUnavailable) else error
        typer.echo(command_line(data).fitted(told.message), err=True)
        raise typer.Exit(1) from None


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2))


def columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as lines, with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _print(pair: KeyPair, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"key1": pair.key1, "key2": pair.key2}))
    else:
        typer.echo(f"key1  {pair.key1}\nkey2  {pair.key2}")
