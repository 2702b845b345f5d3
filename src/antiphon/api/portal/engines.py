"""The engines of this server: where they run, how they are doing, and testing them."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.errors import ResourceNotFound
from antiphon.api.portal.gate import operator_or
from antiphon.api.portal.services import PortalServices, ShownEngine
from antiphon.engines.probes import try_out
from antiphon.engines.remote.replica import Replica
from antiphon.engines.running import RunningEngine
from antiphon.identity.roles import ManagementAction


async def list_engines(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/engines`."""
    await operator_or(request, ManagementAction.MODELS_READ)
    return JSONResponse({"engines": [_engine_json(shown) for shown in portal.data.engines]})


async def test_engine(portal: PortalServices, request: Request) -> Response:
    """`POST /portal/api/engines/{id}/test`: has the engine answer once, which an upstream may charge for.

    Raises `ResourceNotFound`.
    """
    await operator_or(request, ManagementAction.ACCOUNTS_WRITE, on_all_accounts=True)
    wanted = request.path_params["id"]
    shown = next((each for each in portal.data.engines if each.engine.id == wanted), None)
    if shown is None:
        raise ResourceNotFound
    shown.tested = await try_out(shown.engine.role, _built(shown.engine))
    return JSONResponse(_engine_json(shown))


async def _built(running: RunningEngine) -> Any:
    return running.engine


def _engine_json(shown: ShownEngine) -> JsonObject:
    engine = shown.engine
    return {
        "id": engine.id,
        "name": engine.name,
        "role": str(engine.role),
        "kind": engine.kind,
        "where": engine.where,
        "device": None if engine.placement is None else engine.placement.device,
        "note": "" if engine.placement is None else engine.placement.note,
        "profiles": list(shown.profiles),
        "replicas": [_replica_json(replica) for replica in engine.replicas],
        "tested": None if shown.tested is None else msgspec.to_builtins(shown.tested),
    }


def _replica_json(replica: Replica) -> JsonObject:
    latency = replica.latency_seconds
    return {
        "url": replica.url,
        "is_well": replica.is_well,
        "in_flight": replica.in_flight,
        "latency_ms": None if latency is None else round(1000 * latency),
    }
