"""Deployments of the models that followed the first two, in the account `local`."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOST = 32
_NEW = (
    ("gpt-audio", "2025-08-28", "default"),
    ("gpt-audio-mini", "2025-12-15", "mini"),
    ("gpt-realtime", "2025-08-28", "default"),
    ("gpt-realtime-mini", "2025-12-15", "mini"),
    ("gpt-4o-mini-transcribe", "2025-12-15", "mini"),
    ("gpt-4o-mini-tts", "2025-12-15", "mini"),
    ("gpt-4o-transcribe", "2025-03-20", "default"),
    ("tts", "001", "default"),
    ("whisper", "001", "default"),
)


def upgrade() -> None:
    """Add those whose names are free, as far as there is room. A new data folder has no account yet."""
    accounts = sa.table("accounts", sa.column("id", sa.String()), sa.column("folded_name", sa.String()))
    deployments = sa.table(
        "deployments",
        sa.column("account_id", sa.String()),
        sa.column("folded_name", sa.String()),
        sa.column("name", sa.String()),
        sa.column("model_name", sa.String()),
        sa.column("model_version", sa.String()),
        sa.column("profile", sa.String()),
        sa.column("sku_name", sa.String()),
        sa.column("capacity", sa.Integer()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("version_upgrade_option", sa.String()),
        sa.column("rai_policy_name", sa.String()),
        sa.column("tags", sa.JSON()),
    )
    connection = op.get_bind()
    account_id = connection.scalar(sa.select(accounts.c.id).where(accounts.c.folded_name == "local"))
    if account_id is None:
        return
    existing = sa.select(deployments.c.folded_name).where(deployments.c.account_id == account_id)
    taken = set(connection.scalars(existing))
    free = [each for each in _NEW if each[0] not in taken][: max(0, _MOST - len(taken))]
    op.bulk_insert(
        deployments,
        [
            {
                "account_id": account_id,
                "folded_name": name,
                "name": name,
                "model_name": name,
                "model_version": version,
                "profile": profile,
                "sku_name": "GlobalStandard",
                "capacity": 10_000,
                "created_at": datetime.now(UTC),
                "version_upgrade_option": "OnceNewDefaultVersionAvailable",
                "rai_policy_name": "Microsoft.DefaultV2",
                "tags": {},
            }
            for name, version, profile in free
        ],
    )
