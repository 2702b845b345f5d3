"""Opens whatever the settings say that data is kept in, and has commands on the data folder find the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from antiphon.settings import StoreSettings
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.durable import write_file
from antiphon.store.errors import StorageUnavailable, StoreError
from antiphon.store.location import DataDirectory, create_private_folder
from antiphon.store.trouble import file_trouble_told


async def open_database(
    settings: StoreSettings, data: DataDirectory, *, on_full: Callable[[], None] | None = None
) -> Database:
    """Raises as `Database.open` does."""
    return await Database.open(settings.url or data.database, on_full=on_full)


def open_blobs(settings: StoreSettings, data: DataDirectory) -> Blobs:
    """Raises `StoreError`."""
    if settings.blobs is None:
        return Blobs.in_folder(data.blobs)
    return Blobs.in_bucket(settings.blobs, endpoint=settings.blobs_endpoint)


def seal_key_file(settings: StoreSettings, data: DataDirectory) -> Path:
    return data.seal_key if settings.seal_key_file is None else Path(settings.seal_key_file)


def remember(settings: StoreSettings, data: DataDirectory) -> None:
    """Note in the data folder where a server's data is. Raises `StoreError` if that fails."""
    if remembered(data) == settings:
        return
    try:
        with file_trouble_told():
            if settings == StoreSettings():
                data.store.unlink(missing_ok=True)
            else:
                create_private_folder(data.path)
                write_file(data.store, msgspec.json.encode(settings), mode=0o600)  # The URL may have a password.
    except StorageUnavailable as error:
        raise error.told_to_operator(data.store) from error


def remembered(data: DataDirectory) -> StoreSettings:
    """Where the data of the server that was last started on the folder is. Raises `StoreError`."""
    try:
        with contextlib.suppress(FileNotFoundError):
            return msgspec.json.decode(data.store.read_bytes(), type=StoreSettings)
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(f"{data.store} cannot be read: {error}. Delete it, and start the server again.") from None
    return StoreSettings()
