"""Where the parts of this cloud are, so that Azure's tools can find them all from the address of one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.own_address import own_url

_NAME = "Antiphon"
_AUDIENCES = ("https://management.core.windows.net/", "https://management.azure.com/")


async def describe_cloud(_: object, request: Request) -> Response:
    """`GET /metadata/endpoints`, which needs no token: `az cloud register` calls it before anyone signs in."""
    url = own_url(request)
    return JSONResponse(
        {
            "name": _NAME,
            "resourceManager": url,
            "gallery": url,
            "portal": f"{url}/portal",
            "microsoftGraphResourceId": url,
            "graph": url,
            "graphAudience": "https://graph.windows.net/",
            "authentication": {
                "loginEndpoint": url,
                "audiences": list(_AUDIENCES),
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "suffixes": {},
        }
    )
