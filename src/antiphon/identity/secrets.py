"""Secrets of the server, shared by all processes that share a database."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from antiphon.store.database import Database
from antiphon.store.sealing import Seal
from antiphon.store.tables import ServerSecretRow

IDENTITY_HEADER = "identity-header"
"""The secret that clients of the managed identity endpoint present (App Service's `IDENTITY_HEADER`)."""

_RANDOM_BYTES = 32


class ServerSecrets:
    """Random strings by name, created on first use, never changed, and encrypted in the store."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._known: dict[str, str] = {}

    async def get(self, name: str) -> str:
        """The secret: 64 hexadecimal digits, the same in all processes. Raises `SealBroken`."""
        if name not in self._known:
            sealed = await self._read(name)
            if sealed is None:
                await self._make(name)
                sealed = await self._read(name)
            self._known[name] = self._seal.unseal(sealed or b"", purpose=_purpose(name)).decode()
        return self._known[name]

    async def _read(self, name: str) -> bytes | None:
        async with self._database.session() as session:
            return await session.scalar(select(ServerSecretRow.sealed_value).where(ServerSecretRow.name == name))

    async def _make(self, name: str) -> None:
        sealed = self._seal.seal(secrets.token_hex(_RANDOM_BYTES).encode(), purpose=_purpose(name))
        try:
            async with self._database.begin() as session:
                session.add(ServerSecretRow(name=name, sealed_value=sealed))
        except IntegrityError:  # Another process was faster, so its secret counts.
            return


def _purpose(name: str) -> str:
    return f"server-secrets/{name}"
