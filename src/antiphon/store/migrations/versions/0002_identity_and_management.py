"""Where accounts belong, who may use them, what was used, and what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
"""That of accounts made before there were any."""


def upgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(
            sa.Column("subscription_id", sa.String(), nullable=False, server_default=LOCAL_SUBSCRIPTION)
        )
        accounts.add_column(sa.Column("resource_group", sa.String(), nullable=False, server_default="local"))
        accounts.add_column(sa.Column("tags", sa.JSON(), nullable=False, server_default="{}"))
        accounts.add_column(sa.Column("disable_local_auth", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("deployments") as deployments:
        deployments.add_column(
            sa.Column(
                "version_upgrade_option", sa.String(), nullable=False, server_default="OnceNewDefaultVersionAvailable"
            )
        )
        deployments.add_column(
            sa.Column("rai_policy_name", sa.String(), nullable=False, server_default="Microsoft.DefaultV2")
        )
        deployments.add_column(sa.Column("tags", sa.JSON(), nullable=False, server_default="{}"))
    for table, columns in {
        "accounts": ("subscription_id", "resource_group", "tags", "disable_local_auth"),
        "deployments": ("version_upgrade_option", "rai_policy_name", "tags"),
    }.items():
        with op.batch_alter_table(table) as altered:
            for column in columns:  # From now on, whoever adds a row says all of it.
                altered.alter_column(column, server_default=None)
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("sealed_private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retires_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "server_secrets",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "principals",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("client_id", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False, unique=True),
        sa.Column("secret_hash", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("principal_id", "role", "scope"),
    )
    op.create_table(
        "rate_windows",
        sa.Column("account_id", sa.String(), primary_key=True),
        sa.Column("deployment", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "account_id", sa.String(), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("deployment", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("is_stored", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("audio", sa.JSON(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
