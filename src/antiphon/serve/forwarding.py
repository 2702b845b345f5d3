"""Determines the client's address behind proxies."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.errors import ConfigurationError

_Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network

_RELAYED = ("x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via")
"""Headers that proxies add."""
_SECURE = {"https": True, "wss": True, "http": False, "ws": False}


class Forwarding:
    """ASGI middleware that distinguishes the client from the proxy that connects for it.

    Only proxies named in the settings are believed. Whatever the headers say, and whoever sent them, a forwarded
    request never appears to come from this machine, whose own processes may do more than others. In that case, or if no
    header can be believed, the client is None.
    """

    def __init__(self, app: ASGIApp, *, trusted_proxies: Sequence[str] = ()) -> None:
        """Raises `ConfigurationError` for anything but an address or a network."""
        self._app = app
        self._trusted = [_network(proxy) for proxy in trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            if any(name in headers for name in _RELAYED):
                scope = {**scope, **self._as_forwarded(scope, headers)}
        await self._app(scope, receive, send)

    def _as_forwarded(self, scope: Scope, headers: Headers) -> Scope:
        peer = _address(scope["client"][0]) if scope.get("client") else None
        if peer is None or not self._trusts(peer):
            return {"client": None} if peer is None or peer.is_loopback else {}
        # Each proxy appends where it got the request from, so anything before the last untrusted address is hearsay.
        addresses = map(_address, reversed(",".join(headers.getlist("x-forwarded-for")).split(",")))
        client = next((address for address in addresses if address is None or not self._trusts(address)), None)
        changes: Scope = {"client": None if client is None or client.is_loopback else (str(client), 0)}
        if (secure := _SECURE.get(headers.get("x-forwarded-proto", ""))) is not None:
            scheme = "http" if scope["type"] == "http" else "ws"
            changes["scheme"] = f"{scheme}s" if secure else scheme
        return changes

    def _trusts(self, address: _Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> _Address | None:
    """An address as proxies write it: some add a port, and then put IPv6 in brackets."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ConfigurationError(
            f"trusted_proxies has {text!r}, which is neither an address such as 10.0.0.5 nor a network such as "
            "10.0.0.0/24."
        ) from None
