"""Whose program is at the other end of a connection within this machine, according to Linux."""

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
"""If the program has closed the connection, the kernel would report it as root's."""


def is_of_own_user(request: Request) -> bool:
    """Whether the connecting program runs as the server's own user, on this machine. Blocks, but briefly.

    If this cannot be determined, as on systems other than Linux, the answer is no: clients admitted by this show no
    secret.
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
    """The user who owns the near end of a connection in the kernel's table, if the line is about this one."""
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
    """An end as the table has it: the address as words in the machine's byte order, in hexadecimal."""
    words, port = end.split(":")
    raw = bytes.fromhex(words)
    words_of_it = struct.unpack(f"={len(raw) // 4}I", raw)
    address = struct.pack(f"!{len(words_of_it)}I", *words_of_it)
    return _plain(ipaddress.ip_address(address)).packed, int(port, 16)


def _plain(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address, converted to IPv4 if it is IPv4 mapped to IPv6."""
    return getattr(address, "ipv4_mapped", None) or address
