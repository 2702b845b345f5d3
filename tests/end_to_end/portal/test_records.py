"""Records in the portal: of real conversations, found, read, heard, exported and deleted."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .asking import DEPLOYMENT, ask_aloud, written
from .browser import open_portal, serious_violations

RECORDS = "**/portal/api/records*"
ONE_RECORD = re.compile(r"\b1 record\b")
"""Not eleven."""


def ask(
    server: RunningServer, *content: dict[str, Any], deployment: str = DEPLOYMENT, **options: Any
) -> dict[str, Any]:
    answer = ask_aloud(server, *content, deployment=deployment, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def conversation(server: RunningServer) -> dict[str, Any]:
    """A recording was sent, with a word that nobody else says, and the answer is spoken."""
    recording = ask(server, written("Say only: The lighthouse is open today."))["choices"][0]["message"]["audio"][
        "data"
    ]
    sent = {"type": "input_audio", "input_audio": {"data": recording, "format": "wav"}}
    question = written("Zanzibar: what is said in this recording?")
    return ask(server, question, sent, metadata={"ticket": "4711"}, store=True)


def open_record(page: Page, word: str) -> None:
    page.get_by_role("searchbox", name="Search what was said").fill(word)
    expect(page.get_by_role("status").filter(has_text=ONE_RECORD)).to_be_visible()
    page.get_by_role("table", name="Records").get_by_role("link").click()
    page.get_by_role("heading", name="Conversation").wait_for()


def test_a_record_is_found_by_a_word_that_was_said(server: RunningServer, conversation: dict[str, Any]) -> None:
    with open_portal(server, "records") as page:
        search = page.get_by_role("searchbox", name="Search what was said")
        search.fill("zanzibar recording")
        expect(page.get_by_role("link", name="Zanzibar: what is said in this recording?")).to_be_visible()
        search.fill("zanzibar ornithopter")
        expect(page.get_by_text("Nothing found")).to_be_visible()
        page.get_by_role("button", name="Clear filters").click()
        expect(page.get_by_role("link", name="Zanzibar: what is said in this recording?")).to_be_visible()


def test_what_was_said_is_read_and_heard(server: RunningServer, conversation: dict[str, Any]) -> None:
    transcript = conversation["choices"][0]["message"]["audio"]["transcript"]
    with open_portal(server, "records") as page:
        open_record(page, "zanzibar")
        expect(page.get_by_text(transcript).first).to_be_visible()
        expect(page.get_by_text("4711", exact=True)).to_be_visible()
        for name in ("input-0.wav", "choice-0.wav"):
            page.get_by_role("button", name=f"Play {name}").click()
            page.wait_for_function(
                "name => document.querySelector(`audio[aria-label='${name}']`).currentTime > 0", arg=name
            )
        assert page.evaluate("[...document.querySelectorAll('audio')].filter(audio => !audio.paused).length") <= 1


def test_the_keyboard_opens_a_record_and_comes_back_to_its_place(
    server: RunningServer, conversation: dict[str, Any]
) -> None:
    with open_portal(server, "records") as page:
        link = page.get_by_role("link", name="Zanzibar: what is said in this recording?")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Conversation")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", name="Conversation")).to_be_hidden()
        expect(link).to_be_focused()


def test_an_export_has_what_the_filters_show(
    server: RunningServer, conversation: dict[str, Any], tmp_path: Path
) -> None:
    with open_portal(server, "records") as page:
        page.get_by_role("searchbox", name="Search what was said").fill("zanzibar")
        expect(page.get_by_role("status").filter(has_text=ONE_RECORD)).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        download.value.save_as(tmp_path / "records.jsonl")
    lines = (tmp_path / "records.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [conversation["id"]]


def test_a_recording_is_saved_as_a_file_that_players_know(
    server: RunningServer, conversation: dict[str, Any], tmp_path: Path
) -> None:
    with open_portal(server, "records") as page:
        open_record(page, "zanzibar")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download choice-0.wav").click()
        download.value.save_as(tmp_path / "speech.wav")
    data = conversation["choices"][0]["message"]["audio"]["data"]
    assert (tmp_path / "speech.wav").read_bytes() == base64.b64decode(data)


def test_a_record_is_deleted_once_that_is_confirmed(server: RunningServer) -> None:
    asked = ask(server, written("Xylophone: say only yes."))
    with open_portal(server, "records") as page:
        open_record(page, "xylophone")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("button", name="Delete record").click()
        expect(page.get_by_text("Nothing found")).to_be_visible()
    assert asked["id"] not in [record["id"] for record in server.told("records", "list")]


def test_a_purge_needs_the_accounts_name_and_spares_other_deployments(
    server: RunningServer, conversation: dict[str, Any]
) -> None:
    server.run("deployments", "create", "purged", "--model", DEPLOYMENT)
    asked = ask(server, written("Say only yes."), deployment="purged")
    with open_portal(server, "records") as page:
        page.get_by_role("button", name="Purge").click()
        page.get_by_role("radio", name="All records").check()
        page.get_by_role("combobox", name="Deployment").last.click()
        page.get_by_role("option", name="purged").click()
        expect(page.get_by_text("All records of the deployment purged will be deleted.")).to_be_visible()
        confirm = page.get_by_role("button", name="Delete for good")
        expect(confirm).to_be_disabled()
        page.get_by_role("textbox", name="To confirm, type local").fill("local")
        confirm.click()
        expect(page.get_by_role("alertdialog")).to_be_hidden()
    left = [record["id"] for record in server.told("records", "list")]
    assert asked["id"] not in left
    assert conversation["id"] in left


def test_a_record_that_is_gone_says_so(server: RunningServer) -> None:
    with open_portal(server, "records?record=chatcmpl-none") as page:
        expect(page.get_by_role("heading", name="This record is gone")).to_be_visible()


def test_a_record_sealed_with_another_key_says_which_key_is_missing(
    server: RunningServer, conversation: dict[str, Any]
) -> None:
    """With a double of the server's answer."""
    broken = json.dumps({"error": {"code": "record_unreadable", "message": "Restore that key."}})
    with open_portal(server, "records") as page:
        page.route(
            f"**/portal/api/records/{conversation['id']}",
            lambda route: route.fulfill(status=500, body=broken, content_type="application/json"),
        )
        page.get_by_role("link", name="Zanzibar: what is said in this recording?").click()
        expect(page.get_by_role("heading", name="This record cannot be opened")).to_be_visible()
        expect(page.get_by_text("seal.key")).to_be_visible()


def test_a_server_that_keeps_no_records_says_how_it_would(server: RunningServer) -> None:
    """With a double of the server's answer."""
    nothing = json.dumps({"records": [], "has_more": False, "after": None, "is_recording": False})
    with open_portal(server, "chat") as page:
        page.route(RECORDS, lambda route: route.fulfill(body=nothing, content_type="application/json"))
        page.goto(f"{server.url}/portal/#/records")
        expect(page.get_by_role("heading", name="Records are switched off")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_records_keep_nobody_out(server: RunningServer, conversation: dict[str, Any], dark: bool) -> None:
    with open_portal(server, "records", dark=dark) as page:
        open_record(page, "zanzibar")
        page.get_by_role("button", name="Play choice-0.wav").wait_for()
        assert serious_violations(page) == []


def test_records_fit_a_narrow_screen(server: RunningServer, conversation: dict[str, Any]) -> None:
    with open_portal(server, "records", size=(360, 740)) as page:
        open_record(page, "zanzibar")
        page.get_by_role("button", name="Play choice-0.wav").wait_for()
        expect(page.get_by_role("table", name="Records")).to_be_hidden()
        assert (
            page.evaluate("() => { const m = document.querySelector('main'); return m.scrollWidth - m.clientWidth }")
            == 0
        )
        page.get_by_role("button", name="All records").click()
        expect(page.get_by_role("table", name="Records")).to_be_visible()
