"""The process that decodes uploads. It may be killed at any moment, and the kernel kills it if it misbehaves.

It imports little, so that it starts in a quarter of a second. Over its standard input and output it speaks a protocol
of one JSON line and a body: a request's body is the file, a reply's body the samples. If a request says "stream", the
samples come in many replies, the last of which says "end"; while nobody takes them, decoding waits. Only numbers and
text come back, so even a process that a file has taken over cannot harm the server. Nor can it harm anything else: it
knows nothing of the server's environment, and before the first file arrives, it gives up every privilege that the
kernel lets it give up.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
import wave
from collections.abc import Generator
from typing import Any, BinaryIO

from antiphon.audio.decode import DecodingLimits, decode
from antiphon.audio.errors import InvalidAudio
from antiphon.hardening.memory import give_large_blocks_back
from antiphon.hardening.sandbox import enter_sandbox, silence_errors

MEMORY_BYTES = 168 << 20
"""In total: the interpreter, 40 MB that NumPy reserves and hardly uses, the file, the samples, and what FFmpeg
allocates in between."""

ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "131072", "OPENBLAS_NUM_THREADS": "1"}
"""With these, glibc returns the memory of large files instead of keeping it, and grows the samples without a second
copy, and NumPy reserves no memory for multi-core algebra, which is not used here."""

SECONDS_BETWEEN_PIECES = 0.8
"""CPU time after which a call into FFmpeg that does not return ends the process, by SIGPROF."""

_SECONDS_A_REPLY = 5
"""Of a stream."""
_TOO_MUCH_MEMORY = "The audio file needs too much memory to decode. Send it in shorter parts."


def main() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    give_large_blocks_back()
    _warm_up()
    silence_errors()
    enter_sandbox()
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        (_stream if request["stream"] else _answer)(request, sys.stdin.buffer, sys.stdout.buffer)


def _warm_up() -> None:
    """Load what decoding would load lazily: later on, no file can be opened."""
    silence = io.BytesIO()
    with wave.open(silence, "wb") as file:
        file.setparams((2, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(4_000))
    for _ in decode(silence.getvalue(), declared_format="wav", sample_rate=16_000):
        pass


def _stream(request: dict[str, Any], requests: BinaryIO, replies: BinaryIO) -> None:
    size = _SECONDS_A_REPLY * request["sample_rate"] * 2
    waiting = bytearray()
    try:
        for piece in _pieces(request, requests):
            waiting += piece
            if len(waiting) >= size:
                _reply({"bytes": len(waiting)}, waiting, replies)
                waiting = bytearray()
        reply: dict[str, Any] = {"bytes": len(waiting), "end": True}
    except InvalidAudio as error:
        waiting, reply = bytearray(), {"refused": error.message}
    except MemoryError:
        waiting, reply = bytearray(), {"refused": _TOO_MUCH_MEMORY}
    _reply(reply, waiting, replies)


def _answer(request: dict[str, Any], requests: BinaryIO, replies: BinaryIO) -> None:
    samples = bytearray()
    try:
        samples = _decode(request, requests)
        reply = {"bytes": len(samples)}
    except InvalidAudio as error:
        reply = {"refused": error.message}
    except MemoryError:
        samples, reply = bytearray(), {"refused": _TOO_MUCH_MEMORY}
    _reply(reply, samples, replies)


def _reply(reply: dict[str, Any], samples: bytearray, replies: BinaryIO) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.write(samples)
    replies.flush()


def _decode(request: dict[str, Any], requests: BinaryIO) -> bytearray:
    samples = bytearray()
    for piece in _pieces(request, requests):
        samples += piece
    return samples


def _pieces(request: dict[str, Any], requests: BinaryIO) -> Generator[bytes]:
    pieces = decode(
        requests.read(request["bytes"]),  # Nothing else refers to it, so whatever is removed from it is freed.
        declared_format=request["declared_format"],
        sample_rate=request["sample_rate"],
        limits=DecodingLimits(**request["limits"]),
    )
    signal.setitimer(signal.ITIMER_PROF, SECONDS_BETWEEN_PIECES)
    try:
        for piece in pieces:
            yield piece
            signal.setitimer(signal.ITIMER_PROF, SECONDS_BETWEEN_PIECES)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
