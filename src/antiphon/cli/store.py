"""`antiphon store`: move a server's data between a data folder, PostgreSQL and an S3-compatible store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import typer

from antiphon.cli.options import DataOption
from antiphon.errors import AntiphonError, ConfigurationError
from antiphon.serve.running import running_on
from antiphon.settings import StoreSettings, read_settings
from antiphon.store.copying import Copied, Place, copy
from antiphon.store.errors import StorageUnavailable
from antiphon.store.location import DataDirectory
from antiphon.store.opening import open_blobs, open_database, seal_key_file
from antiphon.store.sealing import share_key

store = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """A place as the user named it."""

    settings: StoreSettings
    data: DataDirectory

    @classmethod
    def named(cls, path: Path, data: Path) -> Self:
        """What a configuration file says, with the folder `data` for what it does not name; or else a data folder."""
        if path.suffix == ".toml":
            return cls(settings=read_settings(path).store, data=DataDirectory(path=data))
        return cls(settings=StoreSettings(), data=DataDirectory(path=path))


@store.callback()
def _group() -> None:
    """Keep `copy` a command of its own, rather than all there is."""


@store.command("copy")
def copy_store(
    source: Annotated[
        Path,
        typer.Option("--from", help="A data folder, or a configuration file with [store]. Nothing in it changes."),
    ],
    target: Annotated[
        Path, typer.Option("--to", help="The same, where everything goes. There must not be anything yet.")
    ],
    data: DataOption,
) -> None:
    """Copy all accounts, keys, deployments, roles, sessions, records and audio, then compare what has arrived.

    Stop the servers first: what is written meanwhile may be left behind. The key that data is encrypted with must be
    the same in both places; it is copied to the target's file, unless ANTIPHON_SEAL_KEY holds it.
    """
    copied = _run(_Where.named(source, data), _Where.named(target, data))
    rows = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in copied.rows.items() if count)
    typer.echo(
        f"Copied and compared: {rows or 'no rows'}; {copied.blobs} blobs of {copied.blob_bytes} bytes.", err=True
    )


def _run(source: _Where, target: _Where) -> Copied:
    if source == target:
        raise ConfigurationError("The two places are the same.")
    if not source.settings.url and not source.data.database.exists():
        raise ConfigurationError(f"There is no data in {source.data.path}.")
    if servers := [*running_on(source.data.path), *running_on(target.data.path)]:
        raise ConfigurationError(f"Stop the server on port {servers[0].port} first.")

    async def run() -> Copied:
        async with (
            await open_database(source.settings, source.data) as database,
            await open_database(target.settings, target.data) as new_database,
        ):
            share_key(seal_key_file(source.settings, source.data), seal_key_file(target.settings, target.data))
            return await copy(
                Place(database=database, blobs=open_blobs(source.settings, source.data)),
                Place(database=new_database, blobs=open_blobs(target.settings, target.data)),
            )

    try:
        return asyncio.run(run())
    except AntiphonError as error:
        told = error.told_to_operator("The data") if isinstance(error, StorageUnavailable) else error
        typer.echo(told.message, err=True)
        raise typer.Exit(1) from None
