"""Accounts (Azure calls them resources, too), and the one that every new server begins with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.errors import AccountNotFound
from antiphon.identity.keys import KEY_NAMES, generate_key
from antiphon.resources.models import GPT_4O_AUDIO_PREVIEW, GPT_4O_REALTIME_PREVIEW
from antiphon.store.database import Database
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
    created_at: datetime


async def get_account(database: Database, name: str) -> Account:
    """The account of that name in any case. Raises `AccountNotFound`."""
    async with database.session() as session:
        row = await session.scalar(select(AccountRow).where(AccountRow.folded_name == folded(name)))
    if row is None:
        raise AccountNotFound(name)
    return Account(id=row.id, name=row.name, kind=row.kind, location=row.location, created_at=row.created_at)


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
