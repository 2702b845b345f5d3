"""`Seal`: encrypts what nobody should read with the database or the blobs alone."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import literal, select

from antiphon.store.database import Database
from antiphon.store.durable import create_file
from antiphon.store.errors import SealBroken, StorageUnavailable, StoreError
from antiphon.store.location import create_private_folder
from antiphon.store.tables import RecordRow, ServerSecretRow, SigningKeyRow
from antiphon.store.trouble import file_trouble_told

ENVIRONMENT_VARIABLE = "ANTIPHON_SEAL_KEY"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class Seal:
    """AES-256-GCM with one key, which is kept apart from the data."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The seal whose key is in `ANTIPHON_SEAL_KEY` (32 bytes in base64, the same for all processes that share a
        database), or else in the file `path`, which is created, readable only by its owner, if it is missing.

        Raises `StoreError` for an invalid key.
        """
        if named := os.environ.get(ENVIRONMENT_VARIABLE):
            return cls(_decoded(named, ENVIRONMENT_VARIABLE))
        try:
            with file_trouble_told():
                return cls(_decoded(_read_or_make(path), str(path)))
        except StorageUnavailable as error:
            raise error.told_to_operator(path) from error

    def seal(self, data: bytes, *, purpose: str) -> bytes:
        """Encrypt. Data sealed for one purpose, such as "records/ID", cannot be opened as another's."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, purpose.encode())

    def unseal(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt. Raises `SealBroken` if the bytes, the key or the purpose differ from those of `seal`."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(
                f"The stored {purpose.partition('/')[0]} cannot be decrypted: the key in {ENVIRONMENT_VARIABLE} or in "
                "the data folder's seal.key is not the one they were encrypted with. Restore that key."
            ) from None


async def open_seal(path: Path, database: Database) -> Seal:
    """`Seal.open`, but without creating a new key for a database that already holds sealed data.

    Raises `StoreError` for a missing or invalid key.
    """
    is_missing = not (os.environ.get(ENVIRONMENT_VARIABLE) or await asyncio.to_thread(path.exists))
    if is_missing and await _has_sealed(database):
        raise StoreError(
            f"The key {path} is missing, and the data in {path.parent} was encrypted with it. Restore it from a "
            f"backup, set {ENVIRONMENT_VARIABLE}, or choose another data folder to start with new accounts and keys."
        )
    return await asyncio.to_thread(Seal.open, path)


async def _has_sealed(database: Database) -> bool:
    async with database.session() as session:
        for row in (ServerSecretRow, SigningKeyRow, RecordRow):
            if await session.scalar(select(literal(1)).select_from(row).limit(1)):
                return True
    return False


def _read_or_make(path: Path) -> bytes:
    """The content of the key's file. Writes only if it is missing, so that a server can start on a full disk."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        create_private_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            create_file(path, base64.b64encode(os.urandom(_KEY_BYTES)), mode=0o600)
        return path.read_bytes()


def _decoded(text: str | bytes, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:  # Including `binascii.Error`.
        key = b""
    if len(key) != _KEY_BYTES:
        raise StoreError(
            f"{source} must contain {_KEY_BYTES} bytes in base64, but does not. Restore the key from a backup."
        )
    return key
