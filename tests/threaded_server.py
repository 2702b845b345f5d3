"""An HTTP server in a thread: for tests of programs that run an event loop of their own."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class Exchange(http.server.BaseHTTPRequestHandler):
    """A request and its answer. A subclass says what that is."""

    def answer(self, body: bytes) -> None:
        raise NotImplementedError

    def begin(self, content_type: str) -> None:
        """Send the head of the answer; its body goes to `wfile`."""
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.end_headers()

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["content-length"])))

    def log_message(self, *args: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Print nothing."""


@contextmanager
def threaded_server(exchange: type[Exchange]) -> Generator[str]:
    """Its URL."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), exchange) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
