"""Records as files: one JSON line each, and the audio in formats that players support."""

from __future__ import annotations

import io
import json
import struct
import wave
from typing import Any

from antiphon.resources.records import COMPLETION, PROMPT, Record, Records
from antiphon.store.errors import BlobNotFound

_PCM16_RATE = 24_000
_G711_RATE = 8_000
_G711_FORMATS = {"g711_alaw": 6, "g711_ulaw": 7}
"""By their codes in WAV files."""


def summary(record: Record) -> dict[str, Any]:
    """A record's metadata, without anything that was said."""
    return {
        "id": record.id,
        "created_at": record.created_at.isoformat(),
        "expires_at": record.expires_at.isoformat(),
        "account_id": record.account_id,
        "deployment": record.deployment,
        "model": record.model,
        "principal": record.principal,
        "operation": record.operation,
        "stored": record.is_stored,
        "metadata": dict(record.labels),
        "prompt_tokens": record.prompt_tokens,
        "completion_tokens": record.completion_tokens,
        "audio": list(record.audio),
    }


async def whole(records: Records, record: Record) -> dict[str, Any]:
    """A whole record except its audio. Raises `SealBroken`."""
    return summary(record) | {
        "prompt": await _json(records, record, PROMPT),
        "completion": await _json(records, record, COMPLETION),
    }


async def json_line(records: Records, record: Record) -> str:
    """`whole` as a line of `records.jsonl`. Raises `SealBroken`."""
    return json.dumps(await whole(records, record), ensure_ascii=False) + "\n"


async def audio_file(records: Records, record: Record, name: str) -> tuple[str, bytes]:
    """The name and bytes of a file for the piece `name`; raw audio becomes a WAV file.

    Raises `BlobNotFound` and `SealBroken`.
    """
    data = await records.piece(record.id, name)
    stem, _, audio_format = name.rpartition(".")
    if audio_format == "pcm16":
        return f"{record.id}.{stem}.wav", _wav(data)
    if audio_format in _G711_FORMATS:
        return f"{record.id}.{stem}.wav", _g711_wav(data, _G711_FORMATS[audio_format])
    return f"{record.id}.{name}", data


async def _json(records: Records, record: Record, name: str) -> Any:
    try:
        return json.loads(await records.piece(record.id, name))
    except BlobNotFound:  # Purged at this very moment.
        return None


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_PCM16_RATE)
        writer.writeframes(samples)
    return file.getvalue()


def _g711_wav(data: bytes, format_number: int) -> bytes:
    header = struct.pack("<HHIIHHH", format_number, 1, _G711_RATE, _G711_RATE, 1, 8, 0)
    chunks = b"fmt " + struct.pack("<I", len(header)) + header + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
