"""The labels of records in a table of their own, and which versions of the program can work with the tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from antiphon.store.labels import label_digest

revision = "0007"
down_revision = "0006"
is_additive = False

_AT_A_TIME = 500


def upgrade() -> None:
    op.create_table("compatibility", sa.Column("needs", sa.String(), primary_key=True))
    labels = op.create_table(
        "record_labels",
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.String(), primary_key=True, index=True),
    )
    records = sa.table("records", sa.column("id", sa.String()), sa.column("labels", sa.JSON()))
    found: list[dict[str, Any]] = []
    for record in op.get_bind().execute(sa.select(records)).all():
        found += [{"record_id": record.id, "digest": label_digest(*label)} for label in record.labels.items()]
    for start in range(0, len(found), _AT_A_TIME):
        op.bulk_insert(labels, found[start : start + _AT_A_TIME])
