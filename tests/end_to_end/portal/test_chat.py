"""The chat playground: asking by voice, by file and in writing, and hearing the answers."""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm

from ...conftest import SpeechClip
from ...speech import read_flac
from ..running_server import RunningServer
from .browser import open_portal, serious_violations, sign_in_link

REPLY_MS = 180_000
"""How long a reply may take on a machine that is busy with other things."""
LAST_SECONDS = 3.5


@pytest.fixture
def jfk(speech_clips: dict[str, SpeechClip]) -> Pcm:
    """The end of the sentence: "Ask what you can do for your country."."""
    whole = read_flac(speech_clips["jfk/jfk.flac"].path)
    return Pcm(whole.samples[-round(LAST_SECONDS * whole.sample_rate) :], whole.sample_rate)


@pytest.fixture
def question_file(jfk: Pcm, tmp_path: Path) -> Path:
    path = tmp_path / "speech.mp3"
    path.write_bytes(encode([jfk], audio_format=Format.MP3, sample_rate=jfk.sample_rate))
    return path


@pytest.fixture
def page(server: RunningServer) -> Generator[Page]:
    with open_portal(server, "chat") as page:
        page.get_by_label("Deployment", exact=True).wait_for()
        yield page


def message_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def say(page: Page, text: str) -> None:
    message_box(page).fill(text)
    message_box(page).press("Enter")


def reply(page: Page, number: int = 1) -> str:
    """What the reply says, once it is complete."""
    article = page.get_by_role("article", name="Assistant").nth(number - 1)
    article.get_by_role("button", name="Copy text").wait_for(timeout=REPLY_MS)
    return article.inner_text()


def requests_of(page: Page) -> list[dict[str, Any]]:
    """The bodies of the requests for replies from now on, as they are sent."""
    bodies: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if "/chat/completions" in request.url:
            bodies.append(json.loads(request.post_data or ""))

    page.on("request", note)
    return bodies


def answer_in_text(page: Page) -> None:
    page.get_by_role("radio", name="Text", exact=True).check()


def test_someone_new_hears_an_answer_with_one_click(server_with_models: RunningServer) -> None:
    with open_portal(server_with_models, "chat") as page:
        page.get_by_role("button", name="What is the capital of Australia?").click()
        page.get_by_role("button", name="Pause reply").wait_for(timeout=REPLY_MS)  # So it is being heard.
        assert "Canberra" in reply(page)


def test_a_question_is_recorded_and_sent(server: RunningServer, jfk: Pcm, microphone: Callable[..., Path]) -> None:
    with open_portal(server, "chat", microphone=microphone(jfk, 30.0)) as page:
        answer_in_text(page)
        page.get_by_role("button", name="Record").click()
        level = page.get_by_role("meter", name="Microphone level")
        expect(level).not_to_have_attribute("aria-valuenow", "0")
        expect(page.get_by_role("timer")).to_have_text("0:04", timeout=20_000)
        page.get_by_role("button", name="Stop recording").click()
        page.get_by_role("button", name="Play Recording").click()
        page.get_by_role("button", name="Pause Recording").wait_for()
        message_box(page).fill("Repeat what is said in the recording.")
        page.get_by_role("button", name="Send").click()
        assert "country" in reply(page)


def test_a_recording_can_be_thrown_away(page: Page) -> None:
    page.get_by_role("button", name="Record").click()
    page.get_by_role("button", name="Discard recording").click()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Remove Recording").click()
    expect(page.get_by_role("button", name="Play Recording")).to_have_count(0)


def test_a_file_is_attached_and_sent(page: Page, question_file: Path) -> None:
    answer_in_text(page)
    page.locator("input[type=file]").set_input_files(question_file)
    page.get_by_text("of 20 MB").wait_for()
    say(page, "Repeat what is said in the recording.")
    assert "country" in reply(page)


def test_a_file_is_dropped_anywhere(page: Page, question_file: Path) -> None:
    files = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(bytes)], "dropped.mp3"));
            return transfer;
        }""",
        list(question_file.read_bytes()),
    )
    page.dispatch_event("nav", "dragenter", {"dataTransfer": files})
    page.get_by_text("Drop audio to attach it").wait_for()
    page.dispatch_event("nav", "drop", {"dataTransfer": files})
    page.get_by_role("group", name="dropped.mp3").wait_for()
    expect(page.get_by_text("Drop audio to attach it")).to_have_count(0)


def test_what_can_not_be_sent_is_refused_in_plain_words(page: Page, tmp_path: Path) -> None:
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "letter.mp3", "mimeType": "audio/mpeg", "buffer": b"Dear Sirs"})
    page.get_by_text("“letter.mp3” is not audio.").wait_for()
    with (tmp_path / "long.wav").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    chooser.set_input_files(tmp_path / "long.wav")
    page.get_by_text("“long.wav” is larger than 20 MB.").wait_for()


def test_three_turns_refer_to_each_other_by_id(page: Page) -> None:
    bodies = requests_of(page)
    for number, text in enumerate(["My name is Ada. Greet me briefly.", "What is my name?", "Spell it."], 1):
        say(page, text)
        assert reply(page, number)
    roles = [message["role"] for message in bodies[2]["messages"]]
    assert roles == ["user", "assistant", "user", "assistant", "user"]
    ids = {message["audio"]["id"] for message in bodies[2]["messages"] if message["role"] == "assistant"}
    assert len(ids) == 2


def test_a_reply_can_be_stopped_and_keeps_what_came(page: Page) -> None:
    say(page, "Tell me a long story about the sea.")
    page.get_by_role("button", name="Pause reply").wait_for(timeout=REPLY_MS)
    page.get_by_role("button", name="Stop the reply").click()
    page.get_by_text("Stopped").wait_for()
    assert len(reply(page)) > 10
    expect(page.get_by_role("button", name="Play reply")).to_be_visible()


def test_a_reply_is_downloaded_as_it_was_heard(page: Page, tmp_path: Path) -> None:
    say(page, "Say hello.")
    reply(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download reply").click()
    download.value.save_as(tmp_path / "reply.wav")
    with wave.open(str(tmp_path / "reply.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (24_000, 1)
        assert file.getnframes() > 0.3 * 24_000


def test_a_reply_in_another_format_is_downloaded_in_it(page: Page) -> None:
    page.get_by_label("Audio format").select_option("mp3")
    say(page, "Say hello.")
    reply(page)
    page.get_by_role("button", name="Pause reply").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download reply").click()
    assert download.value.suggested_filename == "reply.mp3"


def test_muted_replies_are_silent(page: Page) -> None:
    page.get_by_role("button", name="Speak replies aloud").click()
    say(page, "Say hello.")
    reply(page)
    expect(page.get_by_role("button", name="Play reply")).to_be_visible()


def test_an_edited_message_takes_the_place_of_what_followed(page: Page) -> None:
    bodies = requests_of(page)
    say(page, "Say one.")
    reply(page)
    say(page, "Say two.")
    reply(page, 2)
    message_box(page).fill("A draft.")
    page.get_by_role("button", name="Edit message").first.click()
    expect(message_box(page)).to_have_value("Say one.")
    say(page, "Say three.")
    reply(page)
    expect(page.get_by_role("article", name="You")).to_have_count(1)
    assert [message["role"] for message in bodies[-1]["messages"]] == ["user"]
    expect(message_box(page)).to_have_value("A draft.")


def test_clearing_asks_first(page: Page) -> None:
    say(page, "Say hello.")
    reply(page)
    clear, question = page.get_by_role("button", name="Clear chat"), page.get_by_role("alertdialog")
    clear.click()
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()  # it fades out, with a button of the same name
    expect(page.get_by_role("article", name="You")).to_have_count(1)
    clear.click()
    question.get_by_role("button", name="Clear chat").click()
    expect(page.get_by_role("article", name="You")).to_have_count(0)
    page.get_by_text("Ask something. Hear the answer.").wait_for()


def test_settings_and_the_draft_are_remembered(page: Page) -> None:
    page.get_by_label("System message").fill("Be brief.")
    message_box(page).fill("Half a thought")
    page.reload()
    expect(message_box(page)).to_have_value("Half a thought")
    expect(page.get_by_label("System message")).to_have_value("Be brief.")


def test_a_refused_microphone_is_explained(server: RunningServer) -> None:
    with open_portal(server, "chat", refuses_microphone=True) as page:
        page.get_by_role("button", name="Record").click()
        page.get_by_text("The browser may not use the microphone.").wait_for()
        expect(page.get_by_role("button", name="Record")).to_be_visible()


def test_a_deployment_that_was_deleted_can_be_exchanged(server: RunningServer) -> None:
    server.run("deployments", "create", "spare", "--model", "gpt-4o-audio-preview")
    with open_portal(server, "chat") as page:
        page.get_by_label("Deployment", exact=True).select_option("spare")
        server.run("deployments", "delete", "spare")
        page.wait_for_timeout(3000)  # The server follows within seconds.
        say(page, "Say hello.")
        page.get_by_text("The deployment “spare” no longer exists.").wait_for()
        page.get_by_role("button", name="Choose another").click()
        expect(page.get_by_label("Deployment", exact=True)).to_be_focused()
        page.get_by_role("button", name="Try again").click()
        assert reply(page)


def test_an_unreachable_server_loses_nothing(page: Page) -> None:
    page.route("**/chat/completions*", lambda route: route.abort())
    say(page, "Say hello.")
    page.get_by_text("The server does not answer.").wait_for()
    expect(page.get_by_role("article", name="You")).to_contain_text("Say hello.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    assert reply(page)
    expect(page.get_by_text("The server does not answer.")).to_have_count(0)


def test_the_conversation_outlives_the_session(server: RunningServer, page: Page) -> None:
    say(page, "Say hello.")
    reply(page)
    page.context.clear_cookies()
    say(page, "Say goodbye.")
    page.get_by_text("Your session has ended").wait_for()
    page.goto(sign_in_link(server))
    page.get_by_role("button", name="Try again").click()
    reply(page, 2)


def test_a_limit_tells_how_long_to_wait(page: Page) -> None:
    body = {"error": {"code": "429", "message": "Requests exceed a limit. Please retry after 2 seconds."}}
    page.route("**/chat/completions*", lambda route: route.fulfill(status=429, json=body))
    say(page, "Say hello.")
    page.get_by_text("Wait 2 seconds").wait_for()
    page.unroute_all()
    page.get_by_role("button", name=re.compile("^Try again$")).click()
    assert reply(page)


def test_a_question_is_recorded_and_sent_by_keyboard_alone(
    server: RunningServer, jfk: Pcm, microphone: Callable[..., Path]
) -> None:
    with open_portal(server, "chat", microphone=microphone(jfk, 30.0)) as page:
        answer_in_text(page)
        message_box(page).focus()
        page.keyboard.press("Tab")  # Attach
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("timer")).to_have_text("0:03", timeout=20_000)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Send")).to_be_focused()
        page.keyboard.press("Enter")
        assert reply(page)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1280, 860), (360, 740)])
def test_the_playground_keeps_nobody_out(server: RunningServer, dark: bool, size: tuple[int, int]) -> None:
    with open_portal(server, "chat", dark=dark, size=size) as page:
        page.get_by_text("Ask something. Hear the answer.").wait_for()
        assert serious_violations(page) == []
        say(page, "Say hello.")
        reply(page)
        assert serious_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
