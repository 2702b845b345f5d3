"""The portal's page and the files that it loads, as they were built."""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from antiphon.api.errors import ResourceNotFound
from antiphon.api.own_address import own_prefix
from antiphon.api.portal.errors import PortalNotBuilt
from antiphon.api.portal.headers import ASSET_POLICY, page_policy

_NONCE_PLACE = "__CSP_NONCE__"
_NONCE_BYTES = 16
_FOR_EVER = "public, max-age=31536000, immutable"
_WORTH_COMPRESSING = 0.9
"""Formats that are already compressed stay larger than this."""
_CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}
"""Not left to the machine, whose own list may say anything. Browsers do not run scripts of any other type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that the page loads. Its name changes with its content."""

    content: bytes
    gzipped: bytes | None
    """None if that would save little."""
    content_type: str
    etag: str

    @classmethod
    def read(cls, path: Path) -> Self:
        content = path.read_bytes()
        gzipped = gzip.compress(content, mtime=0)
        return cls(
            content=content,
            gzipped=gzipped if len(gzipped) < _WORTH_COMPRESSING * len(content) else None,
            content_type=_CONTENT_TYPES.get(path.suffix, "application/octet-stream"),
            etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """All of them, held in memory: no path in a request can lead anywhere else."""

    index: str | None
    """None if the portal has not been built."""
    assets: Mapping[str, Asset]
    """Keyed by their paths below `assets/`."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what has been built in `folder`. Blocks."""
        index, assets = folder / "index.html", folder / "assets"
        return cls(
            index=index.read_text(encoding="utf-8") if index.is_file() else None,
            assets={
                path.relative_to(assets).as_posix(): Asset.read(path)
                for path in sorted(assets.rglob("*"))
                if path.is_file()
            },
        )

    def page(self) -> Response:
        """Raises `PortalNotBuilt`."""
        if self.index is None:
            raise PortalNotBuilt
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        return Response(
            self.index.replace(_NONCE_PLACE, nonce),
            headers={"Content-Security-Policy": page_policy(nonce)},
            media_type="text/html",
        )

    def asset(self, request: Request, name: str) -> Response:
        """Raises `ResourceNotFound`."""
        asset = self.assets.get(name)
        if asset is None:
            raise ResourceNotFound
        headers = {
            "Cache-Control": _FOR_EVER,
            "Content-Security-Policy": ASSET_POLICY,
            "ETag": asset.etag,
            "Vary": "Accept-Encoding",
        }
        if asset.etag in re.findall(r'"[^"]*"', request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = asset.content_type
        if asset.gzipped is None or not _takes_gzip(request):
            return Response(asset.content, headers=headers)
        return Response(asset.gzipped, headers=headers | {"Content-Encoding": "gzip"})


def to_portal(request: Request, *, fragment: str = "") -> Response:
    """A redirect to the portal's page, which is never anywhere else."""
    return RedirectResponse(f"{own_prefix(request)}/portal/{fragment}", status_code=303)


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = offer.replace(" ", "").lower().partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or not weight
    return False
