"""What an upstream sends that speaks by itself, in the words of each family of servers."""

from __future__ import annotations

import base64
from contextlib import AbstractAsyncContextManager
from typing import Any

import numpy as np

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.engines.remote.audio_model import AudioModelSettings, RemoteAudioModel

from .upstream_double import Answer, UpstreamDouble, engine_behind

TONE = Pcm(np.sin(np.linspace(0, 300, 4800)).astype(np.float32) * 0.5, 24_000)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def wav(audio: Pcm = TONE) -> bytes:
    return encode([audio], audio_format=Format.WAV, sample_rate=audio.sample_rate)


def _chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} | more


def words(transcript: str) -> dict[str, Any]:
    return _chunk({"audio": {"id": "audio_1", "transcript": transcript}})


def sound(data: bytes | None = None) -> dict[str, Any]:
    return _chunk({"audio": {"data": base64_of(TONE.to_int16() if data is None else data)}})


def content(text: str, **more: Any) -> dict[str, Any]:
    return _chunk({"content": text}, **more)


def called(index: int, arguments: str, **head: Any) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": head.pop("name")} if "name" in head else {})
    return _chunk({"tool_calls": [{"index": index, "function": function} | head]})


def end(reason: str = "stop") -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}


USAGE = {
    "choices": [],
    "usage": {
        "prompt_tokens": 40,
        "completion_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 25},
        "completion_tokens_details": {"audio_tokens": 22},
    },
}


def audio_model(
    *answers: Answer, **settings: Any
) -> AbstractAsyncContextManager[tuple[RemoteAudioModel, UpstreamDouble]]:
    def chosen(url: str) -> AudioModelSettings:
        own: dict[str, Any] = {"url": url, "model": "omni", "voices": {"alloy": "Cherry"}} | settings
        return AudioModelSettings(**own)

    return engine_behind(RemoteAudioModel, "voice", chosen, *answers)
