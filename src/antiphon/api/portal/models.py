"""The models of the catalogue: which are present, and fetching those that are not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.portal.gate import operator_or
from antiphon.api.portal.services import PortalData, PortalServices
from antiphon.identity.roles import ManagementAction
from antiphon.models.disk import free_bytes
from antiphon.models.errors import ModelNotFound
from antiphon.models.model import Model
from antiphon.models.pulls import PullStatus


async def list_models(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/models`."""
    await operator_or(request, ManagementAction.MODELS_READ)
    elsewhere = await _pulls_elsewhere(portal.data)
    return JSONResponse(await asyncio.to_thread(_models_json, portal.data, elsewhere))  # It checks a hundred files.


async def pull_model(portal: PortalServices, request: Request) -> Response:
    """`POST /portal/api/models/{name}/pull`: the pull continues after this answers. Raises `ModelNotFound`."""
    await operator_or(request, ManagementAction.ACCOUNTS_WRITE, on_all_accounts=True)
    name = request.path_params["name"]
    if name not in portal.data.models.catalogue:
        raise ModelNotFound(name)
    elsewhere = (await _pulls_elsewhere(portal.data)).get(name)
    if elsewhere is None or elsewhere.error is not None:
        portal.data.pulls.start(name)
    return Response(status_code=202)


async def _pulls_elsewhere(data: PortalData) -> Mapping[str, PullStatus]:
    """Those of other workers. One that goes on counts for more than one that has failed."""
    told = await data.siblings.ask_those_who_answer()
    pulls = [(name, status) for each in told for name, status in each.pulls.items()]
    return dict(sorted(pulls, key=lambda pull: pull[1].error is None))


def _models_json(data: PortalData, elsewhere: Mapping[str, PullStatus]) -> JsonObject:
    return {
        "directory": str(data.models.directory),
        "free_bytes": free_bytes(data.models.directory),
        "models": [_model_json(data, elsewhere, model) for model in data.models.catalogue.values()],
    }


def _model_json(data: PortalData, elsewhere: Mapping[str, PullStatus], model: Model) -> JsonObject:
    # A pull that ends between the two checks is still shown as one, not as a missing model.
    pull = data.pulls.status(model.name)
    if pull is None or pull.error is not None:
        pull = elsewhere.get(model.name, pull)
    return {
        "name": model.name,
        "title": model.title,
        "purpose": str(model.role),
        "license": model.licence,
        "homepage": model.homepage,
        "bytes": model.size,
        "state": str(data.models.state(model.name)),
        "profiles": list(data.profiles_by_model[model.name]),
        "pull": None if pull is None else asdict(pull),
    }


async def list_profiles(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/profiles`."""
    await operator_or(request, ManagementAction.DEPLOYMENTS_READ)
    return JSONResponse({"profiles": [asdict(profile) for profile in portal.data.profiles]})
