"""A double of a language model, in a thread: it answers at once, so that tests need not wait for what a page does with
an answer. It repeats what it is told of recordings, so that tests see what reached it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from ...engines.remote.chat_double import USAGE, called, end, text
from ...threaded_server import Exchange, threaded_server

GREETING = "I would like to help you with that."
"""A clause, which takes two seconds to hear."""
SENTENCE = " The dog went on and on, from one country to another, by land and by sea."
SENTENCES = 60
SECONDS_A_SENTENCE = 0.25
"""A long story takes long enough to be interrupted."""

SETTINGS = """
language_model = "writer"

[engines.writer]
kind = "openai-chat"
url = "{url}"
model = "double"
"""


class _Writer(Exchange):
    def answer(self, body: bytes) -> None:
        asked = json.loads(body)
        self.begin("text/event-stream")
        try:
            for event in _answer(asked["messages"], asked.get("tools")):
                self._send(json.dumps(event))
            self._send("[DONE]")
        except ConnectionError:
            """The client was told enough."""

    def _send(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())


def _answer(messages: list[dict[str, Any]], tools: list[dict[str, Any]] | None) -> Generator[dict[str, Any]]:
    said = str(messages[-1]["content"])
    if messages[-1]["role"] == "tool":
        yield text(f"The function says {' '.join(re.findall(r'[a-z]+|[0-9]+', said))}.")
    elif tools:
        place = re.search(r"in ([A-Z]\w+)", said)
        arguments = json.dumps({"city": place[1] if place else "nowhere"})
        yield called(0, arguments, id="call_1", name=tools[0]["function"]["name"])
        yield end("tool_calls")
        return
    elif recording := re.search(r"<recording[^>]*>\n(.*)\n</recording>", said, re.DOTALL):
        yield text(f"I heard: {recording[1].strip()}")
    elif "long" in said and "story" in said:
        for _ in range(SENTENCES):
            yield text(SENTENCE)
            time.sleep(SECONDS_A_SENTENCE)
    else:
        yield text(GREETING)
    yield end("stop")
    yield USAGE


@contextmanager
def writer() -> Generator[str]:
    """The settings of a profile that asks it."""
    with threaded_server(_Writer) as url:
        yield SETTINGS.format(url=f"{url}/v1")
