"""The page and its files, and what browsers are told to forbid."""

from __future__ import annotations

import dataclasses
import gzip
import re
from pathlib import Path

import pytest

from antiphon.api.portal.pages import Pages

from ..conftest import Backend
from .conftest import SESSION, Browser

pytestmark = pytest.mark.anyio

INDEX = '<meta name="csp-nonce" content="__CSP_NONCE__"><script src="./assets/app-1a2b.js" nonce="__CSP_NONCE__">'
SCRIPT = "console.log('hello');\n" * 100


@pytest.fixture
def built(tmp_path: Path, backend: Backend) -> Path:
    """A portal of three files, beside which is one that is nobody's business."""
    folder = tmp_path / "built"
    (folder / "assets" / "fonts").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "assets" / "app-1a2b.js").write_text(SCRIPT)
    (folder / "assets" / "fonts" / "x.woff2").write_bytes(bytes(range(256)))
    (folder / "__init__.py").write_text("secret")
    portal = dataclasses.replace(backend.services.portal, pages=Pages.read(folder))
    backend.api.state.services = dataclasses.replace(backend.api.state.services, portal=portal)
    return folder


@pytest.mark.parametrize("path", ["/", "/portal"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_root_leads_to_the_portal(browser: Browser, method: str, path: str) -> None:
    response = await browser.client.request(method, path)
    assert (response.status_code, response.headers["location"]) == (303, "/portal/")


@pytest.mark.usefixtures("built")
async def test_each_page_has_a_nonce_of_its_own(browser: Browser) -> None:
    nonces: list[str] = []
    for _ in range(2):
        response = await browser.client.get("/portal/")
        found = re.search(r"style-src 'self' 'nonce-([\w-]{20,})';", response.headers["content-security-policy"])
        assert found is not None
        assert response.text == INDEX.replace("__CSP_NONCE__", found[1])
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        nonces.append(found[1])
    assert nonces[0] != nonces[1]


@pytest.mark.usefixtures("built")
async def test_the_page_loads_nothing_from_elsewhere_and_no_script_is_in_it(browser: Browser) -> None:
    policy = (await browser.client.get("/portal/")).headers["content-security-policy"]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == directives["worker-src"] == "'self'"
    assert directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path",
    ["/", "/portal", "/portal/", "/portal/assets/app-1a2b.js", "/portal/nothing", "/portal/api/sign-in", SESSION],
)
async def test_no_other_site_frames_the_portal_or_guesses_what_it_sends(browser: Browser, path: str) -> None:
    headers = (await browser.client.get(path)).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("microphone=(self), camera=()")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_what_is_no_page_is_not_kept_and_never_run(browser: Browser) -> None:
    for path in ("/portal/api/sign-in", SESSION, "/portal/nothing"):
        headers = (await browser.client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none';")
        assert headers["content-security-policy"].endswith("sandbox")


async def test_other_answers_are_not_the_portals(browser: Browser) -> None:
    headers = (await browser.client.get("/health")).headers
    assert "content-security-policy" not in headers


@pytest.mark.usefixtures("built")
async def test_assets_are_kept_for_ever(browser: Browser) -> None:
    response = await browser.client.get("/portal/assets/app-1a2b.js")
    assert (response.text, response.headers["content-type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    etag = response.headers["etag"]
    for known in (etag, f"W/{etag}", f'"another", {etag}'):
        again = await browser.client.get("/portal/assets/app-1a2b.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await browser.client.get("/portal/assets/app-1a2b.js", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("br, gzip; q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_assets_are_compressed_for_those_who_take_it(browser: Browser, accepted: str, coding: str | None) -> None:
    request = browser.client.build_request("GET", "/portal/assets/app-1a2b.js", headers={"Accept-Encoding": accepted})
    response = await browser.client.send(request, stream=True)
    raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers.get("content-encoding") == coding
    assert response.headers["vary"] == "Accept-Encoding"
    assert (gzip.decompress(raw) if coding else raw) == SCRIPT.encode()


@pytest.mark.usefixtures("built")
async def test_what_would_not_shrink_is_sent_as_it_is(browser: Browser) -> None:
    response = await browser.client.get("/portal/assets/fonts/x.woff2")
    assert "content-encoding" not in response.headers
    assert (response.content, response.headers["content-type"]) == (bytes(range(256)), "font/woff2")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/portal/", "/portal/assets/app-1a2b.js"])
async def test_the_head_alone_can_be_asked_for(browser: Browser, path: str) -> None:
    head, whole = await browser.client.head(path), await browser.client.get(path)
    assert head.status_code == 200
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path",
    [
        "../__init__.py",
        "..%2F__init__.py",
        "%2e%2e/__init__.py",
        "..%5C__init__.py",
        "fonts/../../__init__.py",
        "fonts/..%2f..%2f__init__.py",
        "%2Fetc%2Fpasswd",
        "/etc/passwd",
        "app-1a2b.js%00",
        "app-1a2b.js/",
        "fonts",
        "",
        ".",
        "nothing.js",
    ],
)
async def test_no_path_leads_out_of_the_assets(browser: Browser, path: str) -> None:
    response = await browser.client.get(f"/portal/assets/{path}")
    assert response.status_code == 404
    assert "secret" not in response.text


async def test_without_a_portal_it_is_told_how_to_build_it(browser: Browser) -> None:
    response = await browser.client.get("/portal/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "portal_not_built")
    assert "make portal" in response.json()["error"]["message"]
