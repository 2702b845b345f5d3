"""What a server and the process that has joined the cluster for it say to each other: frames of MessagePack over a
socket pair. `number` tells apart what is going on at the same time."""

from __future__ import annotations

import asyncio
import struct
from typing import TypeAlias

import msgspec

from antiphon.engines.ray.deployment import EngineDeployment

_LENGTH = struct.Struct(">I")


class Deploy(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Have the engine run on the cluster: answered with `Ended` once it does, or with `Failed`."""

    number: int
    deployment: EngineDeployment


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Answered with `Piece`s, then `Ended`, `Failed` or `Busy`."""

    number: int
    app: str
    conversation: str
    """"" for a request that any replica can answer as well."""
    request: bytes


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Nobody waits for `number` any more. Nothing answers."""

    number: int


class Joined(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The first message: the process has joined the cluster."""


class Gone(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The last message, and the first one if the cluster cannot be joined."""

    reason: str


class Piece(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int
    data: bytes


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int
    reason: str
    is_passing: bool
    """Whether it is the cluster that failed, so that the same request may succeed a moment later."""


class Busy(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    number: int


ToDriver: TypeAlias = Deploy | Ask | Cancel
ToServer: TypeAlias = Joined | Gone | Piece | Ended | Failed | Busy

_to_driver: msgspec.msgpack.Decoder[ToDriver] = msgspec.msgpack.Decoder(ToDriver)
_to_server: msgspec.msgpack.Decoder[ToServer] = msgspec.msgpack.Decoder(ToServer)


def send(writer: asyncio.StreamWriter, message: ToDriver | ToServer) -> None:
    data = msgspec.msgpack.encode(message)
    writer.writelines((_LENGTH.pack(len(data)), data))


async def read_in_driver(reader: asyncio.StreamReader) -> ToDriver:
    """Raises `IncompleteReadError` once the server has gone."""
    return _to_driver.decode(await _frame(reader))


async def read_in_server(reader: asyncio.StreamReader) -> ToServer:
    """Raises `IncompleteReadError` once the process has gone."""
    return _to_server.decode(await _frame(reader))


async def _frame(reader: asyncio.StreamReader) -> bytes:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return await reader.readexactly(length)
