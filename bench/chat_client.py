"""One client of the server, as close to the wire as it gets, so that its own time does not count."""

from __future__ import annotations

import base64
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx
import msgspec

from bench.server import Server
from bench.streamed_reply import Arrival, StreamedReply

Message: TypeAlias = dict[str, Any]
"""One of the `messages` of a request."""

_PATH = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"
_BYTES_A_SECOND = 24_000 * 2
"""pcm16."""
_LONGEST_REPLY_S = 60.0
"""A short question is answered long before, unless the machine is busy with other things."""


class RequestFailed(Exception):
    """The server did not answer as it should, or took far too long."""


class ChatClient:
    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def stream(self, messages: Sequence[Message], *, voice: str) -> StreamedReply:
        """Ask for a spoken reply and take it as it comes. Raises `RequestFailed`."""
        body = _encode(messages, voice=voice, audio_format="pcm16", stream=True)
        arrivals: list[Arrival] = []
        transcript: list[str] = []
        first_transcript_s = 0.0
        audio_id = ""
        started = time.perf_counter()
        with self._http.stream("POST", _PATH, content=body) as response:
            first_byte_s = time.perf_counter() - started
            if response.status_code != HTTPStatus.OK:
                raise RequestFailed(response.read().decode(errors="replace"))
            for delta in _audio_deltas(response):
                now_s = time.perf_counter() - started
                if now_s > _LONGEST_REPLY_S:
                    raise RequestFailed(f"A reply is not complete after {_LONGEST_REPLY_S:g} s. Is the machine busy?")
                audio_id = delta.get("id", audio_id)
                if "transcript" in delta:
                    first_transcript_s = first_transcript_s or now_s
                    transcript.append(delta["transcript"])
                if "data" in delta:
                    arrivals.append(Arrival(now_s, len(base64.b64decode(delta["data"])) / _BYTES_A_SECOND))
        total_s = time.perf_counter() - started
        if not arrivals:
            raise RequestFailed(f"There was no audio in the answer to {messages[-1]}.")
        return StreamedReply(
            first_byte_s=first_byte_s,
            first_transcript_s=first_transcript_s,
            total_s=total_s,
            arrivals=arrivals,
            audio_id=audio_id,
            transcript="".join(transcript),
        )

    def say(self, text: str, *, voice: str) -> bytes:
        """A reply to `text` as a WAV file. Raises `RequestFailed`."""
        body = _encode([user(text)], voice=voice, audio_format="wav", stream=False)
        response = self.post(body)
        if response.status_code != HTTPStatus.OK:
            raise RequestFailed(response.text)
        return base64.b64decode(response.json()["choices"][0]["message"]["audio"]["data"])

    def post(self, body: bytes | Iterator[bytes]) -> httpx.Response:
        """Send a body as it is, right or wrong; in pieces, its size is not declared."""
        return self._http.post(_PATH, content=body)


@contextmanager
def chat_client(server: Server) -> Generator[ChatClient]:
    headers = {"api-key": server.key, "content-type": "application/json"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=_LONGEST_REPLY_S, trust_env=False) as http:
        yield ChatClient(http)


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def user_speaking(recording: bytes, audio_format: str) -> Message:
    data = base64.b64encode(recording).decode("ascii")
    return {
        "role": "user",
        "content": [{"type": "input_audio", "input_audio": {"data": data, "format": audio_format}}],
    }


def assistant_speaking(audio_id: str) -> Message:
    """What the assistant said before, by its id."""
    return {"role": "assistant", "audio": {"id": audio_id}}


def _encode(messages: Sequence[Message], *, voice: str, audio_format: str, stream: bool) -> bytes:
    return msgspec.json.encode(
        {
            "modalities": ["text", "audio"],
            "audio": {"voice": voice, "format": audio_format},
            "messages": messages,
            "stream": stream,
        }
    )


def _audio_deltas(response: httpx.Response) -> Generator[dict[str, Any]]:
    """What the stream says of the audio, as it comes. Raises `RequestFailed` for an error in its midst."""
    for line in response.iter_lines():
        if not line.startswith("data: {"):
            continue
        chunk = msgspec.json.decode(line.removeprefix("data: "))
        if "error" in chunk:
            raise RequestFailed(chunk["error"]["message"])
        for choice in chunk["choices"]:
            if audio := choice["delta"].get("audio"):
                yield audio
