"""What a page cannot load is told in words, with a way to try again; so is who may not."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from antiphon.identity.portal_sessions import PortalSessions, PortalUser
from antiphon.store.database import Database

from ..running_server import RunningServer
from .browser import open_browser, open_portal

LISTS = {
    "chat": "**/deployments?*",
    "realtime": "**/deployments?*",
    "deployments": "**/deployments?*",
    "models": "**/portal/api/models",
    "roles": "**/portal/api/principals",
    "records": "**/portal/api/records?*",
    "keys": "**/deployments?*",
}
"""The page, and the request that its list comes from."""


def _problem(page: Page, words: str) -> None:
    expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()
    expect(page.get_by_text("Loading").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("progressbar").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize(("route", "width"), [*((route, 1280) for route in LISTS), ("chat", 390), ("realtime", 390)])
def test_a_list_that_fails_says_so_and_is_tried_again(server: RunningServer, route: str, width: int) -> None:
    def fail(request: Route) -> None:
        request.fulfill(status=500, json={"error": {"code": "InternalServerError", "message": "The disk is full."}})

    with open_portal(server, "nowhere" if route == "chat" else route, size=(width, 800)) as page:
        page.route(LISTS[route], fail)
        page.goto(f"{server.url}/portal/#/{route}")
        page.reload()
        _problem(page, "The disk is full.")
        page.unroute_all()
        page.get_by_role("button", name="Try again").filter(visible=True).first.click()
        expect(page.get_by_text("The disk is full.").filter(visible=True)).to_have_count(0)


@contextmanager
def _signed_in_without_a_role(server: RunningServer, route: str) -> Generator[Page]:
    """As somebody of Entra's, to whom nobody has given anything."""

    async def open_session() -> str:
        async with await Database.open(server.data / "antiphon.db") as database:
            user = PortalUser(object_id=str(uuid4()), name="Ada")
            return (await PortalSessions(database).open(user)).token

    with ThreadPoolExecutor(1) as thread:  # Playwright has a loop of its own in this one.
        token = thread.submit(lambda: asyncio.run(open_session())).result()
    with open_browser() as page:
        page.context.add_cookies([{"name": f"antiphon-{server.port}", "value": token, "url": server.url}])
        page.goto(f"{server.url}/portal/#/{route}")
        page.get_by_role("navigation").wait_for()
        yield page


@pytest.mark.parametrize(
    ("route", "role"),
    [
        ("chat", "Cognitive Services OpenAI User"),
        ("realtime", "Cognitive Services OpenAI User"),
        ("deployments", "Cognitive Services OpenAI User"),
        ("keys", "Cognitive Services OpenAI User"),
        ("models", "Cognitive Services OpenAI User"),
        ("roles", "Cognitive Services OpenAI User"),
        ("records", "Cognitive Services Contributor"),
    ],
)
def test_who_has_no_role_is_told_which_and_from_whom(server: RunningServer, route: str, role: str) -> None:
    with _signed_in_without_a_role(server, route) as page:
        _problem(page, f"It takes the role {role} on this account. Whoever runs the server can give it to you.")
