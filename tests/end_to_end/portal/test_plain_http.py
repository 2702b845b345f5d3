"""Over plain http from another machine: browsers keep much for secure pages, and what can work does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .browser import ANOTHER_NAME, open_browser, sign_in_link

SOUND = Path(__file__).parents[3] / "web" / "src" / "pages" / "chat" / "examples" / "question-en.mp3"


@contextmanager
def _far_away(server: RunningServer, route: str, *, language: str = "en-GB") -> Generator[Page]:
    failures: list[str] = []
    with open_browser(language=language) as page:
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(sign_in_link(server).replace("localhost", ANOTHER_NAME))
        page.get_by_role("navigation").wait_for()
        assert not page.evaluate("isSecureContext")
        page.goto(f"http://{ANOTHER_NAME}:{server.port}/portal/#/{route}")
        yield page
    assert not failures, failures


def test_a_message_is_sent_and_its_answer_played(server: RunningServer) -> None:
    with _far_away(server, "chat") as page:
        page.get_by_label("Message", exact=True).fill("Say yes.")
        page.get_by_role("button", name="Send", exact=True).click()
        reply = page.get_by_role("button", name="Play reply")
        expect(reply).to_be_enabled(timeout=120_000)
        expect(reply).to_be_visible()  # It has played, and can be played again.
        reply.click()
        page.get_by_role("button", name="Pause reply").wait_for()
        expect(reply).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Copy text").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()


def test_a_file_is_attached_and_sent(server: RunningServer) -> None:
    with _far_away(server, "chat") as page:
        page.locator('input[type="file"]').set_input_files(SOUND)
        expect(page.get_by_role("group", name=SOUND.name)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("button", name="Play reply")).to_be_visible(timeout=120_000)


@pytest.mark.parametrize(("route", "button"), [("chat", "Record"), ("realtime", "Start listening")])
def test_whoever_wants_to_be_heard_is_told_where(server: RunningServer, route: str, button: str) -> None:
    with _far_away(server, route) as page:
        pressed = page.get_by_role("button", name=button, exact=True)
        expect(pressed).to_be_enabled(timeout=30_000)
        pressed.click()
        secure = f"https://{ANOTHER_NAME}:{server.tls_port}"
        link = page.get_by_role("link", name=secure).filter(visible=True)
        expect(link).to_have_attribute("href", f"{secure}/portal/#/{route}")
        expect(page.get_by_text(f"portal --url {secure} --port {server.port}").filter(visible=True)).to_be_visible()


def test_a_real_time_conversation_is_typed(server: RunningServer) -> None:
    with _far_away(server, "realtime") as page:
        expect(page.get_by_role("button", name="Start listening")).to_be_enabled(timeout=30_000)
        page.get_by_label("Message", exact=True).filter(visible=True).fill("Say yes.")
        page.get_by_role("button", name="Send", exact=True).filter(visible=True).click()
        expect(page.get_by_role("status").filter(has_text="The model is speaking")).to_be_visible(timeout=120_000)
        expect(page.get_by_role("status").filter(has_text="Connected")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("button", ["Copy code", "Copy commands"])
def test_programs_are_copied(server: RunningServer, button: str) -> None:
    with _far_away(server, "chat") as page:
        page.get_by_role("button", name="View code").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name=button).click()
        expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
