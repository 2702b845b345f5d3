"""Debian's Chromium, with a microphone that hears a recording."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from ..running_server import RunningServer

CHROMIUM = shutil.which("chromium")
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP voice.test 127.0.0.1",
)
ANOTHER_NAME = "voice.test"
"""By which a browser reaches the server as one on another machine does: over http, its pages are not secure ones."""
AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def sign_in_link(server: RunningServer) -> str:
    """A fresh one, as `antiphon portal` prints it."""
    return server.run("portal").split()[-1]


_sessions: dict[str, httpx.Cookies] = {}
"""By the server's address. Most tests are about something else than signing in: they share one session."""


def _session(server: RunningServer) -> httpx.Cookies:
    """The cookies of somebody who is signed in."""
    known = _sessions.get(server.url, httpx.Cookies())
    own = {"x-antiphon-portal": "1"}
    with httpx.Client(base_url=f"{server.url}/portal/api", cookies=known, headers=own) as client:
        if client.get("/session").status_code != 200:
            code = sign_in_link(server).partition("#code=")[2]
            client.post("/session", json={"code": code}).raise_for_status()
        _sessions[server.url] = client.cookies
    return client.cookies


class Browsers:
    """Chromium, started once for all tests that want it alike."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._shared: dict[bool, Browser] = {}

    def start(self, *options: str) -> Browser:
        return self._playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*_OPTIONS, *options])

    def shared(self, *, refuses_microphone: bool) -> Browser:
        known = self._shared.get(refuses_microphone)
        if known is None or not known.is_connected():
            known = self._shared[refuses_microphone] = self.start(_answer_to_microphones(refuses_microphone))
        return known


def _answer_to_microphones(refused: bool) -> str:
    return "--use-fake-ui-for-media-stream" + ("=deny" if refused else "")


_running: list[Browsers] = []


@contextmanager
def running_browsers() -> Generator[None]:
    """What `open_browser` takes its browsers from."""
    with sync_playwright() as playwright:
        _running.append(Browsers(playwright))
        try:
            yield
        finally:
            _running.pop()


@contextmanager
def _browser(microphone: Path | None, *, refuses_microphone: bool) -> Generator[Browser]:
    """A recording is given to a browser when it starts, and heard once."""
    if microphone is None:
        yield _running[-1].shared(refuses_microphone=refuses_microphone)
        return
    browser = _running[-1].start(
        f"--use-file-for-fake-audio-capture={microphone}%noloop", _answer_to_microphones(refuses_microphone)
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def open_browser(
    *,
    microphone: Path | None = None,
    refuses_microphone: bool = False,
    dark: bool = False,
    language: str = "en-GB",
    size: tuple[int, int] = (1280, 860),
) -> Generator[Page]:
    """An empty page. `microphone` is a WAV file that is heard once, from the moment a page opens the microphone;
    without one there is a tone. The page's own audio processing is off, which would take speech for noise.
    `refuses_microphone` is a user who says no when asked for it."""
    with _browser(microphone, refuses_microphone=refuses_microphone) as browser:
        context = browser.new_context(
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",  # What fades in is paler than it will be.
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            permissions=["clipboard-read", "clipboard-write", *([] if refuses_microphone else ["microphone"])],
        )
        try:
            context.add_init_script("localStorage.setItem('antiphon.audio-processing', 'off')")
            yield context.new_page()
        finally:
            context.close()


def list_broken_deployment(page: Page, capability: str) -> None:
    """Have the page told of a deployment with the capability, but of no model, which the playgrounds cannot show."""
    properties = {"capabilities": {capability: "true"}, "profile": "default", "model": None}
    listed = {"value": [{"name": "broken", "properties": properties}]}
    page.route("**/deployments?*", lambda route: route.fulfill(json=listed))


@contextmanager
def open_portal(
    server: RunningServer,
    route: str,
    *,
    microphone: Path | None = None,
    refuses_microphone: bool = False,
    dark: bool = False,
    language: str = "en-GB",
    size: tuple[int, int] = (1280, 860),
) -> Generator[Page]:
    """The portal's page `route`, signed in. A script error in the page fails the test that is running."""
    failures: list[str] = []
    with open_browser(
        microphone=microphone, refuses_microphone=refuses_microphone, dark=dark, language=language, size=size
    ) as page:
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.context.add_cookies(
            [{"name": name, "value": value, "url": server.url} for name, value in _session(server).items()]
        )
        page.goto(f"{server.url}/portal/#/{route}")
        page.get_by_role("navigation").wait_for()
        yield page
    assert not failures, failures


def serious_violations(page: Page) -> list[str]:
    """What axe finds that keeps people out: each rule, and where it is broken.

    Fluent's own sentinels of the focus are left out: they hand it on as soon as they have it.
    """
    if not AXE.exists():
        pytest.skip("needs axe: make web/node_modules/installed")
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({ exclude: ['[data-tabster-dummy]'] })")
    return [
        f"{violation['id']}: {[node['html'][:160] for node in violation['nodes']]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
