"""Who may ask what only the portal asks."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request

from antiphon.api.errors import ApiError, SessionExpired
from antiphon.api.management.errors import AuthorizationFailed
from antiphon.api.portal.errors import PortalHeaderMissing
from antiphon.api.portal.gate import operator_or
from antiphon.identity.roles import OPENAI_CONTRIBUTOR, OPENAI_USER, ManagementAction
from antiphon.resources.errors import AccountNotFound

from ...identity.forging import OBJECT_ID
from ..conftest import Backend
from .conftest import COOKIE, Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

WRITE = ManagementAction.DEPLOYMENTS_WRITE


def asking(browser: Browser, backend: Backend, **headers: str) -> Request:
    headers = {"host": "localhost:8080", "x-antiphon-portal": "1", **headers}
    if COOKIE in browser.client.cookies:
        headers.setdefault("cookie", f"{COOKIE}={browser.token}")
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": "http",
        "method": "GET",
        "path": "/portal/api/models",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "app": backend.api,
    }
    return Request(scope)


async def test_the_operator_may_do_everything(operator: Browser, backend: Backend) -> None:
    for everywhere in (False, True):
        caller = await operator_or(asking(operator, backend), WRITE, on_all_accounts=everywhere)
        assert (caller.account.id, caller.who.principal) == (backend.account_id, "portal")


async def test_somebody_of_entras_may_do_what_their_role_allows_where_they_have_it(
    browser: Browser, backend: Backend
) -> None:
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, OPENAI_USER)
    with pytest.raises(AuthorizationFailed, match=f"'Ada' with object id '{OBJECT_ID}'"):
        await operator_or(asking(browser, backend), WRITE)
    await roles.assign(OBJECT_ID, OPENAI_CONTRIBUTOR, scope=backend.account_id)
    assert (await operator_or(asking(browser, backend), WRITE)).who.principal == OBJECT_ID
    with pytest.raises(AuthorizationFailed, match="all accounts"):
        await operator_or(asking(browser, backend), WRITE, on_all_accounts=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-antiphon-portal": ""}, PortalHeaderMissing),
        ({"cookie": ""}, SessionExpired),
        ({"cookie": f"{COOKIE}=x"}, SessionExpired),
        ({"host": "localhost:8081"}, SessionExpired),
        ({"cookie": "", "authorization": "Bearer x", "api-key": "x"}, SessionExpired),
    ],
)
async def test_who_is_not_signed_in_or_is_no_page_of_the_portal_is_refused(
    operator: Browser, backend: Backend, headers: dict[str, str], expected: type[ApiError]
) -> None:
    with pytest.raises(expected):
        await operator_or(asking(operator, backend, **headers), WRITE)


async def test_the_host_of_no_account_is_told_as_such(operator: Browser, backend: Backend) -> None:
    with pytest.raises(AccountNotFound):
        await operator_or(asking(operator, backend, host="nobody.localhost:8080"), WRITE)
