"""The two keys of each account: generated, checked, and replaced one at a time."""

from __future__ import annotations

import hmac
import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sqlalchemy import select, update

from antiphon.store.database import Database
from antiphon.store.tables import AccountKeyRow
from antiphon.store.ttl_cache import REMEMBERED_SECONDS, TtlCache

KeyName: TypeAlias = Literal["key1", "key2"]
KEY_NAMES: tuple[KeyName, ...] = ("key1", "key2")

KEY_LENGTH = 84
_ALPHABET = string.ascii_letters + string.digits


def generate_key() -> str:
    """A key with the length and alphabet of Azure's current keys, so anything that accepts those accepts ours.

    All of it is random. Azure's older keys were 32 hexadecimal digits, which look like any hash; the new ones also
    carry a mark of their issuer and a checksum, which are not ours to imitate: scanners would report our keys to Azure.
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """An account's keys. Either grants access, so that clients can move to one while the other is replaced."""

    key1: str = field(repr=False)
    key2: str = field(repr=False)

    def match(self, presented: str) -> KeyName | None:
        """Which of the keys `presented` is, if any. The time taken does not reveal how close it is."""
        given = presented.encode("utf-8", "surrogatepass")
        is_key1 = hmac.compare_digest(self.key1.encode(), given)
        is_key2 = hmac.compare_digest(self.key2.encode(), given)
        if is_key1:
            return "key1"
        return "key2" if is_key2 else None


class AccountKeys:
    """The keys of all accounts. A key replaced by another process is refused after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        *,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._pairs = TtlCache(self.pair, seconds=remembered_seconds, changes=database.changes, monotonic=monotonic)

    async def verify(self, account_id: str, presented: str) -> KeyName | None:
        """Which of the account's keys `presented`, any text from a client, is. None also for an unknown account."""
        pair = await self._pairs.get(account_id)
        return None if pair is None else pair.match(presented)

    async def pair(self, account_id: str) -> KeyPair | None:
        """The account's keys, read from the store; None if there is no such account."""
        query = select(AccountKeyRow.name, AccountKeyRow.value).where(AccountKeyRow.account_id == account_id)
        async with self._database.session() as session:
            values = dict((await session.execute(query)).all())
        return KeyPair(key1=values["key1"], key2=values["key2"]) if values else None

    async def regenerate(self, account_id: str, name: KeyName) -> None:
        """Replace one key. This process refuses the old one from now on."""
        async with self._database.change() as session:
            await session.execute(
                update(AccountKeyRow)
                .where(AccountKeyRow.account_id == account_id, AccountKeyRow.name == name)
                .values(value=generate_key())
            )
