"""The stubs as a server, as bare as can be, so that its own time hardly counts: `python -m … PORT`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence

import msgspec
import uvloop

from bench.engines.stubs import HEARD, SPOKEN, WORDS


def _chunk(delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    head = {"id": "chatcmpl-stub", "object": "chat.completion.chunk", "created": 0, "model": "stub"}
    return b"data: " + msgspec.json.encode({**head, "choices": [choice]}) + b"\n\n"


_EVENTS = [*(_chunk({"content": word}) for word in WORDS), _chunk({}, "stop"), b"data: [DONE]\n\n"]
_ANSWERS: Mapping[bytes, tuple[bytes, Sequence[bytes]]] = {
    b"/v1/chat/completions": (b"text/event-stream", _EVENTS),
    b"/v1/audio/transcriptions": (b"application/json", [msgspec.json.encode({"text": HEARD, "language": "english"})]),
    b"/v1/audio/speech": (b"audio/pcm", [SPOKEN.to_int16()]),
    b"/v1/models": (b"application/json", [b"{}"]),
}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_content_length(head))
            content_type, pieces = _ANSWERS[head.split(b" ", 2)[1]]
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: " + content_type + b"\r\ntransfer-encoding: chunked\r\n\r\n"
            )
            for piece in pieces:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            writer.write(b"0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _main(port: int) -> None:
    async with await asyncio.start_server(_serve, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
