"""Microsoft Entra tenants whose tokens are accepted, and the keys that they publish."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Set
from typing import Any

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from antiphon.identity.errors import IssuerUnreachable, TokenRefused

_log = logging.getLogger(__name__)

PUBLIC_AUTHORITY = "https://login.microsoftonline.com"

_CHINA_AUTHORITIES = ("https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn")
_FRESH_SECONDS = 24 * 3600.0
_BETWEEN_ATTEMPTS_SECONDS = 60.0
_BETWEEN_FIRST_ATTEMPTS_SECONDS = 5.0
"""Without any keys, nobody from that tenant can sign in, so fetching is retried more often."""
_MAX_DOCUMENT_BYTES = 1024 * 1024
_MAX_KEYS = 100
_LEAST_KEY_BITS = 2048
_CONNECT_SECONDS = 3.0
_TOTAL_SECONDS = 6.0


def create_http_client() -> httpx.AsyncClient:
    """A client for `EntraTenant`s. The caller closes it."""
    return httpx.AsyncClient(follow_redirects=False, timeout=httpx.Timeout(_TOTAL_SECONDS, connect=_CONNECT_SECONDS))


class EntraTenant:
    """One tenant. Its keys are fetched when a token first needs one, and kept until newer ones are fetched."""

    def __init__(
        self,
        tenant_id: str,
        client: httpx.AsyncClient,
        *,
        authority: str = PUBLIC_AUTHORITY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        authority = authority.rstrip("/")
        self.tenant_id = tenant_id.lower()
        self.names: Set[str] = frozenset(
            {f"{_version_1_host(authority)}/{self.tenant_id}/", f"{authority}/{self.tenant_id}/v2.0"}
        )
        self.skew_seconds = 300
        self._url = f"{authority}/{self.tenant_id}/discovery/v2.0/keys"
        self._client = client
        self._monotonic = monotonic
        self._keys: Mapping[str, RSAKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find_key(self, kid: str) -> RSAKey | None:
        """The tenant's key with that id. An unknown one is looked up at the issuer, at most once a minute.

        Raises `TokenRefused` while none of the issuer's keys is known.
        """
        key = self._keys.get(kid)
        if key is None:
            await self._refresh()
            if not self._keys:
                raise TokenRefused(f"the keys of its issuer cannot be fetched from {self._url}")
            return self._keys.get(kid)
        if self._monotonic() > self._fetched_at + _FRESH_SECONDS:
            self._begin_to_fetch()  # Nobody waits: the known keys serve until newer ones arrive.
        return key

    async def close(self) -> None:
        """Cancel a fetch in progress."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    async def _refresh(self) -> None:
        fetching = self._begin_to_fetch()
        if fetching is not None:
            await asyncio.shield(fetching)  # If a client disconnects, the fetch continues for the others waiting.

    def _begin_to_fetch(self) -> asyncio.Task[None] | None:
        """The fetch in progress, or a new one; None if the last one was a moment ago."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        pause = _BETWEEN_ATTEMPTS_SECONDS if self._keys else _BETWEEN_FIRST_ATTEMPTS_SECONDS
        if self._monotonic() < self._tried_at + pause:
            return None
        self._tried_at = self._monotonic()
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(_TOTAL_SECONDS):
                self._keys = _read_keys(await self._document())
            self._fetched_at = self._monotonic()
        except (httpx.HTTPError, IssuerUnreachable, TimeoutError) as error:
            _log.warning(
                "The keys of the tenant %s cannot be fetched from %s (%s: %s). %s",
                self.tenant_id,
                self._url,
                type(error).__name__,
                error,
                "Those fetched before remain in use." if self._keys else "Its tokens are refused until they can.",
            )

    async def _document(self) -> bytes:
        async with self._client.stream("GET", self._url, headers={"Accept": "application/json"}) as response:
            if not response.is_success:
                raise IssuerUnreachable(f"it answered {response.status_code}")
            document = bytearray()
            async for chunk in response.aiter_bytes():
                document += chunk
                if len(document) > _MAX_DOCUMENT_BYTES:
                    raise IssuerUnreachable("its answer is larger than a megabyte")
        return bytes(document)


def _version_1_host(authority: str) -> str:
    """The issuer of v1 tokens in that cloud."""
    return "https://sts.chinacloudapi.cn" if authority in _CHINA_AUTHORITIES else "https://sts.windows.net"


def _read_keys(document: bytes) -> Mapping[str, RSAKey]:
    """The keys in a JWK set that may sign with RS256. Raises `IssuerUnreachable` if there are none."""
    try:
        keys = msgspec.json.decode(document, type=dict[str, Any]).get("keys")
    except msgspec.DecodeError as error:
        raise IssuerUnreachable("its answer is not JSON") from error
    found: dict[str, RSAKey] = {}
    for key in keys[:_MAX_KEYS] if isinstance(keys, list) else ():
        if isinstance(key, dict) and isinstance(kid := key.get("kid"), str) and (usable := _usable(key)):
            found[kid] = usable
    if not found:
        raise IssuerUnreachable("its answer contains no key for RS256")
    return found


def _usable(key: dict[str, Any]) -> RSAKey | None:
    if key.get("kty") != "RSA" or key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
        return None
    try:
        usable = RSAKey.import_key({"kty": "RSA", "n": key["n"], "e": key["e"]})
    except (JoseError, KeyError, TypeError, ValueError):
        return None
    return usable if usable.raw_value.key_size >= _LEAST_KEY_BITS else None
