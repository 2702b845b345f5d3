"""Deployments: models under names that an account has chosen, each served by a profile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployment_plan import (
    VERSION_UPGRADE_OPTIONS,
    DeploymentPlan,
    check_sku,
    check_version_upgrade_option,
    planned_model,
    planned_profile,
    usual_profile,
)
from antiphon.resources.errors import DeploymentNotFound, InsufficientQuota, ModelIsAmbiguous, ParentResourceNotFound
from antiphon.resources.models import Model, find_model, read_model_name
from antiphon.resources.names import check_deployment_name
from antiphon.store.database import Database
from antiphon.store.tables import AccountRow, DeploymentRow, folded
from antiphon.store.ttl_cache import REMEMBERED_SECONDS, TtlCache
from antiphon.store.utc import Clock, utc_now

_log = logging.getLogger(__name__)

MAX_DEPLOYMENTS = 32
"""Per account, as in Azure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    name: str
    """As written when the deployment was created."""
    model: Model
    profile: str
    """The profile of the configuration whose engines answer."""
    sku_name: str
    capacity: int
    """In thousands of tokens a minute."""
    created_at: datetime
    version_upgrade_option: str = VERSION_UPGRADE_OPTIONS[0]
    rai_policy_name: str = "Microsoft.DefaultV2"
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class Deployments:
    """The deployments of all accounts. Changes by other processes are seen within `remembered_seconds`.

    `profiles` are those of the configuration; None accepts any name.
    """

    def __init__(
        self,
        database: Database,
        *,
        pool: CapacityPool | None = None,
        profiles: Collection[str] | None = None,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._pool = CapacityPool(database=database) if pool is None else pool
        self._profiles = profiles
        self._clock = clock
        self._of_account = TtlCache(
            self.stored, seconds=remembered_seconds, changes=database.changes, monotonic=monotonic
        )

    async def get(self, account_id: str, name: str) -> Deployment:
        """The account's deployment of that name, ignoring case.

        Raises `DeploymentNotFound`; the log then names those that exist.
        """
        deployments = await self._of_account.get(account_id)
        deployment = deployments.get(folded(name))
        if deployment is None:
            existing = ", ".join(deployment.name for deployment in deployments.values()) or "none"
            _log.warning("There is no deployment %r; the account's deployments are: %s", name[:128], existing)
            raise DeploymentNotFound
        return deployment

    async def meant_by(self, account_id: str, model: str) -> Deployment:
        """The deployment that the `model` of OpenAI's routes selects: the one of that name, or else the only one of the
        model of that name, with or without a version ("gpt-4o-audio-preview-2024-12-17"). If there are several, the
        only one with that version.

        Raises `DeploymentNotFound`, and `ModelIsAmbiguous` if several match.
        """
        deployments = await self._of_account.get(account_id)
        named = read_model_name(model)
        if named is not None and folded(model) not in deployments:
            name, version = named
            candidates = [each for each in deployments.values() if each.model.name == name]
            exact = [each for each in candidates if each.model.version == version]
            if len(exact or candidates) > 1:
                raise ModelIsAmbiguous(model, [each.name for each in exact or candidates])
            for deployment in exact or candidates:
                return deployment
        return await self.get(account_id, model)

    async def list(self, account_id: str) -> tuple[Deployment, ...]:
        """All deployments of the account, by name."""
        return tuple((await self._of_account.get(account_id)).values())

    async def stored(self, account_id: str) -> Mapping[str, Deployment]:
        """The account's deployments, straight from the store, by folded name."""
        query = select(DeploymentRow).where(DeploymentRow.account_id == account_id).order_by(DeploymentRow.folded_name)
        async with self._database.session() as session:
            return {row.folded_name: _deployment(row) for row in await session.scalars(query)}

    async def put(self, account_id: str, name: str, plan: DeploymentPlan) -> tuple[Deployment, bool]:
        """Create the deployment, or update the existing one; also return whether it is new.

        Raises `ManagementError` for an invalid name, model, SKU, capacity, profile or tags, for a pool or an account
        that is full, and `ParentResourceNotFound` for a deleted account.
        """
        check_deployment_name(name)
        model = planned_model(plan)
        check_sku(plan)
        check_version_upgrade_option(plan.version_upgrade_option)
        async with self._database.change() as session:
            account = await _account(session, account_id)
            row = await session.get(DeploymentRow, (account_id, folded(name)))
            is_new = row is None
            profile, tags = planned_profile(
                plan, self._profiles, current=usual_profile(model, self._profiles) if row is None else row.profile
            )
            if row is None:
                await _check_room(session, account_id)
            elif plan.capacity is None:
                plan = replace(plan, capacity=row.capacity)
            capacity = await self._allot(session, account, folded(name), model, plan)
            if row is None:
                row = DeploymentRow(
                    account_id=account_id,
                    folded_name=folded(name),
                    name=name,
                    model_name=model.name,
                    model_version=model.version,
                    profile=profile,
                    sku_name=plan.sku_name,
                    capacity=capacity,
                    created_at=self._clock(),
                )
            row.model_name, row.model_version = model.name, model.version
            row.profile = profile
            row.sku_name, row.capacity = plan.sku_name, capacity
            row.version_upgrade_option = plan.version_upgrade_option
            row.rai_policy_name = plan.rai_policy_name
            row.tags = dict(tags)
            session.add(row)
        return _deployment(row), is_new

    async def update(
        self,
        account_id: str,
        name: str,
        *,
        sku_name: str | None = None,
        capacity: int | None = None,
        profile: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Deployment:
        """Change whatever is not None. Raises `DeploymentNotFound`, and `ManagementError` as `put` does."""
        async with self._database.change() as session:
            account = await _account(session, account_id)
            row = await session.get(DeploymentRow, (account_id, folded(name)))
            if row is None:
                raise DeploymentNotFound
            plan = DeploymentPlan(
                model_name=row.model_name,
                model_version=row.model_version,
                sku_name=row.sku_name if sku_name is None else sku_name,
                capacity=row.capacity if capacity is None else capacity,
                profile=profile,
                tags=row.tags if tags is None else tags,
            )
            check_sku(plan)
            if profile is not None or tags is not None:
                row.profile, tags = planned_profile(plan, self._profiles, current=row.profile)
                row.tags = dict(tags)
            row.capacity = await self._allot(session, account, row.folded_name, _model(row), plan)
            row.sku_name = plan.sku_name
        return _deployment(row)

    async def delete(self, account_id: str, name: str) -> bool:
        """Delete the deployment and free its capacity; return whether it existed."""
        async with self._database.change() as session:
            deleted = await session.scalars(
                delete(DeploymentRow)
                .where(DeploymentRow.account_id == account_id, DeploymentRow.folded_name == folded(name))
                .returning(DeploymentRow.folded_name)
            )
            return bool(deleted.all())

    async def _allot(
        self, session: AsyncSession, account: AccountRow, deployment: str, model: Model, plan: DeploymentPlan
    ) -> int:
        return await self._pool.allot(
            session,
            account,
            deployment=deployment,
            model=model.name,
            sku_name=plan.sku_name,
            capacity=plan.capacity,
        )


async def _account(session: AsyncSession, account_id: str) -> AccountRow:
    account = await session.get(AccountRow, account_id)
    if account is None:
        raise ParentResourceNotFound(account_id)
    return account


async def _check_room(session: AsyncSession, account_id: str) -> None:
    query = select(func.count()).select_from(DeploymentRow).where(DeploymentRow.account_id == account_id)
    count = await session.scalar(query) or 0
    if count >= MAX_DEPLOYMENTS:
        raise InsufficientQuota(
            "Deployments per account",
            required=1,
            used=count,
            limit=MAX_DEPLOYMENTS,
            advice="Delete a deployment, or use another account.",
        )


def _deployment(row: DeploymentRow) -> Deployment:
    return Deployment(
        name=row.name,
        model=_model(row),
        profile=row.profile,
        sku_name=row.sku_name,
        capacity=row.capacity,
        created_at=row.created_at,
        version_upgrade_option=row.version_upgrade_option,
        rai_policy_name=row.rai_policy_name,
        tags=row.tags,
    )


def _model(row: DeploymentRow) -> Model:
    # A model that this version of the program no longer has cannot do anything, but its deployment is still listed.
    return find_model(row.model_name, row.model_version) or Model(
        name=row.model_name, version=row.model_version, capabilities=frozenset()
    )
