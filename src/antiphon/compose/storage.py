"""What outlives a process: the database, the blobs, the key that seals them, and the disk that holds them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from antiphon.resources.accounts import ensure_local_account
from antiphon.settings import Settings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal, open_seal
from antiphon.store.space import DiskSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    database: Database
    blobs: Blobs
    seal: Seal
    space: DiskSpace


async def open_storage(settings: Settings, data: DataDirectory, resources: AsyncExitStack) -> Storage:
    """Open a data folder, and create the account `local` in a new one; `resources` takes what has to be closed.

    Raises `StoreError`.
    """
    space = DiskSpace(data.path, kept_free_bytes=settings.limits.disk_kept_free_mb * 1024 * 1024)
    space.release_if_full()
    database = await resources.enter_async_context(await Database.open(data.database, on_full=space.release))
    await ensure_local_account(database)
    return Storage(
        database=database,
        blobs=Blobs.in_folder(data.blobs),
        seal=await open_seal(data.seal_key, database),
        space=space,
    )
