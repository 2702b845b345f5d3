"""One HTTP answer into one file, from where the file ends."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from antiphon.models.digest import size_of
from antiphon.models.errors import HashMismatch, ModelError

_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})

Report = Callable[[int, int | None], None]
"""Told the bytes that are there, and those there will be (None while nobody knows)."""


class TransferStopped(Exception):
    """The transfer was called off by its caller."""


class Interrupted(Exception):
    """The transfer broke off; trying again may help."""


class Transfer:
    """Appends to `partial` what is missing of it. The server's entity tag lies beside it while it is not whole."""

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        partial: Path,
        *,
        size: int | None,
        headers: Mapping[str, str],
        report: Report,
        stop: threading.Event,
    ) -> None:
        self._client = client
        self._url = url
        self._partial = partial
        self._tag = partial.with_name(f"{partial.name}.etag")
        self._size = size
        self._headers = headers
        self._report = report
        self._stop = stop

    def run(self) -> None:
        """Make one attempt.

        Raises:
            Interrupted, httpx.TransportError: it broke off; what came is kept.
            HashMismatch: the file has another size than expected; nothing is kept.
            ModelError: the server answers with an error.
            TransferStopped: `stop` was set; what came is kept.
        """
        start = size_of(self._partial)
        with self._client.stream("GET", self._url, headers=self._request_headers(start)) as response:
            if start and _goes_elsewhere(response, start):
                self._discard()
                raise Interrupted("the server does not go on where it stopped")
            refuse_error(response)
            if start and response.status_code == 200:  # it knows no ranges, or the file has changed
                self._discard()
                start = 0
            total = self._expected_total(response, start)
            if tag := response.headers.get("ETag"):
                self._tag.write_text(tag, encoding="utf-8")
            self._append(response, start, total)
        self._tag.unlink(missing_ok=True)

    def _request_headers(self, start: int) -> dict[str, str]:
        headers = dict(self._headers)
        if start:
            headers["Range"] = f"bytes={start}-"
            tag = self._tag.read_text(encoding="utf-8") if self._tag.exists() else ""
            if tag.startswith('"'):  # a weak tag does not vouch for bytes
                headers["If-Range"] = tag
        return headers

    def _expected_total(self, response: httpx.Response, start: int) -> int | None:
        length = response.headers.get("Content-Length", "")
        if not length.isdigit() or "Content-Encoding" in response.headers:
            return self._size
        total = start + int(length)
        if self._size is not None and total != self._size:
            self._discard()
            raise HashMismatch(f"{response.url.host} offers {total:,} bytes where {self._size:,} are expected")
        return total

    def _append(self, response: httpx.Response, start: int, total: int | None) -> None:
        written = start
        with self._partial.open("ab") as file:
            for chunk in response.iter_bytes():
                if self._stop.is_set():
                    raise TransferStopped
                written += len(chunk)
                if total is not None and written > total:
                    break
                file.write(chunk)
                self._report(written, total)
        if total is not None and written != total:
            self._discard()
            raise HashMismatch(f"{response.url.host} sent more or less than the {total:,} bytes expected")

    def _discard(self) -> None:
        self._partial.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)


def refuse_error(response: httpx.Response) -> None:
    """Raise `Interrupted` or `ModelError` unless the answer is what was asked for."""
    if response.is_success:
        return
    answer = f"{response.url.host} answers {response.status_code} {response.reason_phrase} for {response.url.path}"
    if response.status_code in _TRANSIENT_STATUSES:
        raise Interrupted(answer)
    raise ModelError(answer)


def _goes_elsewhere(response: httpx.Response, start: int) -> bool:
    """Whether the answer is for another part of the file than the one from byte `start` on."""
    begins = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    wrong_part = response.status_code == 206 and (begins is None or int(begins.group(1)) != start)
    return wrong_part or response.status_code == 416
