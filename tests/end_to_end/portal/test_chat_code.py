"""What "View code" shows, copied and run as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import wave
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from antiphon.audio.encode import Format, encode

from ...conftest import SpeechClip
from ...speech import read_flac
from ..running_server import RunningServer, run_program
from ..test_quickstarts import node_modules as node_modules
from .browser import open_portal, serious_violations

REPLY_MS = 180_000

NASTY = """Say "hello" and 'hi', $HOME `date` \\n {x} ${y} %s é 😀
END"""
"""What languages and shells would take for their own."""


@pytest.fixture
def page(server: RunningServer) -> Generator[Page]:
    with open_portal(server, "chat") as page:
        page.get_by_label("Deployment", exact=True).wait_for()
        yield page


def copied(page: Page, language: str, *, keyless: bool) -> str:
    """The program, by way of the clipboard."""
    page.get_by_role("button", name="View code").click()
    page.get_by_role("tab", name=language).click()
    page.get_by_role("radio", name="Keyless" if keyless else "Key", exact=not keyless).check()
    page.get_by_role("button", name="Copy code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    program = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Close").click()
    return program


def run(server: RunningServer, folder: Path, *command: str | Path, keyless: bool) -> str:
    done = run_program(*command, folder=folder, environment=server.environment(*([] if keyless else ["--key"])))
    assert done.returncode == 0, done.stderr
    return done.stdout


def seconds(file: Path) -> float:
    with wave.open(str(file)) as recording:
        return recording.getnframes() / recording.getframerate()


@pytest.mark.parametrize("keyless", [False, True])
def test_python_asks_what_the_page_would(server: RunningServer, page: Page, tmp_path: Path, keyless: bool) -> None:
    page.get_by_label("System message").fill(NASTY)
    page.get_by_role("textbox", name="Message", exact=True).fill(NASTY)
    (tmp_path / "ask.py").write_text(copied(page, "Python", keyless=keyless), encoding="utf-8")
    assert run(server, tmp_path, sys.executable, "ask.py", keyless=keyless).strip()
    assert seconds(tmp_path / "answer.wav") > 0.2


def test_python_goes_on_with_a_spoken_conversation(
    server: RunningServer, page: Page, tmp_path: Path, speech_clips: dict[str, SpeechClip]
) -> None:
    speech = read_flac(speech_clips["jfk/jfk.flac"].path)
    mp3 = tmp_path / "speech.mp3"
    mp3.write_bytes(encode([speech], audio_format=Format.MP3, sample_rate=speech.sample_rate))
    page.locator("input[type=file]").set_input_files(mp3)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Copy text").wait_for(timeout=REPLY_MS)
    page.get_by_role("textbox", name="Message", exact=True).fill("Repeat the recording's last word.")
    page.get_by_role("radio", name="Text", exact=True).check()

    page.get_by_role("button", name="View code").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save question.mp3").click()
    download.value.save_as(tmp_path / "question.mp3")
    page.get_by_role("button", name="Close").click()
    program = copied(page, "Python", keyless=False)
    assert '"audio": {"id": "audio_' in program
    (tmp_path / "ask.py").write_text(program, encoding="utf-8")
    assert run(server, tmp_path, sys.executable, "ask.py", keyless=False).strip()


@pytest.mark.parametrize("keyless", [False, True])
def test_curl_asks_what_the_page_would(
    server: RunningServer, page: Page, tmp_path: Path, speech_clips: dict[str, SpeechClip], keyless: bool
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    speech = read_flac(speech_clips["jfk/jfk.flac"].path)
    (tmp_path / "question.wav").write_bytes(encode([speech], audio_format=Format.WAV, sample_rate=speech.sample_rate))
    page.locator("input[type=file]").set_input_files(tmp_path / "question.wav")
    page.get_by_role("textbox", name="Message", exact=True).fill(NASTY)
    (tmp_path / "ask.sh").write_text(copied(page, "curl", keyless=keyless), encoding="utf-8")
    run(server, tmp_path, "sh", "ask.sh", keyless=keyless)
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert answer["choices"][0]["message"]["audio"]["transcript"]
    assert seconds(tmp_path / "answer.wav") > 0.2


def test_curl_sends_every_character_of_the_text(page: Page, tmp_path: Path) -> None:
    page.get_by_role("textbox", name="Message", exact=True).fill(NASTY)
    program = copied(page, "curl", keyless=False)
    (tmp_path / "curl").write_text("#!/bin/sh\ncat > body.json; echo > answer.json\n")
    (tmp_path / "curl").chmod(0o755)
    subprocess.run(["sh", "-c", f"PATH={tmp_path}:$PATH\n{program}"], cwd=tmp_path, check=False, timeout=20)
    assert json.loads((tmp_path / "body.json").read_text())["messages"] == [{"role": "user", "content": NASTY}]


@pytest.mark.parametrize("keyless", [False, True])
def test_javascript_asks_what_the_page_would(
    server: RunningServer, page: Page, node_modules: Path, tmp_path: Path, keyless: bool
) -> None:
    page.get_by_role("textbox", name="Message", exact=True).fill(NASTY)
    (tmp_path / "ask.js").write_text(copied(page, "JavaScript", keyless=keyless), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(node_modules)
    assert run(server, tmp_path, "node", "ask.js", keyless=keyless).strip()
    assert seconds(tmp_path / "answer.wav") > 0.2


def test_typescript_finds_no_fault_with_its_program(page: Page, node_modules: Path, tmp_path: Path) -> None:
    compiler = Path(__file__).parents[3] / "web" / "node_modules" / "typescript" / "bin" / "tsc"
    page.get_by_role("textbox", name="Message", exact=True).fill(NASTY)
    (tmp_path / "ask.ts").write_text(copied(page, "TypeScript", keyless=True), encoding="utf-8")
    (tmp_path / "node.d.ts").write_text(
        "declare const Buffer: { from(text: string, encoding: string): Uint8Array };\n"
        'declare module "node:fs/promises" {\n'
        "  export function readFile(path: string, encoding: string): Promise<string>;\n"
        "  export function writeFile(path: string, data: Uint8Array): Promise<void>;\n"
        "}\n"
    )
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(node_modules)
    options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    checked = subprocess.run(
        ["node", compiler, *options, "--noUncheckedIndexedAccess", "ask.ts", "node.d.ts"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_dialog_keeps_nobody_out(page: Page) -> None:
    page.get_by_role("button", name="View code").click()
    page.get_by_role("dialog").wait_for()
    assert serious_violations(page) == []
