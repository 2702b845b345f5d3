"""Accounts (which Azure also calls resources), and the one that every new server starts with."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from antiphon.identity.keys import KEY_NAMES, generate_key
from antiphon.identity.scopes import Scope
from antiphon.resources.account_plan import AccountPlan, check_properties, planned_location
from antiphon.resources.capacity import DEFAULT_CAPACITY
from antiphon.resources.deployment_plan import usual_profile
from antiphon.resources.errors import (
    AccountElsewhere,
    AccountHasDeployments,
    AccountNameTaken,
    AccountNotFound,
    InsufficientQuota,
)
from antiphon.resources.groups import delete_group, ensure_group
from antiphon.resources.hosts import LOCAL_ACCOUNT, AccountHosts
from antiphon.resources.models import CHAT_EXAMPLE, find_model
from antiphon.resources.names import check_account_name
from antiphon.store.database import Database
from antiphon.store.tables import (
    AccountKeyRow,
    AccountRow,
    DeploymentRow,
    RateWindowRow,
    RoleAssignmentRow,
    folded,
)
from antiphon.store.ttl_cache import REMEMBERED_SECONDS, TtlCache
from antiphon.store.utc import Clock, utc_now

LOCAL_LOCATION = "local"
LOCAL_DEPLOYMENTS = (
    CHAT_EXAMPLE,
    "gpt-4o-realtime-preview",
    "gpt-audio",
    "gpt-audio-mini",
    "gpt-realtime",
    "gpt-realtime-mini",
    "gpt-4o-mini-transcribe",
    "gpt-4o-mini-tts",
    "gpt-4o-transcribe",
    "tts",
    "whisper",
)
"""Named after their models, as in Azure's quickstarts."""

MAX_ACCOUNTS = 30
"""Per location of a subscription, as in Azure."""
_NAMED_DEPLOYMENTS = 5
"""How many of the deployments that prevent a deletion are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str
    """Internal to the store; clients know the account by its name."""
    name: str
    kind: str
    location: str
    subscription_id: str
    resource_group: str
    tags: Mapping[str, str]
    disable_local_auth: bool
    """Whether the account accepts only tokens, not keys."""
    created_at: datetime

    @property
    def scope(self) -> Scope:
        return Scope(subscription_id=self.subscription_id, resource_group=self.resource_group, account_id=self.id)


class Accounts:
    """All accounts. Changes by other processes are seen within `remembered_seconds`."""

    def __init__(
        self,
        database: Database,
        *,
        hosts: AccountHosts | None = None,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self.hosts = AccountHosts() if hosts is None else hosts
        """Which account a host name leads to."""
        self._database = database
        self._clock = clock
        self._by_name = TtlCache(self._read, seconds=remembered_seconds, changes=database.changes, monotonic=monotonic)

    async def get(self, name: str) -> Account:
        """The account of that name, ignoring case. Raises `AccountNotFound`."""
        return await self._by_name.get(folded(name))

    async def of_host(self, host: str) -> Account:
        """The account that a host name leads to: the one named before `.localhost` or before the server's own domain,
        or `local` for any other host. Raises `AccountNotFound`."""
        return await self.get(self.hosts.account_of(host))

    async def stored(self, name: str) -> Account | None:
        """The account of that name, ignoring case, straight from the store."""
        try:
            return await get_account(self._database, name)
        except AccountNotFound:
            return None

    async def list(
        self, subscription_id: str | None = None, *, resource_group: str | None = None
    ) -> tuple[Account, ...]:
        """The accounts of a subscription, or of a group in it, or of the whole server, by name."""
        async with self._database.session() as session:
            return await _accounts(session, subscription_id, resource_group)

    async def put(self, name: str, plan: AccountPlan) -> tuple[Account, bool]:
        """Create the account with two keys, or update the existing one; also return whether it is new.

        Raises `ManagementError` for an invalid name or invalid properties, for an account in another group or location,
        and for a location that is full.
        """
        check_account_name(name)
        location = planned_location(plan)
        try:
            async with self._database.change() as session:
                row = await _row(session, name)
                is_new = row is None
                if row is None:
                    await _check_room(session, plan.subscription_id, location)
                    row = await _add_account(self._database, session, name, plan, location=location, now=self._clock())
                _check_place(row, plan, location)
                row.kind, row.tags = plan.kind, dict(plan.tags)
                if plan.disable_local_auth is not None:
                    row.disable_local_auth = plan.disable_local_auth
        except IntegrityError:  # Another process has created one of that name meanwhile.
            raise AccountNameTaken(name) from None
        return _account(row), is_new

    async def update(
        self,
        account_id: str,
        *,
        kind: str | None = None,
        tags: Mapping[str, str] | None = None,
        disable_local_auth: bool | None = None,
    ) -> Account:
        """Change whatever is not None. Raises `ManagementError`, and `AccountNotFound` for a deleted account."""
        check_properties(kind=kind, tags=tags)
        async with self._database.change() as session:
            row = await session.get(AccountRow, account_id)
            if row is None:
                raise AccountNotFound(account_id)
            if kind is not None:
                row.kind = kind
            if tags is not None:
                row.tags = dict(tags)
            if disable_local_auth is not None:
                row.disable_local_auth = disable_local_auth
        return _account(row)

    async def delete(self, account: Account) -> None:
        """Delete the account with its keys and everything it owns. Its name is free again.

        Raises `AccountHasDeployments`.
        """
        async with self._database.change() as session:
            names = select(DeploymentRow.name).where(DeploymentRow.account_id == account.id)
            deployments = (await session.scalars(names.limit(_NAMED_DEPLOYMENTS))).all()
            if deployments:
                raise AccountHasDeployments(account.name, [*deployments])
            await _delete_account(session, account.id)

    async def delete_group(self, subscription_id: str, resource_group: str) -> tuple[Account, ...]:
        """Delete a group with all its accounts, their deployments, and the roles assigned on it; return the
        accounts."""
        async with self._database.change() as session:
            accounts = await _accounts(session, subscription_id, resource_group)
            for account in accounts:
                await session.execute(delete(DeploymentRow).where(DeploymentRow.account_id == account.id))
                await _delete_account(session, account.id)
            await delete_group(session, subscription_id, resource_group)
        return accounts

    async def _read(self, folded_name: str) -> Account:
        return await get_account(self._database, folded_name)


async def get_account(database: Database, name: str) -> Account:
    """The account of that name, ignoring case. Raises `AccountNotFound`."""
    async with database.session() as session:
        row = await _row(session, name)
    if row is None:
        raise AccountNotFound(name)
    return _account(row)


async def account_names(database: Database) -> Mapping[str, str]:
    """The names of all accounts, by their ids."""
    async with database.session() as session:
        return dict((await session.execute(select(AccountRow.id, AccountRow.name))).all())


async def ensure_local_account(database: Database, *, clock: Clock = utc_now) -> Account:
    """The account `local`. If it is missing, as in a new data folder, it is created with two keys and deployments.

    Processes that create it at the same moment end up with the same one. An existing account is left as it is, so a
    deleted deployment stays deleted.
    """
    try:
        return await get_account(database, LOCAL_ACCOUNT)
    except AccountNotFound:
        pass
    try:
        async with database.change() as session:
            await _add_local_account(database, session, clock())
    except IntegrityError:  # Another process has created it meanwhile.
        pass
    return await get_account(database, LOCAL_ACCOUNT)


async def _add_local_account(database: Database, session: AsyncSession, now: datetime) -> None:
    plan = AccountPlan(location=LOCAL_LOCATION)
    account = await _add_account(database, session, LOCAL_ACCOUNT, plan, location=LOCAL_LOCATION, now=now)
    for model in filter(None, map(find_model, LOCAL_DEPLOYMENTS)):
        session.add(
            DeploymentRow(
                account_id=account.id,
                folded_name=folded(model.name),
                name=model.name,
                model_name=model.name,
                model_version=model.version,
                profile=usual_profile(model),
                sku_name="GlobalStandard",
                capacity=DEFAULT_CAPACITY,
                created_at=now,
            )
        )


async def _add_account(
    database: Database, session: AsyncSession, name: str, plan: AccountPlan, *, location: str, now: datetime
) -> AccountRow:
    """Add an account with two keys, and its group if it does not exist. Raises `IntegrityError` if the name is
    taken."""
    await ensure_group(database, session, plan.subscription_id, plan.resource_group, location=location, now=now)
    row = AccountRow(
        id=uuid.uuid4().hex,
        name=name,
        folded_name=folded(name),
        kind=plan.kind,
        location=location,
        subscription_id=plan.subscription_id,
        resource_group=plan.resource_group,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    session.add_all(AccountKeyRow(account_id=row.id, name=key, value=generate_key()) for key in KEY_NAMES)
    return row


async def _delete_account(session: AsyncSession, account_id: str) -> None:
    """Delete it with everything it owns; its deployments must be gone."""
    await session.execute(delete(RoleAssignmentRow).where(RoleAssignmentRow.scope == account_id))
    await session.execute(delete(RateWindowRow).where(RateWindowRow.account_id == account_id))
    await session.execute(delete(AccountRow).where(AccountRow.id == account_id))


async def _accounts(
    session: AsyncSession, subscription_id: str | None, resource_group: str | None
) -> tuple[Account, ...]:
    query = select(AccountRow).order_by(AccountRow.folded_name)
    if subscription_id is not None:
        query = query.where(_alike(AccountRow.subscription_id, subscription_id))
    if resource_group is not None:
        query = query.where(_alike(AccountRow.resource_group, resource_group))
    return tuple(_account(row) for row in await session.scalars(query))


async def _row(session: AsyncSession, name: str) -> AccountRow | None:
    return await session.scalar(select(AccountRow).where(AccountRow.folded_name == folded(name)))


def _account(row: AccountRow) -> Account:
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


def _alike(column: InstrumentedAttribute[str], value: str) -> ColumnElement[bool]:
    return func.lower(column) == value.lower()


def _check_place(row: AccountRow, plan: AccountPlan, location: str) -> None:
    """An account cannot move."""
    place = (row.subscription_id.lower(), row.resource_group.lower())
    if place != (plan.subscription_id.lower(), plan.resource_group.lower()):
        raise AccountNameTaken(row.name)
    if row.location != location:
        raise AccountElsewhere(row.name, location=row.location, resource_group=row.resource_group, wanted=location)


async def _check_room(session: AsyncSession, subscription_id: str, location: str) -> None:
    counted = select(func.count()).select_from(AccountRow)
    count = await session.scalar(
        counted.where(_alike(AccountRow.subscription_id, subscription_id), AccountRow.location == location)
    )
    if (used := count or 0) >= MAX_ACCOUNTS:
        raise InsufficientQuota(
            "Accounts per location",
            required=1,
            used=used,
            limit=MAX_ACCOUNTS,
            advice="Delete an account, or use another location or subscription.",
        )
