"""Resource groups of their own, and what Azure's tools tell of a role that they assign."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("role_assignments") as assignments:
        for column in ("principal_type", "description", "created_by"):
            assignments.add_column(sa.Column(column, sa.String()))
    groups = op.create_table(
        "resource_groups",
        sa.Column("folded_subscription", sa.String(), primary_key=True),
        sa.Column("folded_name", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
    )
    op.bulk_insert(groups, _groups_of_accounts())


def _groups_of_accounts() -> list[dict[str, Any]]:
    """Until now a group was there by having accounts, and was where the first of them is."""
    accounts = sa.table(
        "accounts",
        sa.column("folded_name", sa.String()),
        sa.column("subscription_id", sa.String()),
        sa.column("resource_group", sa.String()),
        sa.column("location", sa.String()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for account in op.get_bind().execute(sa.select(accounts).order_by(accounts.c.folded_name)):
        key = (account.subscription_id.lower(), account.resource_group.lower())
        found.setdefault(
            key,
            {
                "folded_subscription": key[0],
                "folded_name": key[1],
                "name": account.resource_group,
                "location": account.location,
                "created_at": account.created_at,
                "tags": {},
            },
        )
    return list(found.values())
