"""`antiphon records`: read and delete records, for whoever has the data folder and its key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from antiphon.cli.keys import in_database
from antiphon.cli.options import DataOption, JsonOption
from antiphon.hardening.printable import printable
from antiphon.resources.accounts import get_account
from antiphon.resources.record_export import audio_file, json_line, summary, whole
from antiphon.resources.records import Record, RecordFilter, Records
from antiphon.store.database import Database
from antiphon.store.errors import BlobNotFound
from antiphon.store.location import DataDirectory, create_private_folder
from antiphon.store.opening import open_blobs, remembered, seal_key_file
from antiphon.store.sealing import open_seal

records = typer.Typer(no_args_is_help=True)

T = TypeVar("T")

AccountOption = Annotated[str | None, typer.Option("--account", help="Only this account's.")]
DeploymentOption = Annotated[str | None, typer.Option("--deployment", help="Only this deployment's.")]
SinceOption = Annotated[datetime | None, typer.Option("--since", help="Only from this time on, in UTC.")]
UntilOption = Annotated[datetime | None, typer.Option("--until", help="Only from before this time, in UTC.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which records a command acts on."""

    account: str | None
    deployment: str | None
    since: datetime | None
    until: datetime | None


@records.command("list")
def list_records(
    data: DataOption,
    account: AccountOption = None,
    deployment: DeploymentOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, help="The largest number to show.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List records, newest first, without anything that was said."""
    asked = _Asked(account=account, deployment=deployment, since=since, until=until)

    async def find(store: Records, database: Database) -> list[Record]:
        return await store.find(await _filter(asked, database), limit=limit)

    found = _run(data, find)
    if as_json:
        typer.echo(json.dumps([summary(record) for record in found]))
        return
    for record in found:
        typer.echo(
            f"{record.created_at:%Y-%m-%d %H:%M:%S}  {record.id}  {record.deployment}  {printable(record.principal)}  "
            f"{record.prompt_tokens}+{record.completion_tokens} tokens{'  stored' if record.is_stored else ''}"
        )


@records.command("show")
def show_record(record_id: Annotated[str, typer.Argument(help="The record's id.")], data: DataOption) -> None:
    """Print one record as JSON: caller, request and reply. `export` gets its audio."""

    async def read(store: Records, _: Database) -> str:
        record = json.dumps(await whole(store, await store.get(record_id)), indent=2, ensure_ascii=False)
        return printable(record, keep="\n")

    typer.echo(_run(data, read))


@records.command("export")
def export_records(
    folder: Annotated[Path, typer.Argument(help="Where to write records.jsonl and the audio.", file_okay=False)],
    data: DataOption,
    account: AccountOption = None,
    deployment: DeploymentOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Write records to a folder, decrypted: records.jsonl, and each recording as a file."""
    asked = _Asked(account=account, deployment=deployment, since=since, until=until)

    async def export(store: Records, database: Database) -> int:
        wanted, count = await _filter(asked, database), 0
        create_private_folder(folder)
        with (folder / "records.jsonl").open("w", encoding="utf-8") as lines:
            async for record in store.walk(wanted):
                lines.write(await json_line(store, record))
                await _export_audio(store, record, folder)
                count += 1
        return count

    typer.echo(f"{_run(data, export)} records were written to {folder}, unencrypted.", err=True)


@records.command("purge")
def purge_records(
    data: DataOption,
    ids: Annotated[list[str] | None, typer.Option("--id", help="Delete this record; can be repeated.")] = None,
    before: Annotated[datetime | None, typer.Option(help="Delete records from before this time, in UTC.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Delete all records.")] = False,
    account: AccountOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete records for good, including those that clients have stored."""
    if (bool(ids) + (before is not None) + everything) != 1:
        raise typer.BadParameter("Choose the records to delete with exactly one of --id, --before and --all.")
    asked = _Asked(account=account, deployment=None, since=None, until=before)

    async def find(store: Records, database: Database) -> list[str]:
        if ids:
            return [(await store.get(each)).id for each in ids]
        return [record.id for record in await store.find(await _filter(asked, database))]

    async def delete(store: Records, _: Database) -> int:
        return await store.delete(found)

    found = _run(data, find)
    if found and not yes:
        typer.confirm(f"Delete {len(found)} records for good?", abort=True)
    typer.echo(f"{_run(data, delete)} records were deleted.", err=True)


async def _filter(asked: _Asked, database: Database) -> RecordFilter:
    """Raises `AccountNotFound`."""
    return RecordFilter(
        account_id=(await get_account(database, asked.account)).id if asked.account is not None else None,
        deployment=asked.deployment,
        since=asked.since and asked.since.replace(tzinfo=UTC),
        until=asked.until and asked.until.replace(tzinfo=UTC),
    )


async def _export_audio(store: Records, record: Record, folder: Path) -> None:
    for piece in record.audio:
        with suppress(BlobNotFound):  # Purged at this very moment.
            name, file = await audio_file(store, record, piece)
            await asyncio.to_thread((folder / name).write_bytes, file)


def _run(path: Path, work: Callable[[Records, Database], Awaitable[T]]) -> T:
    """Run `work` on a data folder's records. Exits with a message if that fails."""

    async def run(database: Database) -> T:
        data = DataDirectory(path=path)
        settings = remembered(data)
        seal = await open_seal(seal_key_file(settings, data), database)
        return await work(Records(database, open_blobs(settings, data), seal), database)

    return in_database(path, run)
