"""Blobs without a row: left behind by a crash between the two, or by a deleted account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from antiphon.store.blobs import Blobs
from antiphon.store.database import Database

ORPHAN_AGE = timedelta(hours=1)
"""A younger blob may be one whose row is still to come."""

_AT_A_TIME = 500


async def collect_orphans(
    database: Database, blobs: Blobs, folder: str, row_id: InstrumentedAttribute[str], *, before: datetime
) -> None:
    """Delete the folder's blobs that were written before that time and have no row, and unfinished ones.

    A blob is named after its row's id, up to the first dot.
    """
    found: dict[str, str] = {}
    async for blob in blobs.list(folder):
        if blob.modified_at < before:
            found[blob.name] = blob.name.removeprefix(f"{folder}/").partition(".")[0]
        if len(found) >= _AT_A_TIME:
            await _delete_orphans(database, blobs, found, row_id)
            found.clear()
    await _delete_orphans(database, blobs, found, row_id)
    await blobs.delete_unfinished(before=before)


async def _delete_orphans(
    database: Database, blobs: Blobs, found: Mapping[str, str], row_id: InstrumentedAttribute[str]
) -> None:
    # Read after the listing: a blob in the list that has no row now will never have one.
    async with database.session() as session:
        wanted = set(await session.scalars(select(row_id).where(row_id.in_(set(found.values())))))
    for name, id_ in found.items():
        if id_ not in wanted:
            await blobs.delete(name)
