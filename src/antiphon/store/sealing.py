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
_SAMPLE = "seal"
"""The name of a secret whose only use is to be opened."""
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
    """`Seal.open`, but without creating a new key for a database that already holds sealed data, and only with the key
    that they were sealed with. Processes that share a database need the same key, which is not in it.

    Raises `StoreError` for a missing, invalid or wrong key.
    """
    is_missing = not (os.environ.get(ENVIRONMENT_VARIABLE) or await asyncio.to_thread(path.exists))
    if is_missing and await _has_sealed(database):
        raise StoreError(
            f"The key {path} is missing, and the stored data was encrypted with it. Restore it from a backup or from "
            f"another machine of this database, set {ENVIRONMENT_VARIABLE}, or choose another data folder or database "
            "to start with new accounts and keys."
        )
    seal = await asyncio.to_thread(Seal.open, path)
    await _check(seal, path, database)
    return seal


def share_key(source: Path, target: Path) -> None:
    """Copy the key to another file, unless it is there, or in the environment, where all find it.

    Raises `StoreError` if a different key is there.
    """
    if os.environ.get(ENVIRONMENT_VARIABLE) or not source.exists():
        return
    try:
        with file_trouble_told():
            key = source.read_bytes()
            create_private_folder(target.parent)
            with contextlib.suppress(FileExistsError):
                create_file(target, key, mode=0o600)
            is_same = _decoded(target.read_bytes(), str(target)) == _decoded(key, str(source))
    except StorageUnavailable as error:
        raise error.told_to_operator(target) from error
    if not is_same:
        raise StoreError(f"{target} holds another key than {source}, and would not open what is copied. Move it away.")


async def _check(seal: Seal, path: Path, database: Database) -> None:
    """Make sure that the key opens what is there; leave something for it to open where there is nothing."""
    try:
        if not await _opens(seal, database):
            with contextlib.suppress(StorageUnavailable):  # A server can start on a full disk.
                await _leave_sample(seal, database)
            await _opens(seal, database)
    except SealBroken:
        source = ENVIRONMENT_VARIABLE if os.environ.get(ENVIRONMENT_VARIABLE) else str(path)
        raise StoreError(
            f"The key in {source} is not the one that the stored data was encrypted with. Restore that key: it is in "
            f"{ENVIRONMENT_VARIABLE}, in the file named in [store], or in seal.key in the data folder of the machine "
            "that was there first."
        ) from None


async def _opens(seal: Seal, database: Database) -> bool:
    """Open something that is stored; return whether there was anything. Raises `SealBroken`."""
    async with database.session() as session:
        secrets = select(ServerSecretRow).order_by(ServerSecretRow.name != _SAMPLE).limit(1)
        secret = await session.scalar(secrets)
        if secret is not None:
            seal.unseal(secret.sealed_value, purpose=f"server-secrets/{secret.name}")
            return secret.name == _SAMPLE
        key = await session.scalar(select(SigningKeyRow).limit(1))
        if key is not None:
            seal.unseal(key.sealed_private_key, purpose=f"signing-keys/{key.id}")
    return False


async def _leave_sample(seal: Seal, database: Database) -> None:
    sealed = seal.seal(b"", purpose=f"server-secrets/{_SAMPLE}")
    row = database.insert(ServerSecretRow).values(name=_SAMPLE, sealed_value=sealed).on_conflict_do_nothing()
    async with database.begin() as session:
        await session.execute(row)


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
