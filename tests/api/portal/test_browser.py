"""What Chromium makes of the cookies and policies, where only a browser can tell."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from antiphon.api.portal.pages import Pages
from antiphon.store.utc import utc_now

from ...identity.entra_double import Entra
from ...identity.forging import TENANT
from ...waiting import eventually
from ..conftest import Backend
from ..realtime.realtime_server import running

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"),
]

INDEX = """<!doctype html><title>Portal</title><style nonce="__CSP_NONCE__">body { color: rgb(1, 2, 3) }</style>
<body onclick="window.ran = 'handler'"><script>window.ran = "inline"</script></body>"""
OWN = {"x-antiphon-portal": "1"}
FETCH = """async ([url, options]) => {
    try { const response = await fetch(url, options); return response.type === "opaque" ? "opaque" : response.status; }
    catch { return "failed"; }
}"""
WEBSOCKET = """url => new Promise(resolve => {
    const socket = new WebSocket(url);
    socket.onmessage = message => { resolve(JSON.parse(message.data).type); socket.close(); };
    socket.onclose = () => resolve("refused");
})"""
FRAME = """url => new Promise(resolve => {
    const frame = document.createElement("iframe");
    frame.src = url;
    frame.onload = () => resolve(frame.contentDocument === null);
    document.body.append(frame);
})"""


@dataclass(slots=True)
class Elsewhere:
    """A server of somebody else's, which also has Entra's sign-in page."""

    entra: Entra
    port: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        response: Response = HTMLResponse("<title>Elsewhere</title>")
        if request.url.path.endswith("/authorize"):
            query = self.entra.visit(str(request.url))
            response = RedirectResponse(f"{request.query_params['redirect_uri']}?{query}")
        await response(scope, receive, send)


@asynccontextmanager
async def elsewhere(entra: Entra) -> AsyncGenerator[Elsewhere]:
    site = Elsewhere(entra)
    app = Starlette()
    app.mount("/", site)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    serving = asyncio.create_task(server._serve())
    await eventually(lambda: server.started)
    site.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.should_exit = True
        await serving


@dataclass(frozen=True, slots=True)
class Sites:
    page: Page
    backend: Backend
    port: int
    foreign_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    async def sign_in(self) -> None:
        """By a code, in a page of the portal's."""
        await self.page.goto(f"{self.url}/portal/")
        code = await self.backend.services.portal.sessions.create_code()
        body = f'{{"code": "{code}"}}'
        posted = {"method": "POST", "headers": OWN, "body": body}
        assert await self.fetch("/portal/api/session", **posted) == 200

    async def fetch(self, path: str, **options: Any) -> int | str:
        return await self.page.evaluate(FETCH, [f"{self.url}{path}", options])

    async def websocket(self) -> str:
        url = f"ws://localhost:{self.port}/v1/realtime?model=gpt-4o-realtime-preview"
        return await self.page.evaluate(WEBSOCKET, url)


@pytest.fixture
async def sites(backend: Backend, tmp_path: Path) -> AsyncGenerator[Sites]:
    (tmp_path / "index.html").write_text(INDEX)
    entra = Entra(clock=utc_now, claimed={"iss": f"https://sts.windows.net/{TENANT}/"})
    async with (
        elsewhere(entra) as site,
        entra.sign_in(authority=f"http://127.0.0.1:{site.port}") as sign_in,
        running(backend) as server,
        async_playwright() as playwright,
    ):
        portal = dataclasses.replace(backend.services.portal, entra=sign_in, pages=Pages.read(tmp_path))
        backend.api.state.services = dataclasses.replace(backend.services, portal=portal)
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield Sites(await chromium.new_page(), backend, server.port, site.port)
        await chromium.close()


async def test_a_page_of_the_servers_own_uses_the_session(sites: Sites) -> None:
    await sites.sign_in()
    assert await sites.fetch("/portal/api/session", headers=OWN) == 200
    assert await sites.fetch("/v1/models", headers=OWN) == 200
    assert await sites.websocket() == "session.created"
    assert await sites.page.evaluate("document.cookie") == ""


async def test_who_comes_back_from_entra_is_signed_in(sites: Sites) -> None:
    """The redirects begin at another site, from where no strict cookie comes along; the page's own requests have it."""
    await sites.page.goto(f"http://127.0.0.1:{sites.foreign_port}/")
    async with sites.page.expect_navigation(url=f"{sites.url}/portal/"):
        await sites.page.evaluate("url => { location.href = url }", f"{sites.url}/portal/api/entra")
    assert await sites.fetch("/portal/api/session", headers=OWN) == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["another port", "another site"])
async def test_pages_of_others_do_nothing_with_the_session(sites: Sites, host: str) -> None:
    await sites.sign_in()
    await sites.page.goto(f"http://{host}:{sites.foreign_port}/")
    included = {"credentials": "include"}
    assert await sites.fetch("/v1/models", headers=OWN, **included) == "failed"
    assert await sites.fetch("/v1/models", **included) == "failed"
    assert await sites.fetch("/portal/api/session", method="DELETE", headers=OWN, **included) == "failed"
    posted = {"method": "POST", "body": '{"messages": []}', "mode": "no-cors", **included}
    assert await sites.fetch("/v1/chat/completions", **posted) == "opaque"
    assert await sites.websocket() == "refused"
    assert await sites.page.evaluate(FRAME, f"{sites.url}/portal/")
    await eventually(lambda: sites.page.frames[1].url.startswith("chrome-error:"))  # Another process tells of it.
    assert sites.backend.responder.requests == []
    await sites.page.goto(f"{sites.url}/portal/")
    assert await sites.fetch("/portal/api/session", headers=OWN) == 200


async def test_no_script_in_the_page_runs_and_styles_with_the_nonce_count(sites: Sites) -> None:
    await sites.page.goto(f"{sites.url}/portal/")
    await sites.page.evaluate("document.body.click()")
    assert await sites.page.evaluate("window.ran") is None
    assert await sites.page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
