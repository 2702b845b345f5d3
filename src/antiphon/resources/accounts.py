"""Accounts (Azure calls them resources, too), and the one that every new server begins with."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.errors import AccountNotFound
from antiphon.identity.keys import KEY_NAMES, generate_key
from antiphon.resources.models import GPT_4O_AUDIO_PREVIEW, GPT_4O_REALTIME_PREVIEW
from antiphon.store.database import Database
from antiphon.store.recent import Recent
from antiphon.store.tables import AccountKeyRow, AccountRow, DeploymentRow, folded
from antiphon.store.utc import Clock, utc_now

LOCAL_ACCOUNT = "local"
LOCAL_DEPLOYMENTS = (GPT_4O_AUDIO_PREVIEW, GPT_4O_REALTIME_PREVIEW)
"""Named after their models, as in Azure's quickstarts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str
    """Ours, for the store; clients know the account by its name."""
    name: str
    kind: str
    location: str
    subscription_id: str
    resource_group: str
    tags: Mapping[str, str]
    disable_local_auth: bool
    """Whether the account's keys open nothing, so that only tokens do."""
    created_at: datetime


class Accounts:
    """All accounts. What another process changes is seen after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        *,
        remembered_seconds: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._by_name = Recent(self._read, seconds=remembered_seconds, monotonic=monotonic)

    async def get(self, name: str) -> Account:
        """The account of that name in any case. Raises `AccountNotFound`."""
        return await self._by_name.get(folded(name))

    async def of_host(self, host: str) -> Account:
        """The account that a host name leads to: the first label of `contoso.localhost` names it, and any host without
        such an account is the account `local`'s."""
        label, _, rest = host.partition(".")
        if rest:
            with contextlib.suppress(AccountNotFound):
                return await self.get(label)
        return await self.get(LOCAL_ACCOUNT)

    async def _read(self, folded_name: str) -> Account:
        return await get_account(self._database, folded_name)


async def get_account(database: Database, name: str) -> Account:
    """The account of that name in any case. Raises `AccountNotFound`."""
    async with database.session() as session:
        row = await session.scalar(select(AccountRow).where(AccountRow.folded_name == folded(name)))
    if row is None:
        raise AccountNotFound(name)
    return Account(
        id=row.id,
        name=row.name,
        kind=row.kind,
        location=row.location,
        subscription_id=row.subscription_id,
        resource_group=row.resource_group,
        tags=row.tags,
        disable_local_auth=row.disable_local_auth,
        created_at=row.created_at,
    )


async def ensure_local_account(database: Database, *, profile: str = "default", clock: Clock = utc_now) -> Account:
    """The account `local`; where it is missing, as in a new data folder, it is made with two keys and deployments.

    Processes that make it at the same moment end up with the same one. An account that exists is left as it is, so a
    deployment that was deleted stays so.
    """
    try:
        return await get_account(database, LOCAL_ACCOUNT)
    except AccountNotFound:
        pass
    try:
        async with database.begin() as session:
            await _add_local_account(session, profile, clock())
    except IntegrityError:  # Another process has made it in between.
        pass
    return await get_account(database, LOCAL_ACCOUNT)


async def _add_local_account(session: AsyncSession, profile: str, now: datetime) -> None:
    account_id = await _add_account(session, LOCAL_ACCOUNT, location="local", now=now)
    for model in LOCAL_DEPLOYMENTS:
        session.add(
            DeploymentRow(
                account_id=account_id,
                folded_name=folded(model.name),
                name=model.name,
                model_name=model.name,
                model_version=model.version,
                profile=profile,
                sku_name="GlobalStandard",
                capacity=1000,
                created_at=now,
            )
        )


async def _add_account(session: AsyncSession, name: str, *, location: str, now: datetime) -> str:
    """Add an account with its two keys; return its id. Raises `IntegrityError` when the name is taken."""
    account_id = uuid.uuid4().hex
    session.add(
        AccountRow(
            id=account_id,
            name=name,
            folded_name=folded(name),
            kind="OpenAI",
            location=location,
            created_at=now,
        )
    )
    await session.flush()
    session.add_all(AccountKeyRow(account_id=account_id, name=key, value=generate_key()) for key in KEY_NAMES)
    return account_id
