"""Conversations by voice in the real-time audio playground: a browser, a microphone that hears recorded speech, and a
server."""

from __future__ import annotations

import base64
import json
import re
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from antiphon.audio.pcm import Pcm

from ...conftest import SpeechClip
from ...speech import read_flac, word_error_rate
from ..running_server import RunningServer, serving
from .browser import open_portal, serious_violations
from .writer import writer

SECONDS = 120
"""How long a test may wait for what it expects, on a machine that is busy with other things."""
SAMPLES_A_MS = 24
QUESTION = "pocketsphinx/sense_and_sensibility_01_austen_64kb-0880.flac"
STORY = "Tell me a very long story about a dog that travels around the world."

WATCH = """() => {
  window.watched = { startedAt: [], cleared: [] };
  const Node = AudioWorkletNode;
  window.AudioWorkletNode = class extends Node {
    constructor(...given) {
      super(...given);
      this.port.addEventListener("message", ({ data }) => {
        if (data.type === "cleared") watched.cleared.push({ at: performance.now(), played: data.played });
      });
    }
  };
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data.includes("input_audio_buffer.speech_started")) watched.startedAt.push(performance.now());
      });
    }
  };
}"""
"""Notes, beside the page and not by it, when speech was announced and when playback said that it was silent."""


class Playground:
    """The open page, and every event that goes to and from it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[dict[str, Any]] = []
        self.received: list[dict[str, Any]] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        def sent(frame: bytes | str) -> None:
            self.sent.append(json.loads(frame))

        def received(frame: bytes | str) -> None:
            self.received.append(json.loads(frame))

        socket.on("framesent", sent)
        socket.on("framereceived", received)

    def each_sent(self, type_: str) -> list[dict[str, Any]]:
        return [event for event in self.sent if event["type"] == type_]

    def each(self, type_: str) -> list[dict[str, Any]]:
        return [event for event in self.received if event["type"] == type_]

    def until(self, type_: str, count: int = 1) -> dict[str, Any]:
        """The event by which so many of a type have come."""
        for _ in range(SECONDS * 10):
            if len(self.each(type_)) >= count:
                return self.each(type_)[count - 1]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"No {type_} in {[event['type'] for event in self.received]}")

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def type(self, message: str) -> None:
        self.page.get_by_label("Message", exact=True).fill(message)
        self.page.keyboard.press("Enter")

    def status(self, words: str) -> None:
        """Wait until the page says who is at it."""
        status = self.page.get_by_role("status").filter(has_text=re.compile(rf"\b{re.escape(words)}"))
        expect(status).to_be_visible(timeout=SECONDS * 1000)

    def audio_ms(self, item_id: str) -> float:
        """How much of an item's sound has come."""
        deltas = [event["delta"] for event in self.each("response.audio.delta") if event["item_id"] == item_id]
        return sum(len(base64.b64decode(delta)) for delta in deltas) / 2 / SAMPLES_A_MS

    @property
    def log(self) -> Any:
        return self.page.get_by_role("log")

    @property
    def events(self) -> Any:
        """Those that the inspector lists."""
        return self.page.get_by_role("listbox", name="Events, newest last").get_by_role("option")


@contextmanager
def playground(server: RunningServer, **options: Any) -> Generator[Playground]:
    with open_portal(server, "realtime", **options) as page:
        page.evaluate(WATCH)
        opened = Playground(page)
        expect(page.get_by_role("button", name="Start listening")).to_be_enabled(timeout=SECONDS * 1000)
        yield opened


@pytest.fixture
def clip(speech_clips: dict[str, SpeechClip]) -> SpeechClip:
    return speech_clips[QUESTION]


@pytest.fixture
def question(clip: SpeechClip) -> Pcm:
    return read_flac(clip.path)


Microphone = Callable[..., Path]


def test_what_is_said_is_seen_and_answered_aloud(
    server_with_models: RunningServer, microphone: Microphone, clip: SpeechClip, question: Pcm
) -> None:
    with playground(server_with_models, microphone=microphone(1.0, question, 120.0)) as opened:
        opened.click("Start listening")
        heard = opened.until("conversation.item.input_audio_transcription.completed")
        opened.status("The model is speaking")
        opened.until("response.done")
        opened.status("Listening")
        assert word_error_rate(clip.transcript, heard["transcript"]) <= 0.4
        expect(opened.log).to_contain_text(heard["transcript"].strip())
        expect(opened.log).to_contain_text(opened.until("response.audio_transcript.done")["transcript"].strip())
        latency = opened.page.get_by_role("group", name="Time to answer")
        for stage in ("Silence", "Recognition", "First token", "First audio"):
            expect(latency).to_contain_text(stage)
        opened.click("Stop listening")
        opened.status("Not connected")


def test_whoever_speaks_stops_the_reply_and_strikes_what_was_not_heard(
    server: RunningServer, microphone: Microphone, question: Pcm
) -> None:
    with playground(server, microphone=microphone(2.0, question, 120.0)) as opened:
        opened.type(STORY)
        opened.status("The model is speaking")
        opened.click("Start listening")  # The microphone hears the recording from now on.
        opened.until("input_audio_buffer.speech_started")
        truncated = opened.until("conversation.item.truncated")
        opened.until("conversation.item.retrieved")

        (cleared,) = opened.page.evaluate("watched.cleared")
        (started_at,) = opened.page.evaluate("watched.startedAt")
        assert cleared["at"] >= started_at
        (truncate,) = opened.each_sent("conversation.item.truncate")
        item_id = truncate["item_id"]
        assert truncate["audio_end_ms"] == cleared["played"][item_id] // SAMPLES_A_MS == truncated["audio_end_ms"]
        assert 0 < truncate["audio_end_ms"] <= opened.audio_ms(item_id)

        struck = opened.page.locator("del").first
        expect(struck).to_be_visible()
        heard = opened.each("conversation.item.retrieved")[0]["item"]["content"][0]["transcript"]
        expect(opened.log).to_contain_text(heard.strip())
        assert struck.inner_text().strip() not in heard
        expect(opened.page.get_by_text("Interrupted after")).to_be_visible()


def test_push_to_talk_sends_what_is_said_while_the_button_is_held(
    server: RunningServer, microphone: Microphone, clip: SpeechClip, question: Pcm
) -> None:
    with playground(server, microphone=microphone(2.0, question, 120.0)) as opened:
        opened.page.get_by_label("Push to talk").check()
        opened.click("Start listening")
        opened.status("Ready: hold to talk")
        hold = opened.page.get_by_role("button", name="Hold to talk")
        hold.click()
        expect(opened.page.get_by_text("That was too short")).to_be_visible()
        assert not opened.each_sent("input_audio_buffer.commit")

        opened.log.focus()
        opened.page.keyboard.down("Space")
        opened.status("You are speaking")
        opened.page.wait_for_timeout(round(question.seconds * 1000) + 2_500)
        opened.page.keyboard.up("Space")
        heard = opened.until("conversation.item.input_audio_transcription.completed")
        assert word_error_rate(clip.transcript, heard["transcript"]) <= 0.4
        opened.status("The model is speaking")
        assert not opened.each("input_audio_buffer.speech_started")


def test_a_call_is_seen_and_answered_by_hand(server: RunningServer) -> None:
    with playground(server) as opened:
        opened.click("Add the example get_weather")
        opened.type("What is the weather in Paris? Use get_weather.")
        call = opened.page.get_by_role("region", name="Call of get_weather")
        expect(call).to_contain_text("waits for your answer", timeout=SECONDS * 1000)
        expect(call).to_contain_text("Paris")
        opened.status("Waits for a function’s answer")
        opened.page.get_by_label("Answer", exact=True).fill('{"sky": "sunny", "celsius": 21}')
        opened.click("Send the answer")
        expect(call).to_contain_text("answered")
        opened.status("The model is speaking")
        opened.until("response.done", 2)
        said = opened.each("response.audio_transcript.done")[-1]["transcript"].lower()
        assert re.search(r"sunny|clear|21|twenty", said), said


def test_turn_detection_changes_while_the_session_runs(server: RunningServer, microphone: Microphone) -> None:
    with playground(server, microphone=microphone(120.0)) as opened:
        opened.click("Events")
        opened.click("Start listening")
        opened.until("session.updated")
        opened.page.get_by_role("slider", name="Silence duration").focus()
        opened.page.keyboard.press("ArrowRight")
        updated = opened.until("session.updated", 2)["session"]
        assert updated["turn_detection"]["silence_duration_ms"] == 550
        assert list(opened.each_sent("session.update")[1]["session"]) == ["turn_detection"]
        opened.page.get_by_label("Meaning (semantic VAD)").check()
        assert opened.until("session.updated", 3)["session"]["turn_detection"]["type"] == "semantic_vad"

        opened.page.get_by_label("Filter by type or text").fill("semantic_vad")
        expect(opened.events).to_have_count(2)
        opened.events.last.click()
        expect(opened.page.get_by_role("region", name="session.updated")).to_contain_text('"eagerness": "auto"')


def test_events_are_exported_as_json_lines_without_their_audio(server: RunningServer) -> None:
    with playground(server) as opened:
        opened.type("Say yes.")
        opened.until("response.done")
        opened.click("Events")
        expect(opened.events.filter(has_text="response.done")).to_be_visible()
        with opened.page.expect_download() as download:
            opened.click("Export as JSON lines")
        lines = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
        assert {line["lane"] for line in lines} == {"client", "server"}
        types = [line["event"]["type"] for line in lines]
        assert types[0] == "session.created"
        assert "response.create" in types
        audio = next(line["event"] for line in lines if line["event"]["type"] == "response.audio.delta")
        assert re.fullmatch(r"… \d+ bytes of audio", audio["delta"])


def test_a_server_that_is_started_anew_finds_settings_and_conversation_kept(tmp_path: Path, models: None) -> None:
    with (
        writer() as settings,
        serving(tmp_path, more_settings=settings) as server,
        playground(server) as opened,
    ):
        opened.page.get_by_label("Instructions").fill("Answer in one short sentence.")
        opened.type("My name is Ada. Remember it.")
        opened.until("response.done")
        server.process.send_signal(signal.SIGINT)
        server.process.wait(30)
        expect(opened.page.get_by_text("The conversation, settings and tools are kept.")).to_be_visible()
        expect(opened.log).to_contain_text("My name is Ada.")
        opened.status("Disconnected")
        with serving(tmp_path, ports=(server.port, server.tls_port), more_settings=settings):
            opened.status("Connected")  # After 8 s at the latest.
            expect(opened.log).to_contain_text("New session")
            restored = opened.each_sent("session.update")[-1]["session"]
            assert restored["instructions"] == "Answer in one short sentence."
            said, answered = (event["item"] for event in opened.each_sent("conversation.item.create")[1:])
            assert said["content"][0]["text"] == "My name is Ada. Remember it."
            assert answered["role"] == "assistant"
            assert [event["error"]["code"] for event in opened.each("error")] == ["server_stopping"]


def test_a_microphone_that_is_refused_is_told_and_one_can_type(server: RunningServer) -> None:
    with playground(server) as opened:
        refuse = "() => Promise.reject(new DOMException('', 'NotAllowedError'))"
        opened.page.evaluate(f"navigator.mediaDevices.getUserMedia = {refuse}; null")
        opened.click("Start listening")
        expect(opened.page.get_by_text("The browser may not use the microphone.")).to_be_visible()
        opened.type("Say yes.")
        opened.until("response.done")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_playground_keeps_nobody_out(server: RunningServer, dark: bool) -> None:
    with playground(server, dark=dark) as opened:
        opened.type("Say yes.")
        opened.click("Events")
        opened.until("response.done")
        assert serious_violations(opened.page) == []


def test_it_fits_a_telephone(server: RunningServer) -> None:
    with playground(server, size=(360, 740)) as opened:
        opened.type("Say yes.")
        opened.click("Events")
        opened.until("response.done")
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 360
        opened.click("Setup")
        expect(opened.page.get_by_role("dialog").get_by_label("Instructions")).to_be_visible()
