"""Tests of the engines that the settings name: each is built, asked once, and closed again."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import msgspec

from antiphon.compose.engines import DeclaredEngine
from antiphon.compose.profiles import site_of
from antiphon.engines.kind import Placement
from antiphon.engines.probes import Outcome, try_out
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError
from antiphon.settings import Settings


class EngineRow(msgspec.Struct, frozen=True, kw_only=True):
    """What can be told of an engine without building it."""

    name: str
    role: str
    kind: str
    where: str
    device: str | None
    """What an engine of this process computes on; None for others, and if it cannot have what it asks for."""
    note: str = ""
    """Why the device is not a better one, if it could be."""
    profiles: list[str]
    """Those that name the engine."""


class EngineTest(msgspec.Struct, frozen=True, kw_only=True):
    row: EngineRow
    outcome: Outcome


def row_of(engine: DeclaredEngine, profiles: list[str], settings: Settings, cache: ModelCache) -> EngineRow:
    try:
        placement, note = engine.placement(cache, settings.device), ""
    except (ConfigurationError, ModelError) as error:
        placement, note = None, error.message
    row = EngineRow(
        name=engine.name,
        role=engine.kind.role,
        kind=engine.kind.name,
        where=engine.where,
        device=None,
        note=note,
        profiles=profiles,
    )
    return _placed(row, placement)


async def test_engine(engine: DeclaredEngine, row: EngineRow, settings: Settings, cache: ModelCache) -> EngineTest:
    """Its models have to be there."""
    placement: Placement | None = None

    async with AsyncExitStack() as closing:

        async def build() -> Any:
            nonlocal placement
            running = await engine.build(site_of(settings, cache, closing))
            placement = running.placement
            return running.engine

        outcome = await try_out(engine.kind.role, build())
    return EngineTest(row=_placed(row, placement), outcome=outcome)


def _placed(row: EngineRow, placement: Placement | None) -> EngineRow:
    if placement is None:
        return row
    return msgspec.structs.replace(row, device=placement.device, note=placement.note)
