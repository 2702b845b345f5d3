"""Whose program is at the other end of a connection within this machine, as Linux tells it."""

from __future__ import annotations

import ipaddress
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.requests import Request

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = "01"
"""Of a connection that its program has closed, the kernel would say that it is root's."""


def is_of_own_user(request: Request) -> bool:
    """Whether the program that has connected runs as the server's own user, on this machine. Blocks, but briefly.

    What cannot be found out, as on systems other than Linux, is not so: whoever is let in by this shows no secret.
    """
    client, server = request.scope.get("client"), request.scope.get("server")
    if not client or not server:
        return False
    ends = (_written(client), _written(server))
    if None in ends:
        return False
    return any(_user(line, ends) == os.geteuid() for line in _connections())


def _connections() -> Iterable[str]:
    for table in _TABLES:
        try:
            yield from table.read_text("ascii").splitlines()[1:]
        except OSError:
            continue


def _user(line: str, ends: tuple[Any, Any]) -> int | None:
    """The user who owns the near end of a connection in the kernel's table, if it is this one."""
    _, local, remote, state, _, _, _, user, *_ = line.split()
    is_it = state == _ESTABLISHED and (_read(local), _read(remote)) == ends
    return int(user) if is_it else None


def _written(end: tuple[str, int | None]) -> tuple[bytes, int] | None:
    try:
        address = ipaddress.ip_address(end[0])
    except ValueError:
        return None
    return None if end[1] is None else (_plain(address).packed, end[1])


def _read(end: str) -> tuple[bytes, int]:
    """An end as the table has it: the address as words in the machine's own order of bytes, in hexadecimal."""
    words, port = end.split(":")
    raw = bytes.fromhex(words)
    words_of_it = struct.unpack(f"={len(raw) // 4}I", raw)
    address = struct.pack(f"!{len(words_of_it)}I", *words_of_it)
    return _plain(ipaddress.ip_address(address)).packed, int(port, 16)


def _plain(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 address that came in the clothes of IPv6 as what it is."""
    return getattr(address, "ipv4_mapped", None) or address
