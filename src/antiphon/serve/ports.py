"""Takes the server's ports before anything is loaded, so that a port in use is reported at once."""

from __future__ import annotations

import errno
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from antiphon.api.portal.links import ALL_ADDRESSES
from antiphon.errors import ConfigurationError
from antiphon.settings import Settings
from antiphon.tls.contexts import Tls, certificate_source


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsListener:
    socket: socket.socket
    tls: Tls


def take_ports(
    settings: Settings, *, host: str, port: int, tls_port: int, tls_required: bool, data: Path
) -> tuple[socket.socket, TlsListener | None]:
    """A listener for http on `port` and one for https on `tls_port` (0 for none) of `host`, with certificates in
    `data`.

    If `tls_port` is taken and https is not required, serve http only: another server may be running with the same
    defaults. Raises `ConfigurationError`.
    """
    listener = _listen(host, port, option="--port")
    if tls_port == 0:
        return listener, None
    try:
        tls_listener = _listen(host, tls_port, option="--tls-port")
    except ConfigurationError as error:
        if tls_required:
            listener.close()
            raise
        print(f"antiphon: Serving http only. {error.message}", file=sys.stderr)
        return listener, None
    hosts = () if host in ALL_ADDRESSES else (host,)
    return listener, TlsListener(socket=tls_listener, tls=Tls(certificate_source(settings.tls, data, hosts=hosts)))


def _listen(host: str, port: int, *, option: str) -> socket.socket:
    """A bound socket, to which nobody can connect before the server is ready and listens."""
    try:
        try:
            return _bind(host, port, reuse=False)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            # Perhaps only connections of a server that has just ended are lingering.
            return _bind(host, port, reuse=True)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            zero = ", or 0 for http alone" if option == "--tls-port" else ""
            raise ConfigurationError(
                f"Port {port} is in use. Stop the program that uses it, or choose another port with {option}{zero}."
            ) from None
        raise ConfigurationError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    except UnicodeError:  # Not a valid host name.
        raise ConfigurationError(f"Cannot listen on {host!r}: it is not a name or address of this machine.") from None


def _bind(host: str, port: int, *, reuse: bool) -> socket.socket:
    """A socket bound to the port. With `reuse`, others can bind it too until it listens."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(reuse))
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener
