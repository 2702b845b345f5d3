"""Deployments: a model under a name that an account chose, answered for by a profile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from antiphon.errors import DeploymentNotFound
from antiphon.resources.models import Model, find_model
from antiphon.store.database import Database
from antiphon.store.recent import Recent
from antiphon.store.tables import DeploymentRow, folded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    name: str
    """As it was written when the deployment was made."""
    model: Model
    profile: str
    """Which engines answer: a profile of the configuration."""
    sku_name: str
    capacity: int
    """In thousands of tokens a minute."""
    created_at: datetime


class Deployments:
    """The deployments of all accounts. What another process changes is seen after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        *,
        remembered_seconds: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._of_account = Recent(self._read, seconds=remembered_seconds, monotonic=monotonic)

    async def get(self, account_id: str, name: str) -> Deployment:
        """The account's deployment of that name in any case.

        Raises `DeploymentNotFound`; the log then names those that exist.
        """
        deployments = await self._of_account.get(account_id)
        deployment = deployments.get(folded(name))
        if deployment is None:
            existing = ", ".join(deployment.name for deployment in deployments.values()) or "none"
            _log.warning("There is no deployment %r; the account's deployments are: %s", name[:128], existing)
            raise DeploymentNotFound
        return deployment

    async def list(self, account_id: str) -> tuple[Deployment, ...]:
        """All deployments of the account, by name."""
        return tuple((await self._of_account.get(account_id)).values())

    async def _read(self, account_id: str) -> Mapping[str, Deployment]:
        query = select(DeploymentRow).where(DeploymentRow.account_id == account_id).order_by(DeploymentRow.folded_name)
        async with self._database.session() as session:
            return {row.folded_name: _deployment(row) for row in await session.scalars(query)}


def _deployment(row: DeploymentRow) -> Deployment:
    # A model that this version of the program no longer has can do nothing; its deployment can still be seen.
    model = find_model(row.model_name, row.model_version) or Model(
        name=row.model_name, version=row.model_version, capabilities=frozenset()
    )
    return Deployment(
        name=row.name,
        model=model,
        profile=row.profile,
        sku_name=row.sku_name,
        capacity=row.capacity,
        created_at=row.created_at,
    )
