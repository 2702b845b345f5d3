"""Links that sign in to the portal, as `serve` and `portal` print them."""

from __future__ import annotations

ALL_ADDRESSES = frozenset({"0.0.0.0", "::"})  # noqa: S104 - nothing is bound.
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"}) | ALL_ADDRESSES


def sign_in_link(url: str, code: str) -> str:
    """The link to a server at `url`. The code is in the fragment, which browsers send to nobody."""
    return f"{url.rstrip('/')}/portal/#code={code}"


def host_for_clients(host: str) -> str:
    """The name under which a client on this machine reaches a server that listens on `host`."""
    if host in _THIS_MACHINE:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def portal_address(host: str, *, port: int, tls_port: int | None, prefix: str) -> str:
    """Where to open the portal of a server that listens on `host`.

    Browsers let a page hear the microphone on this machine, or over https.
    """
    name = host_for_clients(host)
    if name == "localhost" or tls_port is None:
        return f"http://{name}:{port}{prefix}"
    return f"https://{name}:{tls_port}{prefix}"
