"""HTTP for large files: resumes interrupted transfers, retries, and quickly learns which hosts cannot be reached."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeVar

import httpx

from antiphon.models.background import in_background
from antiphon.models.errors import HashMismatch, ModelError, SourceUnreachable
from antiphon.models.progress import Report

_CONNECT_SECONDS = 3.0
_FIRST_ANSWER_SECONDS = 5.0
"""A name with many addresses, or one that is slow to resolve, would outlast the limit on each connection."""
_READ_SECONDS = 30.0
_ATTEMPTS = 4
_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})

Result = TypeVar("Result")


class Network:
    """One round of transfers. What it learns about a host's reachability holds until it is closed. Thread-safe.

    Args:
        environment: names authorities to trust in addition to the system's (`REQUESTS_CA_BUNDLE`, `PIP_CERT`).
        sleep: waits between attempts, in seconds.
    """

    def __init__(
        self, environment: Mapping[str, str] = os.environ, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.environment = environment
        self._sleep = sleep
        self._client = httpx.Client(
            verify=_trust(environment),
            timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            follow_redirects=True,
            headers={"User-Agent": "antiphon", "Accept-Encoding": "identity"},
        )
        self._probing = threading.Lock()
        self._problems: dict[httpx.URL, str | None] = {}
        """For each host's root URL, why to give up on it, or None if it answered."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def reach(self, url: str) -> None:
        """Find out, once per host, whether it answers at all.

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
            SourceUnreachable: the host does not answer, or keeps breaking off.
            ModelError: it answers with an error.
        """

        def attempt() -> httpx.Response:
            page = self._client.get(url, headers={"Accept": accept})
            _refuse_error(page)
            return page

        return self._persist(url, attempt)

    def download(
        self,
        url: str,
        target: Path,
        *,
        size: int | None = None,
        headers: Mapping[str, str] | None = None,
        report: Report,
    ) -> None:
        """Fetch a file, resuming from what an earlier call left in `target`.

        Args:
            size: the file's size in bytes; an answer of another size is refused before its body is read.
            report: called with the bytes so far and the total, if the server gives it. An exception that it
                raises ends the transfer; what has arrived is kept.

        Raises:
            SourceUnreachable: the host does not answer, or keeps breaking off. What has arrived is kept.
            HashMismatch: the size is not the expected one; nothing is left behind.
            ModelError: the host answers with an error.
        """

        def attempt() -> None:
            start = size_of(target)
            asked = {**(headers or {}), **({"Range": f"bytes={start}-"} if start else {})}
            with self._client.stream("GET", url, headers=asked) as response:
                if start and response.status_code == 416:  # what is there is already longer than the file
                    target.unlink()
                    raise _Interrupted(f"{response.url.host} has nothing from byte {start:,} on")
                _refuse_error(response)
                _append(response, target, start if response.status_code == 206 else 0, size, report)

        self._persist(url, attempt, lambda: size_of(target))

    def _probe(self, root: httpx.URL) -> str | None:
        try:
            in_background(lambda: self._client.head(root, follow_redirects=False)).result(_FIRST_ANSWER_SECONDS)
        except TimeoutError:
            return f"no answer within {_FIRST_ANSWER_SECONDS:.0f} s"
        except (httpx.TransportError, httpx.InvalidURL) as error:
            return _reason(error)
        return None

    def _persist(self, url: str, attempt: Callable[[], Result], there: Callable[[], int] = lambda: 0) -> Result:
        """Retry until it succeeds, or until `_ATTEMPTS` in a row have added nothing to the bytes that are `there`."""
        self.reach(url)
        fruitless = 0
        while True:
            before = there()
            try:
                return attempt()
            except (httpx.TransportError, _Interrupted) as error:
                fruitless = 0 if there() > before else fruitless + 1
                if fruitless == _ATTEMPTS:
                    problem = self._problems[_root(url)] = f"it breaks off again and again: {_reason(error)}"
                    raise SourceUnreachable(f"{_root(url).host} cannot be reached ({problem})") from error
                self._sleep(2.0**fruitless / 2)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ModelError(f"{_root(url).host} does not give the file ({_reason(error)})") from error


def size_of(path: Path) -> int:
    """The file's size in bytes; 0 if it does not exist."""
    return path.stat().st_size if path.is_file() else 0


class _Interrupted(Exception):
    """The transfer broke off; trying again may help."""


def _append(response: httpx.Response, target: Path, start: int, size: int | None, report: Report) -> None:
    """Write the response body into `target` from byte `start` on, never more than `size` bytes in total."""
    length = response.headers.get("Content-Length", "")
    total = start + int(length) if length.isdigit() and "Content-Encoding" not in response.headers else size
    if size is not None and total != size:
        target.unlink(missing_ok=True)
        raise HashMismatch(f"{response.url.host} offers {total:,} bytes where {size:,} are expected")
    written = start
    with target.open("ab" if start else "wb") as file:
        for chunk in response.iter_bytes():
            written += len(chunk)
            if total is not None and written > total:
                break
            file.write(chunk)
            report(written, total)
    if total is not None and written != total:
        target.unlink()
        raise HashMismatch(f"{response.url.host} sent more or less than the {total:,} bytes expected")


def _refuse_error(response: httpx.Response) -> None:
    """Raise `_Interrupted` or `ModelError` unless the response is the one asked for."""
    if response.is_success:
        return
    answer = f"{response.url.host} answers {response.status_code} {response.reason_phrase} for {response.url.path}"
    raise _Interrupted(answer) if response.status_code in _TRANSIENT_STATUSES else ModelError(answer)


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
    """The system's certificate authorities (or `SSL_CERT_FILE`), plus those configured for pip and requests."""
    context = ssl.create_default_context()
    for variable in ("PIP_CERT", "REQUESTS_CA_BUNDLE"):
        bundle = Path(environment.get(variable, ""))
        if bundle.is_file():
            context.load_verify_locations(cafile=bundle)
    return context
