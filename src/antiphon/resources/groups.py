"""Resource groups, which contain accounts. A group is created explicitly, or by the first account that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.identity.scopes import Scope
from antiphon.resources.errors import ResourceGroupElsewhere, ResourceGroupNotFound
from antiphon.resources.names import check_resource_group, check_subscription, check_tags, location_name
from antiphon.store.database import Database
from antiphon.store.tables import ResourceGroupRow, RoleAssignmentRow, folded
from antiphon.store.utc import Clock, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceGroup:
    name: str
    """As written when the group was created; lookups ignore case."""
    location: str
    tags: Mapping[str, str]


class ResourceGroups:
    """The groups of all subscriptions. `Accounts` deletes them, together with their accounts."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def find(self, subscription_id: str, name: str) -> ResourceGroup | None:
        async with self._database.session() as session:
            row = await session.get(ResourceGroupRow, _key(subscription_id, name))
        return None if row is None else _group(row)

    async def list(self, subscription_id: str) -> tuple[ResourceGroup, ...]:
        """The groups of a subscription, by name."""
        query = (
            select(ResourceGroupRow)
            .where(ResourceGroupRow.folded_subscription == folded(subscription_id))
            .order_by(ResourceGroupRow.folded_name)
        )
        async with self._database.session() as session:
            return tuple(_group(row) for row in await session.scalars(query))

    async def subscriptions(self) -> tuple[str, ...]:
        """The subscriptions with groups, in lower case, sorted."""
        query = select(ResourceGroupRow.folded_subscription).distinct().order_by(ResourceGroupRow.folded_subscription)
        async with self._database.session() as session:
            return tuple(await session.scalars(query))

    async def put(
        self, subscription_id: str, name: str, *, location: str, tags: Mapping[str, str]
    ) -> tuple[ResourceGroup, bool]:
        """Create the group, or change the existing one's tags; also return whether it is new.

        Raises `ManagementError` for an invalid name, location or tags, and for a group in another location.
        """
        check_subscription(subscription_id)
        check_resource_group(name)
        check_tags(tags)
        location = location_name(location)
        async with self._database.change() as session:
            is_new = await ensure_group(
                self._database, session, subscription_id, name, location=location, now=self._clock()
            )
            row = await session.get_one(ResourceGroupRow, _key(subscription_id, name))
            if row.location != location:
                raise ResourceGroupElsewhere(row.location, wanted=location)
            row.tags = dict(tags)
        return _group(row), is_new

    async def tag(self, subscription_id: str, name: str, tags: Mapping[str, str]) -> ResourceGroup:
        """Raises `InvalidTags` and `ResourceGroupNotFound`."""
        check_tags(tags)
        async with self._database.change() as session:
            row = await session.get(ResourceGroupRow, _key(subscription_id, name))
            if row is None:
                raise ResourceGroupNotFound(name)
            row.tags = dict(tags)
        return _group(row)


async def ensure_group(
    database: Database, session: AsyncSession, subscription_id: str, name: str, *, location: str, now: datetime
) -> bool:
    """Create the group unless one of that name exists, ignoring case, as part of the caller's transaction; return
    whether it is new."""
    folded_subscription, folded_name = _key(subscription_id, name)
    made = await session.scalars(
        database.insert(ResourceGroupRow)
        .values(
            folded_subscription=folded_subscription,
            folded_name=folded_name,
            name=name,
            location=location,
            created_at=now,
            tags={},
        )
        .on_conflict_do_nothing()
        .returning(ResourceGroupRow.folded_name)
    )
    return bool(made.all())


async def delete_group(session: AsyncSession, subscription_id: str, name: str) -> None:
    """Delete the group and the roles assigned on it, in the transaction that deletes its accounts."""
    scope = Scope(subscription_id=subscription_id, resource_group=name).stored
    await session.execute(delete(RoleAssignmentRow).where(RoleAssignmentRow.scope == scope))
    folded_subscription, folded_name = _key(subscription_id, name)
    await session.execute(
        delete(ResourceGroupRow).where(
            ResourceGroupRow.folded_subscription == folded_subscription, ResourceGroupRow.folded_name == folded_name
        )
    )


def _key(subscription_id: str, name: str) -> tuple[str, str]:
    return folded(subscription_id), folded(name)


def _group(row: ResourceGroupRow) -> ResourceGroup:
    return ResourceGroup(name=row.name, location=row.location, tags=row.tags)
