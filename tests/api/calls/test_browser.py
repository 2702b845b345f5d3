"""Chromium on the phone: it speaks through a fake microphone, with a client secret instead of a key."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import async_playwright

from antiphon.audio.pcm import Pcm

from ..conftest import tone
from ..realtime.realtime_server import RealtimeServer
from .test_calls import PATIENT, SIDEBAND, answer_at_length

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium"),
]

RATE = 48_000
TURNS = 3
CALL = """async secret => {
    const peer = new RTCPeerConnection();
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: raw });
    peer.addTrack(microphone.getAudioTracks()[0], microphone);
    const player = new Audio();
    player.autoplay = true;
    peer.ontrack = event => { player.srcObject = event.streams[0]; };
    window.peer = peer;
    window.seen = [];
    const channel = peer.createDataChannel("oai-events");
    channel.onmessage = message => { window.seen.push(JSON.parse(message.data)); };
    await peer.setLocalDescription(await peer.createOffer());
    const answered = await fetch("/v1/realtime/calls?webrtcfilter=on", {
        method: "POST",
        body: peer.localDescription.sdp,
        headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/sdp" },
    });
    await peer.setRemoteDescription({ type: "answer", sdp: await answered.text() });
    return answered.headers.get("Location").split("/").pop();
}"""
TURNS_ANSWERED = """turns => {
    const starts = window.seen.filter(event => event.type === "output_audio_buffer.started");
    return starts.length >= turns;
}"""
ENERGY = """async () => {
    for (const report of (await window.peer.getStats()).values())
        if (report.type === "inbound-rtp") return report.totalAudioEnergy;
}"""


def record(path: Path) -> None:
    """What the microphone hears: three turns, each but the first during the answer to the one before."""
    heard = Pcm.concatenate([Pcm.silence(1.5, 24_000), *[tone(0.6), Pcm.silence(3.0, 24_000)] * TURNS], 24_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(heard.resample(RATE).to_int16())


async def test_a_browser_holds_three_turns_and_interrupts_while_a_server_follows(
    realtime: RealtimeServer, http: httpx.AsyncClient, tmp_path: Path
):
    answer_at_length(realtime)
    record(tmp_path / "microphone.wav")
    session: dict[str, Any] = {"model": "gpt-realtime", "audio": {"input": {"turn_detection": PATIENT}}}
    created = await http.post("/v1/realtime/client_secrets", json={"session": session})
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
        page = await chromium.new_page()
        await page.goto(f"http://127.0.0.1:{realtime.port}/health")
        call_id = await page.evaluate(CALL, created.json()["value"])
        async with realtime.open(SIDEBAND + call_id, max_queue=None) as sideband:
            await page.wait_for_function(TURNS_ANSWERED, arg=TURNS, timeout=60_000)
            followed = [await sideband.event()]
            while [event["type"] for event in followed].count("conversation.item.truncated") < TURNS - 1:
                followed.append(await sideband.event())
        assert await page.evaluate(ENERGY) > 0
        seen = {event["type"] for event in await page.evaluate("window.seen")}
        await chromium.close()
    truncated = [event["audio_end_ms"] for event in followed if event["type"] == "conversation.item.truncated"]
    assert all(0 < heard_ms < 8_000 for heard_ms in truncated)
    assert "conversation.item.truncated" not in seen
    assert "output_audio_buffer.started" in seen
