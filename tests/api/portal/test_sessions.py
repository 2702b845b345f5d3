"""Signing in, and out: the routes, and the cookie."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from antiphon import __version__
from antiphon.serve.forwarding import Forwarding
from antiphon.store.database import Database
from antiphon.store.tables import PortalSessionRow, SignInCodeRow
from antiphon.store.utc import utc_now

from ..conftest import Backend
from .conftest import COOKIE, PORTAL, SESSION, Browser, browsing, signed_in_as_ada

pytestmark = pytest.mark.anyio


def cookie(response: httpx.Response) -> Morsel[str]:
    return next(iter(SimpleCookie(response.headers["set-cookie"]).values()))


async def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


async def let_expire(database: Database, row: type[PortalSessionRow | SignInCodeRow]) -> None:
    async with database.begin() as session:
        await session.execute(update(row).values(expires_at=utc_now() - timedelta(seconds=1)))


async def test_whoever_asks_is_told_how_to_sign_in(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("antiphon.api.portal.sessions.is_of_own_user", lambda _: True)
    response = await browser.client.get("/portal/api/sign-in", headers={"x-antiphon-portal": ""})
    told = "/opt/bin/antiphon portal --port 9000 --data /srv/voice"
    assert response.json() == {"entra": False, "version": __version__, "command": told}


async def test_a_program_of_another_user_is_not_told_where_anything_lies(browser: Browser) -> None:
    """Such as a proxy that does not say that it is one."""
    assert (await browser.client.get("/portal/api/sign-in")).json()["command"] == "antiphon portal"


async def test_another_machine_is_not_told_where_anything_lies(backend: Backend) -> None:
    transport = httpx.ASGITransport(backend.api, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://antiphon:8080") as client:
        assert (await client.get("/portal/api/sign-in")).json()["command"] == "antiphon portal"


async def test_a_code_becomes_a_session(browser: Browser) -> None:
    response = await browser.sign_in()
    assert response.status_code == 200
    session = response.json()
    assert session.pop("expires_at") == pytest.approx(utc_now().timestamp() + 12 * 3600, abs=60)
    assert session == {
        "principal": {"id": None, "name": "operator", "is_operator": True},
        "account": {
            "name": "local",
            "id": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/"
            "Microsoft.CognitiveServices/accounts/local",
            "endpoint": "http://localhost:8080",
            "disable_local_auth": False,
        },
        "server": {
            "tls_port": 8443,
            "program": "/opt/bin/antiphon",
            "folder_options": " --data /srv/voice",
            "server_options": " --port 9000 --data /srv/voice",
        },
    }
    again = (await browser.client.get(SESSION)).json()
    assert (again["principal"], again["account"]) == (session["principal"], session["account"])


async def test_who_came_through_entra_is_told_who_they_are(browser: Browser) -> None:
    new = await signed_in_as_ada(browser)
    session = (await browser.client.get(SESSION)).json()
    assert session["principal"] == {"id": new.session.user.object_id, "name": "Ada", "is_operator": False}
    assert session["server"] == {"tls_port": 8443, "program": "antiphon", "folder_options": "", "server_options": ""}


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    set_cookie = cookie(await browser.sign_in())
    assert set_cookie.key == COOKIE
    attributes = {name: value for name, value in set_cookie.items() if value}
    assert attributes == {"path": "/", "httponly": True, "samesite": "strict", "max-age": "604800"}


async def test_over_https_the_cookie_stays_there(backend: Backend) -> None:
    async with browsing(backend, url="https://localhost:8443") as browser:
        set_cookie = cookie(await browser.sign_in())
        assert (set_cookie.key, set_cookie["secure"]) == ("__Secure-antiphon-8443", True)
        assert await browser.is_signed_in()


async def test_behind_a_proxy_that_speaks_https_the_cookie_stays_there_as_well(backend: Backend) -> None:
    code = await backend.services.portal.sessions.create_code()
    proxied = Forwarding(backend.api, trusted_proxies=("127.0.0.1",))
    headers = {**PORTAL, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    transport = httpx.ASGITransport(proxied)
    async with httpx.AsyncClient(transport=transport, base_url="http://voice.example.org", headers=headers) as client:
        response = await client.post(SESSION, json={"code": code})
    assert (cookie(response).key, cookie(response)["secure"]) == ("__Secure-antiphon-443", True)
    assert response.json()["account"]["endpoint"] == "https://voice.example.org"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:9000", "antiphon-9000"),
        ("http://voice.example.org", "antiphon-80"),
        ("https://voice.example.org", "__Secure-antiphon-443"),
        ("http://[::1]:8080", "antiphon-8080"),
    ],
)
async def test_servers_on_other_ports_have_cookies_of_other_names(backend: Backend, url: str, name: str) -> None:
    async with browsing(backend, url=url) as browser:
        assert cookie(await browser.sign_in()).key == name


async def test_a_code_that_was_used_is_refused(browser: Browser) -> None:
    code = await browser.sessions.create_code()
    await browser.sign_in(code)
    browser.client.cookies.clear()
    response = await browser.sign_in(code)
    assert await error(response) == (401, "invalid_sign_in_code")
    assert "antiphon portal" in response.json()["error"]["message"]
    assert "set-cookie" not in response.headers


async def test_of_two_who_use_a_code_at_once_one_is_let_in(browser: Browser) -> None:
    code = await browser.sessions.create_code()
    responses = await asyncio.gather(*(browser.sign_in(code) for _ in range(8)))
    assert sorted(response.status_code for response in responses) == [200] + [401] * 7


async def test_a_code_that_is_too_old_is_refused(browser: Browser, backend: Backend) -> None:
    code = await browser.sessions.create_code()
    await let_expire(backend.database, SignInCodeRow)
    assert await error(await browser.sign_in(code)) == (401, "invalid_sign_in_code")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"code": 1}', b'{"code": null}', b"\xff", b"[" * 10_000])
async def test_a_body_without_a_code_is_refused(browser: Browser, body: bytes) -> None:
    assert (await browser.client.post(SESSION, content=body)).status_code == 400


async def test_a_body_larger_than_any_code_is_not_read(browser: Browser) -> None:
    assert (await browser.client.post(SESSION, json={"code": "x" * 1_000_000})).status_code == 413


async def test_no_other_page_signs_a_browser_in(browser: Browser) -> None:
    code = await browser.sessions.create_code()
    form = await browser.client.post(
        SESSION, content=f'{{"code": "{code}"}}', headers={"x-antiphon-portal": "", "content-type": "text/plain"}
    )
    assert await error(form) == (403, "portal_header_missing")
    assert (await browser.sign_in(code)).status_code == 200


async def test_no_other_page_signs_a_browser_out(operator: Browser) -> None:
    response = await operator.client.delete(SESSION, headers={"x-antiphon-portal": ""})
    assert await error(response) == (403, "portal_header_missing")
    assert await operator.is_signed_in()


async def test_no_other_page_is_granted_a_preflight(browser: Browser) -> None:
    preflight = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-antiphon-portal",
    }
    for path in (SESSION, "/openai/v1/models", "/portal/"):
        response = await browser.client.options(path, headers=preflight)
        assert response.status_code == 405
        assert not [name for name in response.headers if name.startswith("access-control")]


async def test_a_host_without_an_account_does_not_use_the_code_up(backend: Backend) -> None:
    async with browsing(backend, url="http://nobody.localhost:8080") as elsewhere, browsing(backend) as browser:
        code = await browser.sessions.create_code()
        assert (await elsewhere.sign_in(code)).status_code == 404
        assert (await browser.sign_in(code)).status_code == 200


async def test_to_sign_out_ends_the_session_and_removes_the_cookie(operator: Browser) -> None:
    token = operator.token
    response = await operator.client.delete(SESSION)
    assert response.status_code == 204
    gone = cookie(response)
    assert (gone["max-age"], gone["path"], gone["httponly"]) == ("0", "/", True)
    assert COOKIE not in operator.client.cookies
    operator.client.cookies.set(COOKIE, token)  # Whoever has kept it has nothing.
    assert await error(await operator.client.get(SESSION)) == (401, "session_expired")


async def test_to_sign_out_twice_is_no_fault(operator: Browser) -> None:
    assert [(await operator.client.delete(SESSION)).status_code for _ in range(2)] == [204, 204]


async def test_to_sign_in_anew_ends_the_session_before(operator: Browser) -> None:
    before = operator.token
    await operator.sign_in()
    assert operator.token != before
    assert await operator.sessions.find(before) is None


async def test_a_session_that_has_expired_is_told_as_such(operator: Browser, backend: Backend) -> None:
    await let_expire(backend.database, PortalSessionRow)
    assert await error(await operator.client.get(SESSION)) == (401, "session_expired")


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 4000])
async def test_what_is_no_token_is_no_session(browser: Browser, token: str) -> None:
    headers: Any = {**PORTAL, "Cookie": f"{COOKIE}={token}".encode()}
    assert await error(await browser.client.get(SESSION, headers=headers)) == (401, "session_expired")


async def test_neither_codes_nor_tokens_are_logged(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = await browser.sessions.create_code()
    await browser.sign_in(code)
    token = browser.token
    await browser.sign_in(code)
    await browser.client.get("/openai/v1/models")
    await browser.client.delete(SESSION)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "/portal/api/session 200" in logged
    assert code not in logged
    assert token not in logged
