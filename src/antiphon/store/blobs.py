"""`Blobs`: bytes under names, for data too large for a table, in a local folder or an object store."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from antiphon.store.durable import sync_file, sync_folder
from antiphon.store.errors import BlobNotFound, StorageUnavailable, StoreError
from antiphon.store.location import create_private_folder
from antiphon.store.trouble import blob_trouble_told, file_trouble_told

if TYPE_CHECKING:  # Types alone.
    from obstore.store import ClientConfig, RetryConfig, S3Config

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,127}){0,3}")

_S3_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_.-]+)*/?")
_ANSWER = timedelta(seconds=20)
_CONNECT = timedelta(seconds=3)
_RETRIES: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""Clients wait meanwhile."""
_CHECKED = "checks/last"
_NO_BUCKET = "NoSuchBucket"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobInfo:
    name: str
    byte_size: int
    modified_at: datetime
    """Aware, in UTC."""


class Blobs:
    """Named bytes. A name is one to four segments of letters, digits, `_`, `-` and `.`, joined by `/`; no
    segment begins with a dot. Any other name raises `ValueError`, so no name can lead out of the store.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Blobs as files. The folder is created readable only by its owner. Raises `StoreError` if that fails."""
        try:
            with file_trouble_told():
                create_private_folder(folder)
        except StorageUnavailable as error:
            raise error.told_to_operator(folder) from error
        return cls(LocalStore(folder))

    @classmethod
    def in_bucket(cls, url: str, *, endpoint: str | None = None) -> Self:
        """Blobs in an S3-compatible store, under s3://BUCKET/PREFIX. `endpoint` is its address, if it is not Amazon's.

        Credentials, the region and the rest come from the environment (AWS_ACCESS_KEY_ID …) or from the machine.
        Raises `StoreError` for anything that is no such URL.
        """
        if not _S3_URL.fullmatch(url):
            raise StoreError(f"Blobs are kept in s3://BUCKET/PREFIX, which {url!r} is not.")
        config: S3Config = {} if endpoint is None else {"endpoint": endpoint}
        client: ClientConfig = {"timeout": _ANSWER, "connect_timeout": _CONNECT}
        if (endpoint or "").startswith("http://"):
            client["allow_http"] = True
        try:
            return cls(S3Store.from_url(url.rstrip("/"), config=config, client_options=client, retry_config=_RETRIES))
        except BaseError as error:
            raise StoreError(f"{url} cannot be used: {str(error).splitlines()[0]}") from error

    @property
    def are_local(self) -> bool:
        """Whether they are files on this machine."""
        return isinstance(self._store, LocalStore)

    async def check(self) -> None:
        """Write, as a test. Raises `StorageFull` and `StorageUnavailable`."""
        await self.put(_CHECKED, b"")

    async def put(self, name: str, data: bytes) -> None:
        """Store `data` under `name`, replacing what was there. Readers see the old bytes or the new, never a part.

        Raises `StorageFull` and `StorageUnavailable`.
        """
        checked = _checked(name)
        with blob_trouble_told():
            try:
                await self._store.put_async(checked, data, use_multipart=False)
            except FileNotFoundError as error:
                raise _bucket_missing() from error

    async def sync(self, names: Sequence[str]) -> None:
        """Sync blobs to the disk, so that a power cut cannot lose them. An object store has done so in `put`."""
        if isinstance(self._store, LocalStore) and self._store.prefix is not None:
            checked = [_checked(name) for name in names]
            with file_trouble_told():
                await asyncio.to_thread(_sync, Path(self._store.prefix), checked)

    async def get(self, name: str) -> bytes:
        """Raises `BlobNotFound`, and `StorageUnavailable` if nobody can tell."""
        checked = _checked(name)
        with blob_trouble_told():
            try:
                result = await self._store.get_async(checked)
                return bytes(await result.bytes_async())
            except FileNotFoundError as error:
                if _NO_BUCKET in str(error):
                    raise _bucket_missing() from error
                raise BlobNotFound(f"There is no blob {name!r}.") from None

    async def delete(self, name: str) -> None:
        """Delete the blob. A missing blob is not an error. Raises `StorageUnavailable`."""
        checked = _checked(name)
        with blob_trouble_told(), contextlib.suppress(FileNotFoundError):
            await self._store.delete_async(checked)

    async def list(self, folder: str) -> AsyncGenerator[BlobInfo]:
        """Yield the blobs whose names begin with `folder` and `/`, in no particular order."""
        async for blob in self._listed(_checked(folder)):
            yield blob

    async def walk(self) -> AsyncGenerator[BlobInfo]:
        """Yield all blobs, in no particular order."""
        async for blob in self._listed(None):
            if blob.name != _CHECKED:
                yield blob

    async def _listed(self, prefix: str | None) -> AsyncGenerator[BlobInfo]:
        with blob_trouble_told():
            async for chunk in self._store.list(prefix):
                for entry in chunk:
                    yield BlobInfo(name=entry["path"], byte_size=entry["size"], modified_at=entry["last_modified"])

    async def delete_unfinished(self, *, before: datetime) -> None:
        """Delete what writes interrupted by a crash before that time have left behind, which `list` does not show."""
        if isinstance(self._store, LocalStore) and self._store.prefix is not None:
            await asyncio.to_thread(_delete_staged_files, Path(self._store.prefix), before)


def _bucket_missing() -> StorageUnavailable:
    return StorageUnavailable("the bucket does not exist", advice="Create it, or correct its name.")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a blob name: {name[:200]!r}")
    return name


def _sync(root: Path, names: Sequence[str]) -> None:
    folders: set[Path] = set()
    for name in names:
        path = root / name
        sync_file(path)
        folders |= {folder for folder in path.parents if folder == root or root in folder.parents}
    for folder in folders:
        sync_folder(folder)


def _delete_staged_files(folder: Path, before: datetime) -> None:
    # The local store writes to `name#1` and renames that to `name`.
    for path in folder.rglob("*#*"):
        try:
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
        except FileNotFoundError:  # Finished at this very moment, or deleted by another process.
            continue
