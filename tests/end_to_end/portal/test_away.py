"""The server is away, or was upgraded, or a page fails: all that is open stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .browser import list_broken_deployment, open_portal, serious_violations

DRAFT = "Not sent yet"


def _converse(page: Page) -> None:
    """A conversation, and a draft of what is said next."""
    message = page.get_by_label("Message", exact=True)
    message.fill("Say yes.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Play reply")).to_be_enabled(timeout=120_000)
    message.fill(DRAFT)


def _expect_conversation(page: Page) -> None:
    page.get_by_role("link", name="Chat", exact=True).click()
    expect(page.get_by_text("Say yes.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Play reply")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value(DRAFT)


def test_a_page_that_is_opened_while_the_server_is_away_is_tried_again(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        _converse(page)
        page.context.set_offline(True)
        for name in ("Records", "Models"):
            page.get_by_role("link", name=name).click()
            failure = page.get_by_role("alert").filter(visible=True)
            expect(failure).to_contain_text("This page could not be opened")
            expect(failure).to_contain_text("The server does not answer")
        failure.get_by_role("button", name="Try again").click()
        expect(failure).to_contain_text("The server does not answer")
        _expect_conversation(page)
        page.context.set_offline(False)
        page.get_by_role("link", name="Models").click()
        failure.get_by_role("button", name="Try again").click()
        page.get_by_role("heading", name="Models", exact=True).wait_for()
        _expect_conversation(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_after_an_upgrade_a_page_that_is_new_offers_to_reload(server: RunningServer, dark: bool) -> None:
    with open_portal(server, "chat", dark=dark) as page:
        _converse(page)
        page.route("**/assets/RolesPage-*", lambda route: route.fulfill(status=404))
        newer = '<script type="module" src="./assets/index-newer.js"></script>'
        page.route(re.compile(r"/portal/$"), lambda route: route.fulfill(body=newer, content_type="text/html"))
        page.get_by_role("link", name="Roles").click()
        failure = page.get_by_role("alert").filter(visible=True)
        expect(failure).to_contain_text("Antiphon was upgraded")
        assert serious_violations(page) == []
        _expect_conversation(page)
        page.get_by_role("link", name="Roles").click()
        page.unroute_all()
        failure.get_by_role("button", name="Reload").click()
        page.get_by_role("heading", name="Roles", exact=True).wait_for()
        page.get_by_role("link", name="Chat", exact=True).click()
        expect(page.get_by_label("Message", exact=True)).to_have_value(DRAFT)


@pytest.mark.parametrize(
    ("name", "request_of_it"),
    [("Models", "**/portal/api/models"), ("Records", "**/portal/api/records?*"), ("Roles", "**/portal/api/principals")],
)
def test_a_page_that_fails_fails_alone(server: RunningServer, name: str, request_of_it: str) -> None:
    with open_portal(server, "chat") as page:
        _converse(page)
        page.route(request_of_it, lambda route: route.fulfill(json={}))
        page.get_by_role("link", name=name).click()
        failure = page.get_by_role("alert").filter(visible=True)
        expect(failure).to_contain_text("This page failed")
        _expect_conversation(page)
        page.unroute_all()
        page.get_by_role("link", name=name).click()
        failure.get_by_role("button", name="Try again").click()
        page.get_by_role("heading", name=name, exact=True).wait_for()


def test_a_conversation_outlives_the_failure_of_its_own_page(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        _converse(page)
        page.route("**/portal/api/profiles", lambda route: route.fulfill(json={"profiles": [{"name": "default"}]}))
        list_broken_deployment(page, "chatCompletion")
        page.get_by_role("link", name="Models").click()
        page.get_by_role("heading", name="Models", exact=True).wait_for()
        page.get_by_role("link", name="Chat", exact=True).click()
        failure = page.get_by_role("alert").filter(visible=True)
        expect(failure).to_contain_text("This page failed")
        page.unroute_all()
        failure.get_by_role("button", name="Try again").click()
        _expect_conversation(page)


def _let_worklets_load(page: Page, loaded: bool) -> None:
    """A double of the server that is away: no route of Playwright's stands before what a worklet loads."""
    refused = "() => Promise.reject(new DOMException('', 'AbortError'))"
    page.evaluate(
        f"""() => {{
            window.addModule ??= AudioWorklet.prototype.addModule;
            AudioWorklet.prototype.addModule = {"window.addModule" if loaded else refused};
        }}"""
    )


@pytest.mark.parametrize(
    ("route", "start", "stop"),
    [
        ("chat", "Record", "Stop recording"),
        ("realtime", "Start listening", "Stop listening"),
    ],
)
def test_a_microphone_whose_code_cannot_be_fetched_says_so_and_works_later(
    server: RunningServer, route: str, start: str, stop: str
) -> None:
    with open_portal(server, route) as page:
        button = page.get_by_role("button", name=start, exact=True)
        expect(button).to_be_enabled(timeout=30_000)
        _let_worklets_load(page, False)
        button.click()
        expect(page.get_by_text("could not load what it needs to hear the microphone")).to_be_visible()
        _let_worklets_load(page, True)
        page.get_by_role("button", name="Use the microphone").or_(button).first.click()
        expect(page.get_by_role("button", name=stop, exact=True)).to_be_visible()
