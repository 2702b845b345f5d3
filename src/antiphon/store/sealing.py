"""`Seal`: encrypts what must not be read by whoever gets hold of the database or the blobs alone."""

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
    """AES-256-GCM under one key, which is kept apart from the data."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The seal whose key is in `ANTIPHON_SEAL_KEY` (base64 of 32 bytes, alike for all processes that share a
        database), else in the file `path`, which is made, for its owner alone, where it is missing.

        Raises `StoreError` for what is no key.
        """
        if named := os.environ.get(ENVIRONMENT_VARIABLE):
            return cls(_decoded(named, ENVIRONMENT_VARIABLE))
        try:
            with file_trouble_told():
                return cls(_decoded(_read_or_make(path), str(path)))
        except StorageUnavailable as error:
            raise error.told_to_operator(path) from error

    def seal(self, data: bytes, *, purpose: str) -> bytes:
        """Encrypt; what is sealed for one purpose, such as "records/ID", cannot be passed off as another's."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, purpose.encode())

    def unseal(self, sealed: bytes, *, purpose: str) -> bytes:
        """Raises `SealBroken` where the bytes, the key or the purpose are not those of `seal`."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(
                f"The stored {purpose.partition('/')[0]} cannot be decrypted: the key in {ENVIRONMENT_VARIABLE} or in "
                "the data folder's seal.key is not the one they were encrypted with. Restore that key."
            ) from None


async def open_seal(path: Path, database: Database) -> Seal:
    """`Seal.open`, but no new key is made for a database in which things are sealed.

    Raises `StoreError` for a key that is missing, and for what is none.
    """
    is_missing = not (os.environ.get(ENVIRONMENT_VARIABLE) or await asyncio.to_thread(path.exists))
    if is_missing and await _has_sealed(database):
        raise StoreError(
            f"The key {path} is missing, and what is in {path.parent} was encrypted with it. Restore it from a copy, "
            f"set {ENVIRONMENT_VARIABLE}, or choose another data folder to begin with new accounts and keys."
        )
    return await asyncio.to_thread(Seal.open, path)


async def _has_sealed(database: Database) -> bool:
    async with database.session() as session:
        for row in (ServerSecretRow, SigningKeyRow, RecordRow):
            if await session.scalar(select(literal(1)).select_from(row).limit(1)):
                return True
    return False


def _read_or_make(path: Path) -> bytes:
    """What is in the key's file. Nothing is written but where it is missing: a server starts on a full disk."""
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
    except ValueError:  # `binascii.Error` among them.
        key = b""
    if len(key) != _KEY_BYTES:
        raise StoreError(
            f"{source} must hold the base64 of {_KEY_BYTES} bytes, and does not. Restore the key from a copy."
        )
    return key
