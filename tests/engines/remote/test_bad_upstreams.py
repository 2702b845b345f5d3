"""What no engine behind a URL takes for an answer, whatever its kind: it fails in time, and the log says why."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import Clause, Message, Prompt
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.engines.remote.recognizer import RemoteRecognizer, TranscriptionSettings
from antiphon.engines.remote.synthesizer import RemoteSynthesizer, SpeechSettings
from antiphon.engines.remote.upstream import Upstream
from antiphon.hardening.errors import ServerBusy

from .upstream_double import Answer, Connection, document, hang, status, upstream, vanish

pytestmark = pytest.mark.anyio

READ_SECONDS = 1.0
SECONDS = 10
"""Far more than any of these engines may take to give up."""


@dataclass(frozen=True, slots=True)
class Role:
    """An engine in its role: what it is asked, and how a right answer begins."""

    ask: Callable[[Mapping[str, Any]], tuple[Upstream, AsyncGenerator[Any]]]
    """Takes settings. The upstream has to be closed."""
    content_type: str
    beginning: bytes


def _write(settings: Mapping[str, Any]) -> tuple[Upstream, AsyncGenerator[Any]]:
    chat = ChatSettings(model="m", **settings)
    reached = Upstream("some", chat)
    return reached, RemoteLanguageModel(reached, chat).generate(Prompt(messages=[Message(role="user", text="Hi")]))


def _hear(settings: Mapping[str, Any]) -> tuple[Upstream, AsyncGenerator[Any]]:
    transcription = TranscriptionSettings(model="m", **settings)
    reached = Upstream("some", transcription)
    return reached, RemoteRecognizer(reached, transcription).recognize(Pcm.silence(1.0, 16_000))


def _speak(settings: Mapping[str, Any]) -> tuple[Upstream, AsyncGenerator[Any]]:
    speech = SpeechSettings(model="m", voices={"alloy": "some"}, **settings)
    reached = Upstream("some", speech)
    return reached, RemoteSynthesizer(reached, speech).synthesize(Clause(text="Hi.", language="en", voice="alloy"))


_DELTA = json.dumps({"choices": [{"delta": {"content": "Hel"}}]}).encode()
ROLES = {
    "language model": Role(_write, "text/event-stream", b"data: " + _DELTA + b"\n\n"),
    "recognizer": Role(_hear, "application/json", b'{"text": "Hel'),
    "synthesizer": Role(_speak, "audio/pcm", bytes(1000)),
}


@pytest.fixture(params=ROLES.values(), ids=list(ROLES))
def role(request: pytest.FixtureRequest) -> Role:
    return request.param


async def asked(role: Role, url: str, *, error: type[Exception] = EngineFailed, **settings: Any) -> str:
    """Why the engine failed, as its error says to those who may know."""
    settings = {"connect_seconds": SECONDS, "read_seconds": READ_SECONDS, "retries": 0} | settings
    reached, pieces = role.ask({"url": url} | settings)
    try:
        async with asyncio.timeout(SECONDS):
            with pytest.raises(error) as failed:
                async for _ in pieces:
                    pass
    finally:
        await reached.aclose()
    return str(failed.value.__cause__)


# --- answers that are none --------------------------------------------------------------------------------------------


async def no_http(connection: Connection) -> None:
    await connection.send(b"SSH-2.0-OpenSSH_9.6\r\n")


async def half_a_head(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-ty")
    await connection.closed.wait()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (vanish, "the connection failed"),
        (hang, "did not answer in time"),
        (no_http, "the connection failed"),
        (half_a_head, "did not answer in time"),
        (document(b"<html>Sign in</html>", "text/html"), "."),
        (document(b"", "text/plain"), "."),
        (status(204), "it answered 204"),
        (status(401, b'{"error": {"message": "wrong key"}}'), "it answered 401: .*wrong key"),
        (status(404, b"<html>Not found</html>", content_type="text/html"), "it answered 404: <html>"),
        (status(500, b"\xff\xfe boom"), "it answered 500: .*boom"),
    ],
    ids=[
        "vanishes",
        "silent",
        "not HTTP",
        "half a head",
        "HTML",
        "empty",
        "no content",
        "401",
        "404",
        "500",
    ],
)
async def test_it_fails_and_the_log_says_why(role: Role, answer: Answer, reason: str, caplog: pytest.LogCaptureFixture):
    async with upstream(answer) as double:
        cause = await asked(role, double.url)
    assert re.search(reason, cause, re.DOTALL)
    assert f"The engine some at {double.url} failed: {cause}" in caplog.text
    assert len(double.requests) == 1


# --- what begins well -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("then", [hang, vanish], ids=["falls silent", "vanishes"])
async def test_one_that_begins_well_and_breaks_off_fails_and_is_not_asked_again(role: Role, then: Answer):
    async def answer(connection: Connection) -> None:
        await connection.head(content_type=role.content_type, content_length="100000")
        await connection.send(role.beginning)
        await then(connection)

    async with upstream(answer) as double:
        cause = await asked(role, double.url)
    assert re.search("did not answer in time|did not complete|the connection failed", cause)
    assert len(double.requests) == 1


async def test_one_that_sends_anything_without_end_is_left(role: Role):
    async def answer(connection: Connection) -> None:
        await connection.head(content_type=role.content_type)
        while not connection.closed.is_set():
            await connection.send(b" " * 2**20)

    async with upstream(answer) as double:
        cause = await asked(role, double.url, read_seconds=5)
        await asyncio.wait_for(double.closed.wait(), SECONDS)
    assert re.search("without end|does not end", cause)


async def test_bytes_that_are_no_text_and_no_audio_are_no_answer(role: Role):
    garbage = b'data: {"choices": [{"delta": {"content": "\xff\xc0"}}]}\n\n'
    async with upstream(document(garbage, role.content_type)) as double:
        assert await asked(role, double.url)


# --- what tries to lead elsewhere, or to cost too much ----------------------------------------------------------------


async def test_a_redirect_is_not_followed(role: Role):
    async with upstream(document(b"")) as elsewhere, upstream(status(307, location=elsewhere.url)) as double:
        cause = await asked(role, double.url)
    assert f"it answered 307 (to {elsewhere.url})" in cause
    assert elsewhere.requests == []


async def test_what_is_compressed_is_not_unpacked(role: Role):
    bomb = gzip.compress(bytes(20_000_000))
    async with upstream(status(200, bomb, content_type=role.content_type, content_encoding="gzip")) as double:
        cause = await asked(role, double.url)
    assert "compressed its answer (gzip)" in cause
    assert double.requests[0].headers["accept-encoding"] == "identity"


# --- those that do not even take the request --------------------------------------------------------------------------


@contextmanager
def deaf() -> Generator[str]:
    """The address of a server that accepts no connection: those that wait for it fill its queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting: list[socket.socket] = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            waiting.append(client)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            for client in waiting:
                client.close()


async def test_one_that_takes_no_connection_is_given_up(role: Role):
    with deaf() as url:
        assert "did not answer in time (ConnectTimeout)" in await asked(role, url, connect_seconds=READ_SECONDS)


async def test_where_nobody_listens_the_log_says_so(role: Role, caplog: pytest.LogCaptureFixture):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    assert "the connection failed (ConnectError" in await asked(role, url)
    assert f"The engine some at {url} failed" in caplog.text


# --- asking again -----------------------------------------------------------------------------------------------------


async def test_one_that_was_waited_for_in_vain_is_not_waited_for_again(role: Role):
    async with upstream(hang) as double:
        await asked(role, double.url, retries=2)
    assert len(double.requests) == 1


@pytest.mark.parametrize(("retry_after", "requests"), [("0", 3), ("3600", 1)], ids=["now", "in an hour"])
async def test_one_that_is_busy_is_asked_again_if_it_says_soon(role: Role, retry_after: str, requests: int):
    async with upstream(status(429, b"slow down", retry_after=retry_after)) as double:
        cause = await asked(role, double.url, error=ServerBusy, retries=2)
    assert "it answered 429: slow down" in cause
    assert len(double.requests) == requests
