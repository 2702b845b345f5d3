"""To Entra and back: the cookies, the redirects, and who tries to come in by them."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import AsyncGenerator
from http.cookies import SimpleCookie

import httpx
import pytest

from antiphon.identity.portal_sessions import PortalUser
from antiphon.store.utc import utc_now

from ...identity.entra_double import Entra
from ...identity.forging import OBJECT_ID, TENANT
from ..conftest import Backend
from .conftest import COOKIE, SESSION, Browser, browsing

pytestmark = pytest.mark.anyio

BEGIN = "/portal/api/entra"
CALLBACK = "/portal/api/entra/callback"
ATTEMPT = "antiphon-entra-8080"


@pytest.fixture
async def entra(backend: Backend) -> AsyncGenerator[Entra]:
    """Set up as the way in."""
    double = Entra(clock=utc_now)
    async with double.sign_in() as sign_in:
        portal = dataclasses.replace(backend.services.portal, entra=sign_in)
        backend.api.state.services = dataclasses.replace(backend.api.state.services, portal=portal)
        yield double


async def visited(browser: Browser, entra: Entra) -> str:
    """The query that a user who has signed in comes back with."""
    return entra.visit((await browser.client.get(BEGIN)).headers["location"])


async def back(browser: Browser, query: str) -> httpx.Response:
    """What the browser gets that Entra sends back: a navigation, which has no header of the portal's."""
    return await browser.client.get(f"{CALLBACK}?{query}", headers={"x-antiphon-portal": ""})


async def test_who_comes_back_from_entra_is_signed_in(browser: Browser, entra: Entra) -> None:
    assert (await browser.client.get("/portal/api/sign-in")).json()["entra"] is True
    response = await back(browser, await visited(browser, entra))
    assert (response.status_code, response.headers["location"]) == (303, "/portal/")
    session = (await browser.client.get(SESSION)).json()
    assert session["principal"] == {"id": OBJECT_ID, "name": "Ada Lovelace", "is_operator": False}
    assert entra.asked[0][1]["redirect_uri"] == f"http://localhost:8080{CALLBACK}"


async def test_the_attempt_comes_back_from_another_site_and_the_session_does_not(
    browser: Browser, entra: Entra
) -> None:
    begun = SimpleCookie((await browser.client.get(BEGIN)).headers["set-cookie"])[ATTEMPT]
    assert {name: value for name, value in begun.items() if value} == {
        "path": BEGIN,
        "httponly": True,
        "samesite": "lax",
        "max-age": "600",
    }
    response = await back(browser, await visited(browser, entra))
    gone, session = (next(iter(SimpleCookie(each).values())) for each in response.headers.get_list("set-cookie"))
    assert (gone.key, gone["max-age"], gone["path"]) == (ATTEMPT, "0", BEGIN)
    assert (session.key, session["samesite"], session["httponly"], session["path"]) == (COOKIE, "strict", True, "/")


async def test_over_https_both_cookies_stay_there(backend: Backend, entra: Entra) -> None:
    async with browsing(backend, url="https://voice.example.org") as browser:
        query = await visited(browser, entra)
        assert entra.query["redirect_uri"] == f"https://voice.example.org{CALLBACK}"
        cookies = [
            next(iter(SimpleCookie(each).values()))
            for each in (await back(browser, query)).headers.get_list("set-cookie")
        ]
    assert [cookie.key for cookie in cookies] == ["__Secure-antiphon-entra-443", "__Secure-antiphon-443"]
    assert all(cookie["secure"] for cookie in cookies)


async def test_who_did_not_begin_here_is_not_signed_in(browser: Browser, entra: Entra) -> None:
    """Somebody's own code, in a link that another is made to follow, would sign that one in as them."""
    query = await visited(browser, entra)
    browser.client.cookies.clear()
    response = await back(browser, query)
    assert response.headers["location"] == "/portal/#error=entra_expired"
    assert COOKIE not in browser.client.cookies
    assert entra.asked == []


@pytest.mark.parametrize("query", ["code=x", "code=x&state=", "code=x&state=another", "code=x&state=%C3%A9", ""])
async def test_a_state_that_is_not_the_attempts_signs_nobody_in(browser: Browser, entra: Entra, query: str) -> None:
    await visited(browser, entra)
    assert (await back(browser, query)).headers["location"] == "/portal/#error=entra_expired"
    assert entra.asked == []


@pytest.mark.parametrize("kept", ["", "x", "a.b", "..", "a.b.c.d", ".b.c"])
async def test_a_cookie_that_is_no_attempt_signs_nobody_in(browser: Browser, entra: Entra, kept: str) -> None:
    browser.client.cookies.set(ATTEMPT, kept, path=BEGIN)
    assert (await back(browser, "code=x&state=")).headers["location"] == "/portal/#error=entra_expired"


async def test_an_attempt_ends_with_the_first_who_comes_back(browser: Browser, entra: Entra) -> None:
    query = await visited(browser, entra)
    await back(browser, query)
    assert (await back(browser, query)).headers["location"] == "/portal/#error=entra_expired"
    assert len(entra.asked) == 1


async def test_who_is_refused_at_entra_is_told_so_in_our_own_words(
    browser: Browser, entra: Entra, caplog: pytest.LogCaptureFixture
) -> None:
    state = (await visited(browser, entra)).partition("state=")[2]
    response = await back(browser, f"error=access_denied&error_description=AADSTS65004%0D%0AX&state={state}")
    assert response.headers["location"] == "/portal/#error=entra_refused"
    assert r"'AADSTS65004\r\nX'" in caplog.text


async def test_a_token_that_is_refused_signs_nobody_in(
    browser: Browser, entra: Entra, caplog: pytest.LogCaptureFixture
) -> None:
    entra.claimed = {"nonce": "another"}
    response = await back(browser, await visited(browser, entra))
    assert response.headers["location"] == "/portal/#error=entra_refused"
    assert COOKIE not in browser.client.cookies
    assert "nonce" in caplog.text


async def test_an_entra_that_does_not_answer_is_told_of(browser: Browser, entra: Entra) -> None:
    entra.answer = lambda: httpx.Response(503)
    response = await back(browser, await visited(browser, entra))
    assert response.headers["location"] == "/portal/#error=entra_unreachable"


@pytest.mark.parametrize("path", [BEGIN, CALLBACK])
@pytest.mark.parametrize("target", ["https://attacker.example", "//attacker.example", "/\\attacker.example"])
async def test_nobody_says_where_it_leads(browser: Browser, entra: Entra, path: str, target: str) -> None:
    for name in ("redirect_uri", "redirect", "return_to", "next", "state", "RelayState"):
        response = await browser.client.get(path, params={name: target, "code": "x"})
        location = response.headers["location"]
        assert location.startswith(("/portal/#", f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize?"))
        assert "attacker" not in location


async def test_to_come_through_entra_ends_the_session_before(operator: Browser, entra: Entra) -> None:
    before = operator.token
    await back(operator, await visited(operator, entra))
    assert await operator.sessions.find(before) is None


async def test_without_entra_nobody_comes_that_way(browser: Browser) -> None:
    for path in (BEGIN, CALLBACK):
        assert (await browser.client.get(path)).status_code == 404


async def test_neither_codes_nor_what_the_browser_keeps_are_logged(
    browser: Browser, entra: Entra, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    query = await visited(browser, entra)
    kept = browser.client.cookies[ATTEMPT].split(".")
    await back(browser, query)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("antiphon"))
    assert "/portal/api/entra/callback 303" in logged
    assert not [secret for secret in ("the-code", *kept, browser.token, entra.token()) if secret in logged]


def test_a_user_of_entras_is_no_operator() -> None:
    assert not PortalUser(object_id=OBJECT_ID, name="operator").is_operator
