"""Each line of the log can be found by its request and its session, and has nothing of what was said."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Generator
from typing import Any

import pytest

from antiphon.seat import Seat
from antiphon.serve.logs import log_handler

from .conftest import Backend
from .realtime.realtime_server import ask, running

pytestmark = pytest.mark.anyio


@pytest.fixture
def stream() -> Generator[io.StringIO]:
    """What the second of two workers logs."""
    stream, logger = io.StringIO(), logging.getLogger("antiphon")
    handler, level = log_handler(stream, seat=Seat(number=2, count=2)), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_lines_about_a_session_have_its_id_and_none_of_its_words(backend: Backend, stream: io.StringIO):
    async with running(backend) as server, server.open() as client:
        session_id = (await client.last("session.created"))["session"]["id"]
        await ask(client, "Tell nobody.")
        await client.last("response.done")
    told = [line for line in lines(stream) if line.get("session_id") == session_id]
    assert any("spans" in line for line in told)
    assert len({line["request_id"] for line in told}) == 1
    assert {line["worker"] for line in lines(stream)} == {2}
    assert "Tell nobody" not in stream.getvalue()
    assert "Good day" not in stream.getvalue()
