"""Copies everything that is stored from one place to another, and makes sure that it has arrived."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import CopyFailed, TargetNotEmpty
from antiphon.store.tables import Base, CompatibilityRow

_TABLES = [table for table in Base.metadata.sorted_tables if table.name != CompatibilityRow.__tablename__]
"""Those that are referred to come first. The migrations fill the one that is left out."""
_ROWS_AT_A_TIME = 500
_BLOBS_AT_A_TIME = 8
_DIGEST_VALUES = 1 << 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    database: Database
    blobs: Blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    rows: Mapping[str, int]
    """By table."""
    blobs: int
    blob_bytes: int


@dataclass(slots=True)
class _Sum:
    """Of rows, in whatever order: databases sort text differently."""

    count: int = 0
    digest: int = 0

    def add(self, row: Row[Any]) -> None:
        content = json.dumps([_plain(value) for value in row], sort_keys=True)
        self.count += 1
        self.digest = (self.digest + int(hashlib.sha256(content.encode()).hexdigest(), 16)) % _DIGEST_VALUES


async def copy(source: Place, target: Place) -> Copied:
    """Copy all rows, as of one moment, and all blobs; then read all of the target again and compare.

    What is written to the source meanwhile may be left behind. Raises `TargetNotEmpty`, `CopyFailed` and
    `StorageUnavailable`.
    """
    await _check_empty(target)
    sums = await _copy_rows(source.database, target.database)
    digests = await _copy_blobs(source.blobs, target.blobs)
    await _compare_rows(target.database, sums)
    blob_bytes = await _compare_blobs(target.blobs, digests)
    return Copied(rows={name: each.count for name, each in sums.items()}, blobs=len(digests), blob_bytes=blob_bytes)


async def _check_empty(target: Place) -> None:
    async with target.database.session() as session:
        for table in _TABLES:
            if await session.scalar(select(literal(1)).select_from(table).limit(1)):
                raise TargetNotEmpty(f"The target's database is not empty: there are {table.name.replace('_', ' ')}.")
    async for blob in target.blobs.walk():
        raise TargetNotEmpty(f"The target's blobs are not empty: there is {blob.name}.")


async def _copy_rows(source: Database, target: Database) -> dict[str, _Sum]:
    sums = {table.name: _Sum() for table in _TABLES}
    async with source.session() as reading, target.change() as writing:
        for table in _TABLES:
            async for rows in _read(reading, table):
                for row in rows:
                    sums[table.name].add(row)
                await writing.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in rows])
    return sums


async def _compare_rows(target: Database, wanted: Mapping[str, _Sum]) -> None:
    async with target.session() as session:
        for table in _TABLES:
            found = _Sum()
            async for rows in _read(session, table):
                for row in rows:
                    found.add(row)
            if found != wanted[table.name]:
                raise CopyFailed(f"The table {table.name} did not arrive as it was.")


async def _read(session: AsyncSession, table: Table) -> AsyncGenerator[Sequence[Row[Any]]]:
    result = await session.stream(select(table))
    async for rows in result.partitions(_ROWS_AT_A_TIME):
        yield rows


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


async def _copy_blobs(source: Blobs, target: Blobs) -> dict[str, bytes]:
    """The digests of all blobs by their names."""
    digests: dict[str, bytes] = {}

    async def copy_one(name: str) -> None:
        data = await source.get(name)
        digests[name] = hashlib.sha256(data).digest()
        await target.put(name, data)

    names = [blob.name async for blob in source.walk()]
    for start in range(0, len(names), _BLOBS_AT_A_TIME):
        some = names[start : start + _BLOBS_AT_A_TIME]
        await asyncio.gather(*map(copy_one, some))
        await target.sync(some)
    return digests


async def _compare_blobs(target: Blobs, digests: Mapping[str, bytes]) -> int:
    """How many bytes they have."""
    sizes: list[int] = []

    async def compare_one(name: str) -> None:
        data = await target.get(name)
        if hashlib.sha256(data).digest() != digests[name]:
            raise CopyFailed(f"The blob {name} did not arrive as it was.")
        sizes.append(len(data))

    names = [blob.name async for blob in target.walk()]
    if missing := set(digests).symmetric_difference(names):
        raise CopyFailed(f"Not all blobs arrived, or others did: {min(missing)}.")
    for start in range(0, len(names), _BLOBS_AT_A_TIME):
        await asyncio.gather(*map(compare_one, names[start : start + _BLOBS_AT_A_TIME]))
    return sum(sizes)
