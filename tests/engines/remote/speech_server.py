"""A server that speaks, in a thread: for tests of programs that run an event loop of their own."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ...threaded_server import Exchange, threaded_server


class _Speech(Exchange):
    def answer(self, body: bytes) -> None:
        self.begin("audio/pcm")
        self.wfile.write(bytes(4800))


def speech_server() -> AbstractContextManager[str]:
    """Its URL."""
    return threaded_server(_Speech)
