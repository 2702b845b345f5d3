"""A microphone that is open is told of on every page, and can be closed from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .browser import list_broken_deployment, open_portal, serious_violations

OTHER_PAGES = ("Chat", "Deployments", "Models", "Keys and endpoint", "Roles", "Records")
HOT = "The microphone is on"

WATCH = """
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.tracks = [];
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
"""Keeps every track of a microphone that the page opens."""


def _live(page: Page) -> int:
    return page.evaluate("tracks.filter((track) => track.readyState === 'live').length")


def _start_listening(page: Page) -> None:
    page.evaluate(f"() => {{{WATCH}}}")
    start = page.get_by_role("button", name="Start listening")
    expect(start).to_be_enabled(timeout=30_000)
    start.click()
    expect(page.get_by_role("status").filter(has_text="Listening")).to_be_visible()
    assert _live(page) == 1


def test_a_conversation_is_told_of_on_every_other_page_and_ended_there(server: RunningServer) -> None:
    with open_portal(server, "realtime") as page:
        _start_listening(page)
        for name in OTHER_PAGES:
            page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
            expect(page.get_by_text(HOT)).to_be_visible()
        page.get_by_role("button", name="End the conversation").click()
        expect(page.get_by_text(HOT)).to_have_count(0)
        assert _live(page) == 0
        page.get_by_role("navigation").get_by_role("link", name="Real-time audio").click()
        expect(page.get_by_role("status").filter(has_text="Not connected")).to_be_visible()


def test_a_conversation_is_gone_back_to(server: RunningServer) -> None:
    with open_portal(server, "realtime") as page:
        _start_listening(page)
        page.get_by_role("button", name="Mute").click()
        page.get_by_role("link", name="Roles").click()
        expect(page.get_by_text("The microphone is muted.")).to_be_visible()
        page.get_by_role("link", name="Go to Real-time audio").click()
        expect(page.get_by_role("status").filter(has_text="The microphone is muted.")).to_have_count(0)
        page.get_by_role("button", name="Stop listening").click()
        page.get_by_role("link", name="Roles").click()
        expect(page.get_by_role("button", name="End the conversation")).to_have_count(0)


def test_a_recording_is_told_of_and_what_was_recorded_is_kept(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        page.evaluate(f"() => {{{WATCH}}}")
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.get_by_role("timer")).to_have_text("0:01")
        page.get_by_role("link", name="Records").click()
        expect(page.get_by_text(HOT)).to_be_visible()
        page.get_by_role("button", name="Stop recording").filter(visible=True).click()
        expect(page.get_by_text(HOT)).to_have_count(0)
        assert _live(page) == 0
        page.get_by_role("link", name="Chat", exact=True).click()
        expect(page.get_by_role("group", name="Recording")).to_be_visible()


def test_it_is_told_over_a_session_that_has_ended(server: RunningServer) -> None:
    with open_portal(server, "realtime") as page:
        _start_listening(page)
        ended = {"code": "session_expired", "message": "Sign in again."}
        page.route("**/portal/api/models", lambda route: route.fulfill(status=401, json={"error": ended}))
        page.get_by_role("link", name="Models").click()
        dialog = page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))
        expect(dialog).to_contain_text(HOT)
        dialog.get_by_role("button", name="End the conversation").click()
        expect(dialog.get_by_text(HOT)).to_have_count(0)
        assert _live(page) == 0


def test_a_page_that_fails_leaves_no_microphone_open(server: RunningServer) -> None:
    with open_portal(server, "realtime") as page:
        _start_listening(page)
        page.get_by_role("link", name="Chat", exact=True).click()
        expect(page.get_by_text(HOT)).to_be_visible()
        list_broken_deployment(page, "realtime")
        page.get_by_role("link", name="Go to Real-time audio").click()
        expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("This page failed")
        page.wait_for_function("tracks.every((track) => track.readyState === 'ended')")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_sign_keeps_nobody_out(server: RunningServer, dark: bool, width: int) -> None:
    with open_portal(server, "realtime", dark=dark, size=(width, 740)) as page:
        _start_listening(page)
        page.get_by_role("link", name="Roles").click()
        expect(page.get_by_text(HOT)).to_be_visible()
        page.get_by_role("button", name="New service principal").or_(page.get_by_text("local").last).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert serious_violations(page) == []
