"""HTTP for large files: goes on where it was cut off, retries, and learns quickly which hosts cannot be reached."""

from __future__ import annotations

import os
import queue
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from antiphon.models.digest import sha256_of, size_of
from antiphon.models.errors import HashMismatch, ModelError, SourceUnreachable
from antiphon.models.origins import Origins
from antiphon.models.transfer import Interrupted, Report, Transfer, refuse_error

_CONNECT_SECONDS = 3.0
_FIRST_ANSWER_SECONDS = 5.0
"""A name with many addresses, or one that is slow to resolve, would outlast the limit on each connection."""
_READ_SECONDS = 30.0
_ATTEMPTS = 4


class Network:
    """One round of transfers. What it learns of a host's reachability holds until it is closed. Thread-safe.

    Args:
        origins: where the hub and the registries are.
        environment: names authorities to trust beside the system's (`REQUESTS_CA_BUNDLE`, `PIP_CERT`).
        sleep: waits between attempts, in seconds.
    """

    def __init__(
        self, origins: Origins, environment: Mapping[str, str] = os.environ, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.origins = origins
        self._sleep = sleep
        self._client = httpx.Client(
            verify=_trust(environment),
            timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            follow_redirects=True,
            headers={"User-Agent": "antiphon", "Accept-Encoding": "identity"},
        )
        self._probing = threading.Lock()
        self._problems: dict[httpx.URL, str | None] = {}
        """By the root of a host: why nothing more is to be expected of it, or None where it answered."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def reach(self, url: str) -> None:
        """Find out, once for each host, whether it answers at all.

        Raises:
            SourceUnreachable: it does not.
        """
        root = _root(url)
        with self._probing:
            if root not in self._problems:
                self._problems[root] = self._probe(root)
            problem = self._problems[root]
        if problem is not None:
            raise SourceUnreachable(f"{root.host} cannot be reached ({problem})")

    def read(self, url: str, accept: str) -> httpx.Response:
        """Fetch a small page.

        Raises:
            SourceUnreachable: the host does not answer, or breaks off again and again.
            ModelError: it answers with an error.
        """
        self.reach(url)
        pages: list[httpx.Response] = []

        def attempt() -> None:
            page = self._client.get(url, headers={"Accept": accept})
            refuse_error(page)
            pages.append(page)

        self._persist(url, attempt, progress=lambda: 0)
        return pages[0]

    def download(
        self,
        url: str,
        target: Path,
        *,
        size: int | None = None,
        sha256: str | None = None,
        headers: Mapping[str, str] | None = None,
        report: Report,
        stop: threading.Event,
    ) -> None:
        """Fetch a file, going on from what an earlier call has left beside `target` as `….partial`.

        Args:
            size: the file's size in bytes; an answer of another size is refused before its body is read.
            sha256: compared once the file is there; a `target` that has it already is left as it is.
            report: called with the bytes that are there and, where the server tells, those there will be.
            stop: once set, the transfer ends with `TransferStopped`; what is there remains.

        Raises:
            SourceUnreachable: the host does not answer, or breaks off again and again.
            HashMismatch: size or hash are not as expected; nothing is left behind.
            ModelError: the host answers with an error.
        """
        if sha256 is not None and target.is_file() and sha256_of(target) == sha256:
            report(size_of(target), size_of(target))
            return
        partial = target.with_name(f"{target.name}.partial")
        if size is None or size_of(partial) != size:
            self.reach(url)
            transfer = Transfer(self._client, url, partial, size=size, headers=headers or {}, report=report, stop=stop)
            self._persist(url, transfer.run, progress=lambda: size_of(partial))
        if sha256 is not None and sha256_of(partial) != sha256:
            partial.unlink()
            raise HashMismatch(f"{_root(url).host} sent another {target.name} than it announced (sha256 differs)")
        os.replace(partial, target)

    def _probe(self, root: httpx.URL) -> str | None:
        answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def ask() -> None:
            try:
                self._client.head(root, follow_redirects=False)
                answers.put(None)
            except (httpx.TransportError, httpx.InvalidURL, RuntimeError) as error:
                answers.put(_reason(error))

        threading.Thread(target=ask, daemon=True, name="antiphon-probe").start()
        try:
            return answers.get(timeout=_FIRST_ANSWER_SECONDS)
        except queue.Empty:
            return f"no answer within {_FIRST_ANSWER_SECONDS:.0f} s"

    def _persist(self, url: str, attempt: Callable[[], None], progress: Callable[[], int]) -> None:
        """Try until it is done, or until `_ATTEMPTS` in a row got no further."""
        fruitless = 0
        while True:
            before = progress()
            try:
                return attempt()
            except (httpx.TransportError, Interrupted) as error:
                fruitless = 0 if progress() > before else fruitless + 1
                if fruitless == _ATTEMPTS:
                    problem = self._problems[_root(url)] = f"it breaks off again and again: {_reason(error)}"
                    raise SourceUnreachable(f"{_root(url).host} cannot be reached ({problem})") from error
                self._sleep(2.0**fruitless / 2)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ModelError(f"{_root(url).host} does not give the file ({_reason(error)})") from error


def _root(url: str) -> httpx.URL:
    try:
        return httpx.URL(url).join("/")
    except httpx.InvalidURL as error:
        raise SourceUnreachable(f"{url!r} is no address ({error})") from error


def _reason(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here; name your authority's file in SSL_CERT_FILE"
    return str(error) or type(error).__name__


def _trust(environment: Mapping[str, str]) -> ssl.SSLContext:
    """The system's authorities (or `SSL_CERT_FILE`), and those that pip and requests are told of."""
    context = ssl.create_default_context()
    for variable in ("PIP_CERT", "REQUESTS_CA_BUNDLE"):
        bundle = Path(environment.get(variable, ""))
        if bundle.is_file():
            context.load_verify_locations(cafile=bundle)
    return context
