"""The real-time audio playground as a phone: its pages as they are built, its switch to WebRTC."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

import antiphon.portal
from antiphon.api.portal.pages import Pages

from ..realtime.realtime_server import RealtimeServer
from .test_browser import record
from .test_calls import answer_at_length

CHROMIUM = shutil.which("chromium")
PAGES = Path(antiphon.portal.__file__).parent
MS = 60_000

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"),
]


async def test_the_playground_talks_over_webrtc_and_shows_what_was_heard(realtime: RealtimeServer, tmp_path: Path):
    answer_at_length(realtime)
    record(tmp_path / "microphone.wav")
    services = realtime.backend.services
    portal = dataclasses.replace(services.portal, pages=Pages.read(PAGES))
    realtime.backend.api.state.services = dataclasses.replace(services, portal=portal)
    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'microphone.wav'}%noloop",
    ]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = await chromium.new_page(locale="en-GB")
        await page.add_init_script("localStorage.setItem('antiphon.audio-processing', 'off')")
        code = await services.portal.sessions.create_code()
        await page.goto(f"http://127.0.0.1:{realtime.port}/portal/#code={code}")
        await page.goto(f"http://127.0.0.1:{realtime.port}/portal/#/realtime")
        await page.get_by_label("WebRTC").check(timeout=MS)
        await page.get_by_role("button", name="Start listening").click(timeout=MS)
        latency = page.get_by_role("group", name="Time to answer")
        await expect(latency.first).to_contain_text("audio", timeout=MS, ignore_case=True)
        await expect(page.get_by_text(re.compile("Interrupted after")).first).to_be_visible(timeout=MS)
        await expect(page.locator("del").first).to_be_visible(timeout=MS)
        assert realtime.backend.services.calls.under_way == 1
        await page.get_by_role("button", name="Stop listening").click()
        await chromium.close()
