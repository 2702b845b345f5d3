"""`Seal`: encrypts what must not be read by whoever gets hold of the database or the blobs alone."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from antiphon.errors import SealBroken, StoreError
from antiphon.store.durable import create_file
from antiphon.store.location import create_private_folder

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
            text = path.read_text()
        except FileNotFoundError:  # Only then is anything written: a server with its key starts on a full disk.
            create_private_folder(path.parent)
            with contextlib.suppress(FileExistsError):
                create_file(path, base64.b64encode(os.urandom(_KEY_BYTES)), mode=0o600)
            text = path.read_text()
        return cls(_decoded(text, str(path)))

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


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise StoreError(f"{source} must hold the base64 of {_KEY_BYTES} bytes.")
    return key
