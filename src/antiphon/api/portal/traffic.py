"""What the account's deployments have recently been used for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.portal.gate import operator_or
from antiphon.api.portal.services import PortalServices
from antiphon.identity.roles import ManagementAction
from antiphon.resources.traffic import MINUTE_SECONDS


async def get_traffic(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/traffic`: for all deployments, whether used or not."""
    caller = await operator_or(request, ManagementAction.USAGES_READ)
    deployments = await portal.data.deployments.list(caller.account.id)
    now = portal.data.traffic.now()
    others = [told.traffic for told in await portal.data.siblings.ask_those_who_answer()]

    def counted(name: str) -> JsonObject:
        counts = portal.data.traffic.of_deployment(caller.account.id, name, now=now, others=others)
        return {"name": name, "requests": counts.requests, "tokens": counts.tokens}

    return JSONResponse(
        {"now": now, "minute_s": MINUTE_SECONDS, "deployments": [counted(each.name) for each in deployments]}
    )
