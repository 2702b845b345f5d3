"""What outlives a process: the database, the blobs, the key that seals them, and the disk that holds them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from antiphon.resources.accounts import ensure_local_account
from antiphon.settings import Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import StorageUnavailable
from antiphon.store.location import DataDirectory
from antiphon.store.opening import open_blobs, open_database, remember, seal_key_file
from antiphon.store.sealing import Seal, open_seal
from antiphon.store.space import DiskSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    database: Database
    blobs: Blobs
    seal: Seal
    space: DiskSpace


async def open_storage(settings: Settings, data: DataDirectory, resources: AsyncExitStack) -> Storage:
    """Open a data folder and what the settings name in its place, and create the account `local` where there is
    nothing yet; `resources` takes what has to be closed. Raises `StoreError`.
    """
    remember(settings.store, data)
    is_elsewhere = settings.store.url is not None and settings.store.blobs is not None
    kept_free_bytes = 0 if is_elsewhere else settings.limits.disk_kept_free_mb * 1024 * 1024
    space = DiskSpace(data.path, kept_free_bytes=kept_free_bytes)
    space.release_if_full()
    database = await resources.enter_async_context(await open_database(settings.store, data, on_full=space.release))
    database.listen()
    await ensure_local_account(database)
    blobs = open_blobs(settings.store, data)
    await _check(blobs, settings)
    return Storage(
        database=database,
        blobs=blobs,
        seal=await open_seal(seal_key_file(settings.store, data), database),
        space=space,
    )


async def _check(blobs: Blobs, settings: Settings) -> None:
    """Say at once if blobs elsewhere cannot be written."""
    if not blobs.are_local:
        try:
            await blobs.check()
        except StorageUnavailable as error:
            raise error.told_to_operator(settings.store.blobs or "") from error
