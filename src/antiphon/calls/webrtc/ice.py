"""Where a call's media arrives: UDP sockets in the range that the settings allow, and the addresses told to callers.

The server never sends anything to an address that an offer names: it waits for callers, and answers those who know the
password of its answer. So a caller cannot have it probe a network, and names of mDNS need not be resolved.
"""

from __future__ import annotations

import asyncio
import copy
import random
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aioice import Candidate, Connection
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, get_host_addresses

from antiphon.calls.errors import NoFreePort

_LOOPBACK = "127.0.0.1"
_COMPONENT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How callers reach the server."""

    ports: tuple[int, int] | None = None
    """The first and the last UDP port that calls may use; None for any that the system has free."""
    public_address: str | None = None
    """The IPv4 address that callers are told besides the machine's own, if packets to it are passed on unchanged."""


def addresses() -> Sequence[str]:
    """The machine's own, as callers are told them."""
    return get_host_addresses(use_ipv4=True, use_ipv6=True) or [_LOOPBACK]


def free_ports(ports: tuple[int, int], address: str) -> int:
    """How many of the UDP ports from the first to the last are free at the address."""
    free = 0
    for port in range(ports[0], ports[1] + 1):
        try:
            _bound(address, port).close()
            free += 1
        except OSError:
            continue
    return free


def without_candidates(offer: str) -> str:
    """The offer without the addresses that it names."""
    named = ("a=candidate:", "a=end-of-candidates")
    return "".join(f"{line}\r\n" for line in offer.splitlines() if not line.startswith(named))


async def listen(ice: Connection, network: Network, on_datagram: Callable[[], None]) -> Sequence[Candidate]:
    """Open a connection's sockets, one for each of the machine's addresses, and return how they can be reached.

    `on_datagram` is called with each datagram. Raises `NoFreePort`.
    """
    candidates: list[Candidate] = []
    for address in addresses():
        endpoint = await _open(ice, address, network.ports, on_datagram)
        if endpoint is None:
            continue
        ice._protocols.append(endpoint)  # pyright: ignore[reportPrivateUsage]
        candidates.append(endpoint.local_candidate)
        if network.public_address is not None and "." in address:
            candidates.append(_at(endpoint.local_candidate, network.public_address))
    if not candidates:
        raise NoFreePort
    return candidates


class _Endpoint(StunProtocol):
    """One socket."""

    def __init__(self, ice: Connection, on_datagram: Callable[[], None]) -> None:
        super().__init__(ice)
        self._on_datagram = on_datagram

    def datagram_received(self, data: bytes | str, addr: tuple[str, int]) -> None:
        self._on_datagram()
        super().datagram_received(data, addr)


async def _open(
    ice: Connection, address: str, ports: tuple[int, int] | None, on_datagram: Callable[[], None]
) -> _Endpoint | None:
    """A socket at the address; None if there is no free port."""
    loop = asyncio.get_running_loop()
    for port in _in_some_order(ports):
        try:
            bound = _bound(address, port)
        except OSError:
            continue
        _, endpoint = await loop.create_datagram_endpoint(lambda: _Endpoint(ice, on_datagram), sock=bound)
        endpoint.local_candidate = Candidate(
            foundation=candidate_foundation("host", "udp", address),
            component=_COMPONENT,
            transport="udp",
            priority=candidate_priority(_COMPONENT, "host"),
            host=address,
            port=bound.getsockname()[1],
            type="host",
        )
        return endpoint
    return None


def _bound(address: str, port: int) -> socket.socket:
    """Raises `OSError` if somebody else has the port."""
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def _in_some_order(ports: tuple[int, int] | None) -> Iterable[int]:
    """From a random one on, so that a port that has just been freed is not used again at once."""
    if ports is None:
        return [0]
    first, last = ports
    start = random.randint(first, last)  # noqa: S311 - Whoever wants to know the port is told.
    return [*range(start, last + 1), *range(first, start)]


def _at(candidate: Candidate, address: str) -> Candidate:
    other = copy.copy(candidate)
    other.host, other.foundation = address, candidate_foundation("host", "udp", address)
    return other
