"""What a client sends neither moves the operator's cursor nor forges a line of the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Generator

import pytest

from antiphon.serve.logs import log_handler

from .conftest import CHAT, Server, spoken

pytestmark = pytest.mark.anyio

FORGED = "12:00:00 INFO    GET /health 200 in 0.001 s"
ATTACKS = {
    "a color": "\x1b[31mred",
    "a cleared screen": "\x1b[2J\x1b[H",
    "the window's title": "\x1b]0;owned\x07",
    "an escape of one byte": "\x9b2J",
    "a line": f"\r\n{FORGED}",
    "a line, to Unicode": f"\u2028{FORGED}\u0085{FORGED}",
    "a vertical tab and a form feed": f"\x0b{FORGED}\x0c{FORGED}",
    "letters that are taken back": "DELETE\b\b\b\b\b\b",
    "the other direction": "\u202egnp.exe\u2066",
    "what does not show": "a\u200b\u00ad\ufeffb",
    "what is not Unicode": "\udcff",
    "tags beyond the first plane": "\U000e0041",
}
attacks = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


class Log(io.StringIO):
    """Where the log goes: a terminal, or whatever collects lines of JSON."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def lines(self) -> list[str]:
        logged = self.getvalue()
        assert logged.endswith("\n")
        lines = logged[:-1].split("\n")
        assert all(line.isprintable() for line in lines), lines
        assert not any(line.startswith(FORGED) for line in lines), lines
        return lines


@pytest.fixture(params=["terminal", "collector"])
def log(request: pytest.FixtureRequest) -> Generator[Log]:
    stream = Log(is_terminal=request.param == "terminal")
    handler = log_handler(stream)
    logging.getLogger().addHandler(handler)
    logging.getLogger("antiphon").setLevel(logging.INFO)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger("antiphon").setLevel(logging.NOTSET)


@attacks
async def test_no_path_forges_a_line(server: Server, log: Log, attack: str):
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/{attack}",
        "raw_path": b"/",
        "query_string": b"api-version=%1b%5b2J",
        "headers": [(b"api-key", server.key.encode()), (b"user-agent", b"\x9b\x1b[2J")],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(_: object) -> None: ...

    await server.api(scope, receive, send)
    (line,) = log.lines()
    assert "GET /" in line
    if not log.is_terminal:
        assert json.loads(line)["message"].startswith(f"GET /{attack} 404 ")


@attacks
async def test_no_name_of_a_deployment_forges_a_line(server: Server, log: Log, attack: str):
    attack = attack.encode(errors="replace").decode()
    await server.client.post("/v1/chat/completions", json=spoken(model=attack))
    assert len(log.lines()) == 2


@attacks
def test_no_text_of_an_error_forges_a_line(log: Log, attack: str):
    try:
        raise ValueError(attack)
    except ValueError:
        logging.getLogger("antiphon").exception("It failed: %s", attack)
    first, *traceback = log.lines()
    assert "It failed" in first
    if log.is_terminal:
        assert all(line.startswith("    ") for line in traceback)
    else:
        assert not traceback
        assert attack in json.loads(first)["error"]


async def test_what_servers_below_log_is_escaped_as_well(log: Log):
    logging.getLogger("uvicorn.error").warning("Invalid request from %s", "\x1b[2J")
    logging.getLogger("websockets.server").error("A header: %s", f"\n{FORGED}")
    assert len(log.lines()) == 2


async def test_ordinary_text_is_logged_as_it_is(log: Log):
    logging.getLogger("antiphon").info("Grüße, 你好, emoji 🙂 and %r", CHAT)
    (line,) = log.lines()
    assert f"Grüße, 你好, emoji 🙂 and '{CHAT}'" in line
