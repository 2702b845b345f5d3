"""The session as one more credential of the API, and who cannot use it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.requests import HTTPConnection
from websockets.exceptions import InvalidStatus

from antiphon.api.session_credential import shows_session
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.portal_sessions import OPERATOR, PortalSessions
from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR, OPENAI_USER
from antiphon.resources.accounts import Accounts
from antiphon.store.tables import PortalSessionRow, RecordRow
from antiphon.store.utc import utc_now

from ...identity.forging import OBJECT_ID
from ..conftest import CHAT, Backend, spoken
from ..realtime.realtime_server import BETA, GA, OPENAI, RealtimeServer, running
from .conftest import PORTAL, SESSION, Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/Microsoft.CognitiveServices"
    "/accounts/local"
)
VERSION = {"api-version": "2024-10-01"}
FOREIGN = {"x-antiphon-portal": ""}
"""A page of another origin, which can make a browser send the cookie and not the header."""


async def test_a_session_opens_the_models(operator: Browser) -> None:
    assert (await operator.client.get("/openai/v1/models")).status_code == 200
    assert (await operator.client.post(CHAT, json=spoken())).status_code == 200


async def test_the_operators_requests_are_recorded_as_the_portals(operator: Browser, backend: Backend) -> None:
    await operator.client.post(CHAT, json={**spoken(), "store": True})
    async with backend.database.session() as session:
        assert (await session.scalars(select(RecordRow.principal))).all() == ["portal"]


async def test_a_session_manages(operator: Browser) -> None:
    account = await operator.client.get(ACCOUNT, params=VERSION)
    assert account.json()["name"] == "local"
    keys = await operator.client.post(f"{ACCOUNT}/listKeys", params=VERSION)
    assert set(keys.json()) == {"key1", "key2"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/openai/v1/models"),
        ("POST", CHAT),
        ("GET", f"{ACCOUNT}?api-version=2024-10-01"),
        ("POST", f"{ACCOUNT}/listKeys?api-version=2024-10-01"),
        ("DELETE", f"{ACCOUNT}/deployments/gpt-4o-audio-preview?api-version=2024-10-01"),
    ],
)
async def test_a_cookie_without_the_header_is_no_credential(operator: Browser, method: str, path: str) -> None:
    refused = await operator.client.request(method, path, headers=FOREIGN)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] in {"401", "InvalidAuthenticationToken"}


@pytest.mark.parametrize("value", ["0", "true", "1, 1", "11"])
async def test_the_header_counts_in_one_spelling(operator: Browser, value: str) -> None:
    refused = await operator.client.get("/openai/v1/models", headers={"x-antiphon-portal": value})
    assert refused.status_code == 401


@pytest.mark.parametrize("path", ["/openai/v1/models", f"{ACCOUNT}?api-version=2024-10-01", SESSION])
async def test_the_portal_is_told_that_its_session_has_ended(operator: Browser, backend: Backend, path: str) -> None:
    async with backend.database.begin() as session:
        await session.execute(update(PortalSessionRow).values(expires_at=utc_now() - timedelta(seconds=1)))
    refused = await operator.client.get(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session_expired")


@pytest.mark.parametrize("path", ["/openai/v1/models", f"{ACCOUNT}?api-version=2024-10-01", SESSION])
async def test_who_has_signed_out_stays_outside(operator: Browser, path: str) -> None:
    cookies = dict(operator.client.cookies)
    await operator.client.delete(SESSION)
    operator.client.cookies.update(cookies)
    assert (await operator.client.get(path)).status_code == 401


async def test_a_key_goes_before_the_session(operator: Browser, backend: Backend) -> None:
    wrong = await operator.client.get("/openai/v1/models", headers={"api-key": "wrong"})
    assert wrong.status_code == 401
    await operator.client.post(CHAT, json={**spoken(), "store": True}, headers={"api-key": backend.key})
    async with backend.database.session() as session:
        assert (await session.scalars(select(RecordRow.principal))).all() == ["key1"]


async def test_a_token_goes_before_the_session(operator: Browser) -> None:
    refused = await operator.client.get(ACCOUNT, params=VERSION, headers={"Authorization": "Bearer x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


async def test_an_account_that_takes_no_keys_takes_sessions(operator: Browser, backend: Backend) -> None:
    accounts: Accounts = backend.services.management.accounts
    await accounts.update(backend.account_id, disable_local_auth=True)
    assert (await operator.client.get("/openai/v1/models", headers={"api-key": backend.key})).status_code == 403
    assert (await operator.client.get("/openai/v1/models")).status_code == 200


async def test_who_came_through_entra_may_do_what_their_roles_allow(browser: Browser, backend: Backend) -> None:
    await signed_in_as_ada(browser)
    roles: RoleAssignments = backend.services.portal.roles
    refused = await browser.client.get("/openai/v1/models")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "PermissionDenied")
    await roles.assign(OBJECT_ID, OPENAI_USER, scope=backend.account_id)
    assert (await browser.client.get("/openai/v1/models")).status_code == 200
    assert (await browser.client.get(ACCOUNT, params=VERSION)).status_code == 200
    keys = await browser.client.post(f"{ACCOUNT}/listKeys", params=VERSION)
    assert (keys.status_code, keys.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert "'Ada'" in keys.json()["error"]["message"]
    assert OBJECT_ID in keys.json()["error"]["message"]


async def test_an_app_role_counts_on_every_account(browser: Browser) -> None:
    await signed_in_as_ada(browser, app_roles=("CognitiveServicesOpenAIUser",))
    assert (await browser.client.get("/openai/v1/models")).status_code == 200


async def test_a_role_that_is_taken_back_opens_nothing_more(browser: Browser, backend: Backend) -> None:
    await signed_in_as_ada(browser)
    roles: RoleAssignments = backend.services.portal.roles
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR)
    assert (await browser.client.get(ACCOUNT, params=VERSION)).status_code == 200
    await roles.revoke(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR)
    assert (await browser.client.get(ACCOUNT, params=VERSION)).status_code == 403


async def test_a_session_outlives_the_server(operator: Browser, tmp_path: object) -> None:
    found = await PortalSessions(operator.sessions._database).find(operator.token)
    assert found is not None
    assert found.user == OPERATOR


async def session_cookie(server: RealtimeServer) -> str:
    sessions = server.backend.services.portal.sessions
    return f"antiphon-{server.port}={(await sessions.open(OPERATOR)).token}"


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
async def test_a_session_opens_a_websocket_of_the_servers_own_page(backend: Backend, path: str) -> None:
    async with running(backend) as server:
        headers = {"Cookie": await session_cookie(server), "Origin": f"http://127.0.0.1:{server.port}"}
        async with server.open(path, headers=headers) as client:
            assert (await client.event())["type"] == "session.created"


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://attacker.example", id="another site"),
        pytest.param("http://127.0.0.1:1", id="another port of this host"),
        pytest.param("http://127.0.0.1", id="no port"),
        pytest.param("https://127.0.0.1:{port}", id="another scheme"),
        pytest.param("http://localhost:{port}", id="another name of this host"),
        pytest.param("http://127.0.0.1:{port}.attacker.example", id="a name that begins alike"),
        pytest.param("http://attacker@127.0.0.1:{port}", id="with a user"),
        pytest.param("http://127.0.0.1:{port}/", id="with a path"),
        pytest.param("null", id="null"),
        pytest.param("http://[", id="no address"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
    ],
)
async def test_no_other_page_opens_a_websocket(backend: Backend, origin: str | None) -> None:
    async with running(backend) as server:
        headers = {"Cookie": await session_cookie(server), **PORTAL}
        if origin is not None:
            headers["Origin"] = origin.format(port=server.port)
        with pytest.raises(InvalidStatus) as refused:
            async with server.open(GA, headers=headers):
                pass
        assert refused.value.response.status_code == 401


async def test_a_websocket_is_not_opened_with_a_session_that_has_ended(backend: Backend) -> None:
    async with running(backend) as server:
        headers = {"Cookie": await session_cookie(server), "Origin": f"http://127.0.0.1:{server.port}"}
        await backend.services.portal.sessions.end_all()
        status, body, _ = await server.refusal(GA, headers=headers)
        assert (status, body["error"]["code"]) == (401, "session_expired")


def opening(
    path: str = "/openai/v1/realtime",
    *,
    token: str,
    headers: dict[str, str],
    type_: str = "websocket",
    scheme: str = "ws",
    host: str = "localhost:8080",
    cookie: str = "antiphon-8080",
) -> dict[str, object]:
    """A request as the application sees it behind `Forwarding`."""
    headers = {"host": host, "cookie": f"{cookie}={token}", **headers}
    return {
        "type": type_,
        "scheme": scheme,
        "path": path,
        "query_string": b"",
        "server": ("10.0.0.2", 8080),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
    }


@pytest.mark.parametrize(
    ("scheme", "host", "cookie", "origin"),
    [
        ("ws", "localhost:8080", "antiphon-8080", "http://localhost:8080"),
        ("ws", "voice.example.org", "antiphon-80", "http://voice.example.org"),
        ("wss", "voice.example.org", "__Secure-antiphon-443", "https://voice.example.org"),
        ("wss", "Voice.Example.org:443", "__Secure-antiphon-443", "https://voice.example.org"),
        ("wss", "[::1]:8443", "__Secure-antiphon-8443", "https://[::1]:8443"),
    ],
)
async def test_the_servers_own_origin_is_the_address_that_the_browser_has(
    operator: Browser, scheme: str, host: str, cookie: str, origin: str
) -> None:
    scope = opening(token=operator.token, headers={"origin": origin}, scheme=scheme, host=host, cookie=cookie)
    assert shows_session(HTTPConnection(scope))


async def test_a_proxy_that_is_not_believed_is_told_of_in_the_log(
    operator: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    scope = opening(token=operator.token, headers={"origin": "https://voice.example.org"})
    assert not shows_session(HTTPConnection(scope))
    assert "trusted_proxies" in caplog.text
