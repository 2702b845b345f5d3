"""The quota pool: how much capacity a subscription has for each model, location and SKU, and how much is in use.

Capacity is what a deployment may use, in thousands of tokens a minute. The pool limits how much can be assigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.resources.errors import InsufficientQuota
from antiphon.store.database import Database
from antiphon.store.tables import AccountRow, DeploymentRow

CAPACITY_PER_MODEL = 300_000
"""In thousands of tokens a minute: enough for thirty deployments of the size of a new data folder's."""

DEFAULT_CAPACITY = 10_000
"""For deployments created without a capacity, including those of a new data folder: practically no limit."""

Taken: TypeAlias = Mapping[tuple[str, str], int]
"""Capacity by model name (all versions together) and SKU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPool:
    """The pool of every subscription, location, model and SKU; all have the same `limit`."""

    database: Database
    limit: int = CAPACITY_PER_MODEL

    @property
    def usual(self) -> int:
        """What a deployment created without a capacity gets from an unused pool."""
        return _usual(self.limit)

    async def taken(self, subscription_id: str, location: str) -> Taken:
        """How much of each pool the subscription's deployments in that location use."""
        query = (
            select(DeploymentRow.model_name, DeploymentRow.sku_name, func.sum(DeploymentRow.capacity))
            .join(AccountRow, AccountRow.id == DeploymentRow.account_id)
            .where(func.lower(AccountRow.subscription_id) == subscription_id.lower(), AccountRow.location == location)
            .group_by(DeploymentRow.model_name, DeploymentRow.sku_name)
        )
        async with self.database.session() as session:
            return {(model, sku): int(capacity) for model, sku, capacity in (await session.execute(query)).all()}

    async def allot(
        self,
        session: AsyncSession,
        account: AccountRow,
        *,
        deployment: str,
        model: str,
        sku_name: str,
        capacity: int | None,
    ) -> int:
        """What the deployment (by folded name) gets: the requested `capacity` or, for None, the default.

        Raises `InsufficientQuota` if the pool has too little left, not counting what the deployment has already. The
        answer holds until the end of `session`, which must be one of `Database.change`.
        """
        sharing = select(AccountRow.id).where(
            func.lower(AccountRow.subscription_id) == account.subscription_id.lower(),
            AccountRow.location == account.location,
        )
        account_ids = (await session.scalars(sharing)).all()
        rows = await session.execute(
            select(DeploymentRow.account_id, DeploymentRow.folded_name, DeploymentRow.capacity).where(
                DeploymentRow.account_id.in_(account_ids),
                DeploymentRow.model_name == model,
                DeploymentRow.sku_name == sku_name,
            )
        )
        taken = {(account_id, name): each for account_id, name, each in rows}
        own = taken.get((account.id, deployment), 0)
        used = sum(taken.values())
        if capacity is None:
            capacity = _usual(self.limit - used + own)
        if capacity > own and used - own + capacity > self.limit:
            raise InsufficientQuota(
                pool_name(model, sku_name),
                required=capacity - own,
                used=used,
                limit=self.limit,
                advice="Reduce the capacity of the model's other deployments, or raise capacity_per_model in [quotas].",
            )
        return capacity


def _usual(free: int) -> int:
    """At most half of what is free, so that a deployment without a chosen capacity leaves some for the next."""
    return max(1, min(DEFAULT_CAPACITY, free // 2))


def pool_name(model: str, sku_name: str) -> str:
    """The name that Azure shows, which includes every SKU except Azure's first."""
    unit = "Tokens Per Minute (thousands)"
    return f"{unit} - {model}" if sku_name == "Standard" else f"{unit} - {model} - {sku_name}"


def usage_name(model: str, sku_name: str) -> str:
    """The name by which Azure's tools find a pool among a location's usages."""
    return f"OpenAI.{sku_name}.{model}"
